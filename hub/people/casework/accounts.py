"""A person signs in by an account at the organisation's own OpenID provider, which was bound to it before.

Source: OpenID Connect Core 1.0 (3.1); RFC 6749, 7636, 9207; board.md 2. An account there is none here: issuer
and subject have to be known, and are bound only by who is proved here already, by an invitation or anew. The
database keeps a digest of them. No transaction is open while the provider is waited for.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.people import id_token, journey, store
from hub.people.casework import ways
from hub.people.casework.passkeys import LastWayIn
from hub.people.casework.sessions import key_of
from hub.people.gateways.providers import Brought
from hub.people.id_token import Wanted
from hub.people.journey import BACK_WITHIN, ReturnUnknown, Ticket, Wish
from hub.people.office import Counter, PeopleOffice
from hub.people.person import Person, PersonState
from hub.people.provider import Declined, Discovered, NotBelieved, Provider, ProviderAway, ProviderUnknown
from hub.people.tables import Door
from hub.plumbing.aside import aside
from hub.plumbing.database import act_for

log = structlog.get_logger(__name__)

_PASSES = frozenset({"server_error", "temporarily_unavailable"})
_DECLINED = frozenset(
    {
        *("access_denied", "login_required", "interaction_required", "consent_required"),
        *("account_selection_required", "invalid_request", "unauthorized_client", "invalid_scope"),
        *("unsupported_response_type", "request_not_supported", "request_uri_not_supported"),
    }
)
"""What a provider may answer (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6): anything else is not logged."""


class AccountUnknown(Refusal):
    """Nobody here has this account, or who has it is suspended: which of the two, is not said."""

    code = "people.account-unknown"


class AccountTaken(Refusal):
    """It leads to somebody of this centre already."""

    code = "people.account-taken"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who goes to the provider."""

    address: str
    host: str
    held: str = field(repr=False)
    """By the browser, until it is back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brings back from the provider."""

    centre: CentreId
    """Whose provider it comes from, by the address that it came to."""
    held: str = field(repr=False)
    state: str
    code: str = field(repr=False)
    error: str
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """Who has come, as the provider proves it."""

    wish: Wish
    subject: str
    authenticated_at: datetime | None

    @property
    def account(self) -> bytes:
        """What is shown at the door: at each centre another."""
        return json.dumps([str(self.wish.centre), self.wish.issuer, self.subject]).encode()


async def leave(office: PeopleOffice, wish: Wish) -> Leaving:
    """Let a browser go to the provider of the centre that the wish names."""
    provider = await _registered(office, wish.centre)
    found = await office.providers.known(provider)
    ticket, gone = Ticket.new(), replace(wish, issuer=provider.issuer)
    async with office.counter() as counter:
        await store.leave(counter.tx, key_of(ticket.held), gone.written(), counter.now + BACK_WITHIN)
    to = journey.address(found, provider.client_id, office.back(wish.centre), ticket, wish.purpose)
    return Leaving(to, to.split("/")[2], ticket.held)


async def taken_up(office: PeopleOffice, answer: Answer) -> Wish:
    """Why the browser went; from here on the answer has counted.

    1. The state is of this browser: whoever has none uses up nobody's journey.
    2. The journey ends, and is not begun anew by the same answer.
    3. It was to this centre's provider.
    """
    ticket = Ticket(answer.held)
    if not ticket.fits(answer.state):
        raise ReturnUnknown
    async with office.counter() as counter:
        said = await store.take(counter.tx, key_of(ticket.held), counter.now)
    if said is None or "purpose" not in said:
        raise ReturnUnknown
    wish = Wish.read(said)
    if wish.centre != answer.centre:
        raise ReturnUnknown
    return wish


