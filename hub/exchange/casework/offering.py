"""The previous centre tells, unasked, what the next one must know before a child moves (method S106).

The same exchange as one that was asked for, opened by its holder: declared, sent, confirmed and disputed in
the same way. Nobody owes anything by a day, so there is no duty (domain 1.2).
"""

from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.evidence.event import EventKind
from hub.exchange import offer as rules
from hub.exchange import quotas, store
from hub.exchange.casework.asking import TooManyOpen, identity_of, sides
from hub.exchange.casework.statements import Desk, Taken, keep, notice
from hub.kernel.ids import CentreId
from hub.passwords.channels import route
from hub.plumbing.rows import Rows
from hub.signing.statement import SignedStatement
from hub.web.limits import NOT_SOON
from saikne_schemas.offers import Offer
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState, Purpose


async def offer(desk: Desk, caller: CentreId, statement: SignedStatement, manifest: Offer) -> Accepted:
    """Acts for both sides and oversight. Raises `IdentityReused` where the statement was taken before."""
    receiver = CentreId(manifest.receiver)
    at_most = desk.limits.open_requests
    known = await centres.find_reachable(desk.tx, [caller, receiver], also=quotas.offered_to(at_most))
    told = known[receiver].centre if receiver in known else None
    takes_part = told is not None and told.active and told.role is CentreRole.CENTRE
    rules.check(manifest, caller=caller, receiver_is_active_centre=takes_part)
    if known[caller].also >= at_most:
        raise TooManyOpen(NOT_SOON, open=known[caller].also)
    way = route(manifest.receipt, known[receiver].contacts)
    identity = identity_of(caller, manifest.id)
    shared: dict[str, object] = {
        "exchange_id": identity,
        "requester_id": receiver,
        "holder_id": caller,
        "kind": ExchangeKind.CHILD_INFORMATION.value,
        "state": ExchangeState.REQUESTED.value,
        "requested_at": desk.now,
        "moved_at": desk.now,
    }
    content: dict[str, object] = {
        "family": None,
        "children": [manifest.child],
        "legal_basis": manifest.legal_basis.value,
        "purpose": Purpose.CARE_OF_PLACED_CHILD.value,
        "channel": way.delivery.value,
        "password_channel": way.password_channel.value,
        "archive_address": way.archive_address,
        "password_address": way.password_address,
    }
    first = [sides(shared, None), notice(desk.tx, identity, receiver, "offer_received")]
    then = [Rows(store.exchange, [shared | content])]
    taken = Taken(
        exchange=identity,
        author=caller,
        identity=manifest.id,
        kind=manifest.schema_,
        event=EventKind.INFORMATION_OFFERED,
        state=ExchangeState.REQUESTED,
        facts={},
    )
    return await keep(desk, taken, statement, [caller, receiver], first=first, then=then)
