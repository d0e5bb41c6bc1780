"""The people of a centre, for whoever may manage them: invite, another link, role, suspend, let in again."""

from base64 import urlsafe_b64encode
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import TypeAdapter, ValidationError

from hub.board.board import Board
from hub.board.routes.forms import Form
from hub.board.routes.keys import approving, of_people
from hub.board.routes.visits import Visit, signed_in
from hub.centres import store as centres
from hub.kernel.refusal import Refusal
from hub.people import store, subscriptions
from hub.people.casework import inviting
from hub.people.casework.inviting import EmailTaken, Given, Link, Newcomer
from hub.people.office import Counter
from hub.people.person import MAY, NotAllowed, PersonId, PersonRole, PersonState
from hub.web.calls import Http, HttpAnswer
from hub.wording.catalogue import LANGUAGES, sentence
from saikne_schemas.enrolment import Email
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.person_keys import Act

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)


class FieldMissing(Refusal):
    """A name, a position or an address is not there, or is none."""

    code = "people.field-missing"


@get("/people")
async def show_people(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    return await _shown(await _manager(board, request))


async def _manager(board: Board, request: Http) -> Visit:
    looking = await signed_in(board, request)
    looking.person.require(Act.MANAGE_PEOPLE)
    return looking


async def _shown(
    looking: Visit, link: Link | None = None, refusal: Refusal | None = None, status: int = 200
) -> HttpAnswer:
    manager = looking.person
    async with looking.board.people.counter_of(manager) as counter:
        rows = await store.of_centre(counter.tx, manager.centre)
        keys = await of_people(counter, manager)
        browsers = await subscriptions.of_centre(counter.tx, manager.centre)
        found = await centres.names(counter.tx, [manager.centre])
    facts = {
        "people": [store.person_of(row) for row in rows],
        "centre": found.get(manager.centre, ""),
        "roles": manager.may_have(),
        "may": {role: sorted(MAY[role]) for role in manager.may_have()},
        "State": PersonState,
        "keys": keys,
        "browsers": [(urlsafe_b64encode(one.digest).decode(), one) for one in browsers],
        "own_keys": approving(keys.get(manager.id, ())),
        "link": link and f"{looking.board.people.public_url}/welcome/{link.token}",
        "invited": link,
        "refused": sentence(refusal.code, looking.speech.language) if refusal else None,
    }
    return looking.page("people", facts, status)


@post("/people", status_code=200)
async def invite(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """The link is shown once, to whoever invites: he gives it to the person himself."""
    looking = await _manager(board, request)
    said = await looking.form()
    looking.require_proof()
    try:
        newcomer = _newcomer(looking, said)
        async with board.people.counter_of(looking.person) as counter:
            link = await inviting.invite(counter, looking.person.centre, newcomer, looking.person.id)
    except (EmailTaken, FieldMissing) as wrong:
        return await _shown(looking, refusal=wrong, status=422)
    return await _shown(looking, link)


def _newcomer(looking: Visit, said: Form) -> Newcomer:
    role = _role(looking, said.field("role"))
    try:
        known = AuthorisedPerson(name=said.field("name"), position=said.field("position"))
        email = _EMAIL.validate_python(said.field("email"))
    except ValidationError:
        raise FieldMissing from None
    language = said.field("language")
    return Newcomer(
        name=known.name,
        position=known.position,
        email=email,
        role=role,
        acts=_acts(said, role),
        language=language if language in LANGUAGES else LANGUAGES[0],
    )


def _role(looking: Visit, wished: str) -> PersonRole:
    role = next((one for one in looking.person.may_have() if one == wished), None)
    if role is None:
        raise NotAllowed(act=Act.MANAGE_PEOPLE.value)
    return role


def _acts(said: Form, role: PersonRole) -> frozenset[Act] | None:
    """Those that were ticked; all of the role's where the form shows none."""
    if not said.field("chosen"):
        return None
    ticked = set(said.every("act"))
    return frozenset(act for act in MAY[role] if act in ticked)


@post("/people/{identity:uuid}", status_code=303)
async def change(board: NamedDependency[Board], request: Http, identity: FromPath[UUID]) -> HttpAnswer:
    """One person of the manager's own centre: what is to happen stands on the button."""
    looking = await _manager(board, request)
    said = await looking.form()
    looking.require_proof()
    async with board.people.counter_of(looking.person) as counter:
        link = await _done(looking, counter, PersonId(identity), said)
    return await _shown(looking, link) if link else looking.to("/people")


async def _done(looking: Visit, counter: Counter, whom: PersonId, said: Form) -> Link | None:
    """By the button that was pressed."""
    centre, by, deed = looking.person.centre, looking.person.id, said.field("deed")
    if deed == "link":
        return await inviting.invite_again(counter, centre, whom, by)
    if deed == "suspend":
        await inviting.suspend(counter, centre, whom, by)
    elif deed == "resume":
        await inviting.resume(counter, centre, whom, by)
    elif deed == "role":
        role = _role(looking, said.field("role"))
        await inviting.may_do(counter, centre, whom, Given(role, _acts(said, role)), by)
    else:
        raise FieldMissing
    return None


PEOPLE = (show_people, invite, change)
