"""The operator registers a centre's own OpenID provider, gives it another secret, and takes it away again.

What the hub shows there as its secret lies covered by the hub's wrapping key and is shown to nobody. People's
accounts are of one issuer: another one takes its place only after it was taken away, and they with it.
"""

from dataclasses import dataclass

from hub.centres.casework import known
from hub.centres.centre import Centre
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import CentreId
from hub.kernel.secret import Secret
from hub.people import store
from hub.people.office import Counter
from hub.people.provider import Discovered, OtherIssuer, ProviderUnknown
from hub.signing.store import Safe, cover


@dataclass(frozen=True, slots=True)
class Given:
    """By what the provider knows the hub."""

    client_id: str
    secret: Secret


async def register(counter: Counter, safe: Safe, centre: CentreId, given: Given, found: Discovered) -> Centre:
    """From now on people of the centre may sign in there. The transaction acts for it."""
    whose = await known(counter.tx, centre)
    before = {row.centre_id: row.issuer for row in await store.every_provider(counter.tx)}
    if before.get(centre, found.issuer) != found.issuer:
        raise OtherIssuer
    row = {
        "centre_id": centre,
        "issuer": found.issuer,
        "client_id": given.client_id,
        "secret": await cover(counter.tx, safe, given.secret, store.provider_bound_to(centre)),
        "hosts": sorted(found.hosts),
        "registered_at": counter.now,
    }
    await store.put_provider(counter.tx, row)
    facts: dict[str, Fact] = {"issuer": found.issuer, "hosts": " ".join(sorted(found.hosts))}
    await record(counter.tx, EventKind.PROVIDER_REGISTERED, [centre], None, facts)
    return whose


async def remove(counter: Counter, centre: CentreId) -> Centre:
    """Every account there ends with it, and who is in by one is out."""
    whose = await known(counter.tx, centre)
    if not await store.remove_provider(counter.tx, centre):
        raise ProviderUnknown
    await record(counter.tx, EventKind.PROVIDER_REMOVED, [centre], None, {})
    return whose
