"""Signing in and out: by passkey, or by e-mail, password and code; proving it again; the pages' language.

By an account at the person's own organisation: `organisation`.
"""

from collections.abc import Mapping
from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from hub.board.board import Board
from hub.board.routes.forms import document_of, form_of
from hub.board.routes.visits import Visit, local, signed_in, visit, with_next
from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Outage, Refusal
from hub.kernel.secret import Secret
from hub.people import store
from hub.people.casework import codes, passkeys, sessions
from hub.people.casework.codes import Tried
from hub.people.casework.passkeys import Answer, PasskeyNotTaken
from hub.people.person import Person
from hub.people.session import How, Wrong
from hub.web.calls import Http, HttpAnswer
from hub.web.status import STATUS
from hub.wording.catalogue import LANGUAGES, sentence


@get("/sign-in")
async def show_sign_in(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await visit(board, request)
    return await show_door(looking, request.query_params.get("next") or "/")


async def show_door(looking: Visit, following: str, refusal: Refusal | Outage | None = None) -> HttpAnswer:
    """Every way in; those who have an account at their organisation find it by its name."""
    async with looking.board.people.counter() as counter:
        found = await store.organisations(counter.tx)
    places = [
        (name, with_next(f"/sign-in/organisation/{centre}", local(following))) for centre, name in found
    ]
    return _door(looking, following, refusal, {"again": None, "organisations": places})


def _door(
    looking: Visit, following: str, refusal: Refusal | Outage | None, facts: Mapping[str, object]
) -> HttpAnswer:
    common = {
        "next": local(following),
        "refused": sentence(refusal.code, looking.speech.language) if refusal else None,
        "typed": isinstance(refusal, Wrong),
    }
    return looking.page("sign-in", common | dict(facts), STATUS[refusal.code] if refusal else 200)


@post("/sign-in", status_code=303)
async def sign_in(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """By e-mail, password and code."""
    looking = await visit(board, request)
    looking.require_own()
    said = await form_of(request)
    tried = Tried(said.field("email"), Secret(said.field("password")), said.field("code"))
    following = local(said.field("next") or "/")
    try:
        person = await codes.shown(board.people, tried)
    except Wrong as wrong:
        return await show_door(looking, following, wrong)
    return await entered(looking, person, How.CODE, looking.to(following))


async def entered(
    looking: Visit, person: Person, how: How, answer: HttpAnswer, proved_at: datetime | None = None
) -> HttpAnswer:
    """The session before ends; whoever proves it again goes on in a new one."""
    before = looking.request.cookies.get(looking.board.cookie) if looking.session else None
    async with looking.board.people.counter_of(person) as counter:
        cookie = await sessions.begin(counter, person, how, before, proved_at=proved_at)
    return looking.holding(answer, cookie)


@post("/sign-in/passkey/options", status_code=200)
async def ask_for_passkey(board: NamedDependency[Board], request: Http) -> JsonObject:
    looking = await visit(board, request)
    looking.require_own()
    async with board.people.counter() as counter:
        return await passkeys.ask_to_show(counter, board.people)


@post("/sign-in/passkey", status_code=200)
async def show_passkey(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await visit(board, request)
    looking.require_own()
    answer = answered(await document_of(request))
    async with board.people.counter() as counter:
        person = await passkeys.shown(counter, board.people, answer)
    return await entered(looking, person, How.PASSKEY, Response({"ok": True}))


def answered(said: JsonObject) -> Answer:
    """What our own script sends; anything else is refused as a device's wrong word."""
    if not isinstance(said.get("answer"), dict):
        raise PasskeyNotTaken
    return Answer(str(said.get("errand", "")), said["answer"], str(said.get("label", "")))


@get("/prove")
async def show_prove(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """For what is dangerous: the same doors, for somebody who is in already."""
    looking = await signed_in(board, request)
    return await show_proving(looking, request.query_params.get("next") or "/")


async def show_proving(looking: Visit, following: str, refusal: Refusal | Outage | None = None) -> HttpAnswer:
    """With the own organisation, for whoever has an account there."""
    person = looking.person
    async with looking.board.people.counter_of(person) as counter:
        held = await store.accounts_of(counter.tx, person.centre, person.id)
        found = dict(await store.organisations(counter.tx)) if held else {}
    own = found.get(person.centre)
    places = [(own, with_next("/prove/organisation", local(following)))] if own else []
    return _door(looking, following, refusal, {"again": person.name, "organisations": places})


@post("/sign-out", status_code=303)
async def sign_out(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await visit(board, request)
    said = await looking.form()
    if looking.session is not None:
        async with board.people.counter_of(looking.person) as counter:
            if said.field("everywhere"):
                await sessions.end_everywhere(counter, looking.person)
            await sessions.end(counter, looking.session)
    return looking.forgetting(looking.to("/sign-in"))


@get("/language/{language:str}")
async def speak(board: NamedDependency[Board], request: Http, language: FromPath[str]) -> HttpAnswer:
    """From here on; whatever the browser prefers."""
    looking = await visit(board, request)
    answer = looking.to(local(request.query_params.get("next") or "/"))
    return looking.speaking(answer, language if language in LANGUAGES else LANGUAGES[0])


DOORS = (
    *(show_sign_in, sign_in, ask_for_passkey, show_passkey),
    *(show_prove, sign_out, speak),
)
