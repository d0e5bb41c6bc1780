"""A person is invited by a link that works once, may be suspended, and gets another where a way was lost.

The link is shown to who invites and to nobody else: the hub keeps its digest. Whoever opens it sees who is
meant; it is used up only when that is confirmed, so that a mail program that looks at links uses up none.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from hub.access.approvals import end_approvals
from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import OPERATOR, CentreId
from hub.kernel.refusal import Refusal
from hub.people import store
from hub.people.casework import keys, subscribing
from hub.people.key import EndedBecause
from hub.people.office import Counter
from hub.people.person import Person, PersonId, PersonRole, PersonState, fits, left
from hub.people.tables import Door
from hub.plumbing.database import act_for
from saikne_schemas.person_keys import Act

LINK_LIVES = timedelta(days=3)


class LinkOver(Refusal):
    """It was used, another one was made since, or its days are over."""

    code = "people.link-over"


class EmailTaken(Refusal):
    """Of whom, is not said: it may be a person of another centre."""

    code = "people.email-taken"


class PersonUnknown(Refusal):
    code = "people.unknown"


class RoleDoesNotFit(Refusal):
    """Overseers are oversight's, operators of no centre, and all others a centre's."""

    code = "people.role-does-not-fit"


class NotYourself(Refusal):
    """Nobody suspends or demotes himself: the centre would be without a coordinator."""

    code = "people.not-yourself"


@dataclass(frozen=True, slots=True)
class Link:
    person: Person
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    name: str
    position: str
    email: str
    role: PersonRole
    acts: frozenset[Act] | None = None
    """Fewer than the role has, where any are named."""
    language: str = "lv"


async def invite(counter: Counter, centre: CentreId, who: Newcomer, by: PersonId | None) -> Link:
    """Enter a person and make the link. The transaction acts for the centre; `by`: None for the operator."""
    person = Person(
        centre=centre,
        id=PersonId(uuid4()),
        name=who.name,
        position=who.position,
        email=who.email,
        role=who.role,
        acts=left(who.role, who.acts),
        state=PersonState.INVITED,
        language=who.language,
    )
    await store.add(counter.tx, person, counter.now)
    if not await store.open_door(counter.tx, Door.EMAIL, store.email_shown(person.email), person):
        raise EmailTaken
    link = await _linked(counter, person)
    await _noted(counter, EventKind.PERSON_INVITED, person, by, role=person.role.value)
    return link


async def invite_by_operator(counter: Counter, centre: CentreId, who: Newcomer) -> Link:
    """The first of a centre, of oversight, or of those who keep the hub."""
    at = (await centres.find(counter.tx, [centre])).get(centre)
    if (at is None and centre != OPERATOR) or not fits(
        who.role, centre, overseeing=at is not None and at.role is CentreRole.OVERSIGHT
    ):
        raise RoleDoesNotFit(role=who.role.value)
    return await invite(counter, centre, who, None)


async def invite_again(counter: Counter, centre: CentreId, whom: PersonId, by: PersonId | None) -> Link:
    """Another link, where the first has lapsed or every way to sign in was lost; earlier ones end."""
    person = await known(counter, centre, whom)
    if person.state is PersonState.SUSPENDED:
        raise PersonUnknown
    link = await _linked(counter, person)
    await _noted(counter, EventKind.PERSON_INVITED, person, by, role=person.role.value, again=True)
    return link


async def _linked(counter: Counter, person: Person) -> Link:
    token, expires_at = secrets.token_urlsafe(32), counter.now + LINK_LIVES
    await store.close_doors(counter.tx, Door.LINK, person.centre, person.id)
    await store.open_door(counter.tx, Door.LINK, token.encode(), person, expires_at)
    return Link(person, token, expires_at)


async def meant_by(counter: Counter, token: str) -> Link:
    """Whom a link invites; it stays whole. The transaction acts for that centre from here on."""
    row = await store.behind(counter.tx, Door.LINK, token.encode())
    if row is None or row.expires_at is None or row.expires_at < counter.now:
        raise LinkOver
    await act_for(counter.tx, [row.centre_id])
    person = await known(counter, row.centre_id, row.person_id)
    if person.state is PersonState.SUSPENDED:
        raise LinkOver
    return Link(person, token, row.expires_at)


async def use_up(counter: Counter, token: str) -> Person:
    """Of two who come with one link, one comes in."""
    person = (await meant_by(counter, token)).person
    if not await store.close_door(counter.tx, Door.LINK, token.encode()):
        raise LinkOver
    return person


async def known(counter: Counter, centre: CentreId, whom: PersonId) -> Person:
    row = await store.find(counter.tx, centre, whom)
    if row is None:
        raise PersonUnknown
    return store.person_of(row)


async def suspend(counter: Counter, centre: CentreId, whom: PersonId, by: PersonId | None) -> Person:
    """From the next look on the person is out; whatever it had open ends, and its keys for good."""
    if whom == by:
        raise NotYourself
    person = await known(counter, centre, whom)
    await store.change(counter.tx, centre, whom, state=PersonState.SUSPENDED.value)
    await store.end_sessions(counter.tx, centre, whom)
    await store.close_doors(counter.tx, Door.LINK, centre, whom)
    await store.close_doors(counter.tx, Door.FEED, centre, whom)
    await subscribing.remove_all(counter, person)
    await keys.end_all(counter, centre, whom, EndedBecause.PERSON_SUSPENDED, by)
    await _noted(counter, EventKind.PERSON_SUSPENDED, person, by)
    return replace(person, state=PersonState.SUSPENDED)


async def resume(counter: Counter, centre: CentreId, whom: PersonId, by: PersonId | None) -> Person:
    """With the ways to sign in that it had; without any it is invited again."""
    row = await store.find(counter.tx, centre, whom)
    if row is None:
        raise PersonUnknown
    state = PersonState.ACTIVE if await store.has_a_way(counter.tx, row) else PersonState.INVITED
    await store.change(counter.tx, centre, whom, state=state.value)
    person = replace(store.person_of(row), state=state)
    await _noted(counter, EventKind.PERSON_RESUMED, person, by)
    return person


@dataclass(frozen=True, slots=True)
class Given:
    """What a person may from now on."""

    role: PersonRole
    acts: frozenset[Act] | None


async def may_do(counter: Counter, centre: CentreId, whom: PersonId, given: Given, by: PersonId) -> Person:
    """Give another role, or fewer acts. What the person has let a system do rested on the ones before."""
    if whom == by:
        raise NotYourself
    person = await known(counter, centre, whom)
    changed = replace(person, role=given.role, acts=left(given.role, given.acts))
    role = changed.role.value
    await store.change(counter.tx, centre, whom, role=role, acts=sorted(changed.acts))
    await end_approvals(counter.tx, centre, whom)
    await _noted(counter, EventKind.PERSON_ROLE_CHANGED, changed, by, role=role)
    return changed


async def _noted(
    counter: Counter, kind: EventKind, person: Person, by: PersonId | None, **facts: Fact
) -> None:
    """On the centre's chain: which person of the hub, never its name."""
    said = {"person": str(person.id), "by": str(by) if by else None, **facts}
    await record(counter.tx, kind, [person.centre], None, said)