async def shown(office: PeopleOffice, wish: Wish, answer: Answer) -> Shown:
    """Who has come, or why nobody has.

    1. The answer is of the provider that was gone to: still the centre's, and by its name (RFC 9207).
    2. The provider let somebody in.
    3. It gives its token for the code, the verifier and the hub's secret.
    4. The token is signed by a key of its own, for this hub and this journey, in time.
    5. The provider asked the person lately enough for what is wished.
    """
    provider = await _registered(office, wish.centre)
    if provider.issuer != wish.issuer:
        raise ReturnUnknown
    found = await office.providers.known(provider)
    if (found.names_itself or answer.issuer is not None) and answer.issuer != provider.issuer:
        log.warning("provider not believed", issuer=provider.issuer, why="iss")
        raise NotBelieved(why="iss")
    _require_let_in(answer, provider)
    ticket = Ticket(answer.held)
    brought = Brought(answer.code, ticket.verifier, office.back(wish.centre))
    try:
        token = await office.providers.id_token(provider, found, brought)
        proved = await _proved(office, provider, found, token, ticket.nonce)
    except NotBelieved as wrong:
        log.warning("provider not believed", issuer=provider.issuer, why=wrong.facts["why"])
        raise
    wish.require_fresh(proved.authenticated_at, clock.now())
    return Shown(wish, proved.subject, proved.authenticated_at)


async def _proved(
    office: PeopleOffice, provider: Provider, found: Discovered, token: str, nonce: str
) -> id_token.Proved:
    keys = await office.providers.keys(provider, found, token)
    wanted = Wanted(provider.issuer, provider.client_id, nonce, clock.now())
    return await aside(lambda: id_token.prove(token, keys, wanted))


def _require_let_in(answer: Answer, provider: Provider) -> None:
    if answer.error:
        known = answer.error if answer.error in _DECLINED | _PASSES else "another"
        log.info("provider declined", issuer=provider.issuer, error=known)
        raise ProviderAway if answer.error in _PASSES else Declined
    if not answer.code:
        raise Declined


async def _registered(office: PeopleOffice, centre: CentreId) -> Provider:
    async with office.counter() as counter:
        row = await store.find_provider(counter.tx, centre)
    if row is None:
        raise ProviderUnknown
    secret = office.keyring.unwrap(row.secret, store.provider_bound_to(centre))
    return Provider(centre, row.issuer, row.client_id, secret, frozenset(row.hosts))


async def known(counter: Counter, who: Shown) -> Person:
    """Whose account it is; the transaction acts for the centre from here on."""
    door = await store.behind(counter.tx, Door.ACCOUNT, who.account)
    if door is None or door.centre_id != who.wish.centre:
        raise AccountUnknown
    await act_for(counter.tx, [door.centre_id])
    row = await store.find(counter.tx, door.centre_id, door.person_id)
    if row is None or row.state != PersonState.ACTIVE:
        raise AccountUnknown
    if who.wish.person not in {None, row.person_id}:
        raise AccountUnknown
    if not await store.used_account(counter.tx, row.tenant_id, door.digest, counter.now):
        raise AccountUnknown
    return store.person_of(row)


async def keep(counter: Counter, person: Person, who: Shown) -> None:
    """The account becomes a way of the person's, who belongs to the centre and has it alone there."""
    if who.wish.person != person.id or who.wish.centre != person.centre:
        raise ReturnUnknown
    if not await store.open_door(counter.tx, Door.ACCOUNT, who.account, person):
        raise AccountTaken
    await store.add_account(
        counter.tx,
        {
            "tenant_id": person.centre,
            "digest": store.digest_of(Door.ACCOUNT, who.account),
            "person_id": person.id,
            "issuer": who.wish.issuer,
            "made_at": counter.now,
            "used_at": None,
        },
    )
    await store.change(counter.tx, person.centre, person.id, state=PersonState.ACTIVE.value)
    await ways.added(counter, person, "account")


async def remove(counter: Counter, person: Person, digest: bytes) -> None:
    """The last way in stays until there is another."""
    row = await store.find(counter.tx, person.centre, person.id)
    if row is None or not await store.has_a_way(counter.tx, row, but=digest):
        raise LastWayIn
    if await store.remove_account(counter.tx, person, digest):
        await ways.removed(counter, person, "account")
