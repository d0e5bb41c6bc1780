"""The first visit: an invitation is confirmed, a way to sign in set up; later ones are added here too."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit

import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from hub.board.board import Board
from hub.board.routes.doors import answered, entered
from hub.board.routes.forms import document_of
from hub.board.routes.visits import Visit, visit
from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Outage, Refusal
from hub.kernel.secret import Secret
from hub.people import store
from hub.people.casework import codes, inviting, passkeys
from hub.people.casework.codes import CodeWrong, NewKey, PasswordTooShort, Tried
from hub.people.session import How, NotSignedIn
from hub.web.calls import Http, HttpAnswer
from hub.web.status import STATUS
from hub.wording.catalogue import sentence


@get("/welcome/{token:str}")
async def show_welcome(board: NamedDependency[Board], request: Http, token: FromPath[str]) -> HttpAnswer:
    """Who is meant. Looking uses up nothing: mail programs look at links too."""
    looking = await visit(board, request)
    async with board.people.counter() as counter:
        link = await inviting.meant_by(counter, token)
    return looking.page("welcome", {"meant": link.person, "until": link.expires_at, "link": token})


@post("/welcome/{token:str}", status_code=303)
async def enter(board: NamedDependency[Board], request: Http, token: FromPath[str]) -> HttpAnswer:
    looking = await visit(board, request)
    looking.require_own()
    async with board.people.counter() as counter:
        person = await inviting.use_up(counter, token)
    suffices = board.people.link_suffices
    how, following = (How.LOOK, "/") if suffices else (How.LINK, "/ways")
    return await entered(looking, person, how, looking.to(following))


@get("/ways")
async def show_ways(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """By what the visitor signs in, and what may be added."""
    return await show_held(await somebody(board, request))


async def somebody(board: Board, request: Http) -> Visit:
    """Signed in, or come by an invitation."""
    looking = await visit(board, request)
    if looking.session is None:
        raise NotSignedIn(next="/ways")
    return looking


async def show_held(looking: Visit, refusal: Refusal | Outage | None = None) -> HttpAnswer:
    """The ways that the visitor has, and what may be added."""
    person = looking.person
    async with looking.board.people.counter_of(person) as counter:
        held = await store.passkeys_of(counter.tx, person.centre, person.id)
        row = await store.find(counter.tx, person.centre, person.id)
        accounts = await store.accounts_of(counter.tx, person.centre, person.id)
        provider = await store.find_provider(counter.tx, person.centre)
        new = await codes.ask_to_add(counter, looking.board.people, person)
    picture, size = _picture(new)
    facts = {
        "passkeys": [(urlsafe_b64encode(one.passkey_id).decode(), one) for one in held],
        "accounts": [(urlsafe_b64encode(one.digest).decode(), one) for one in accounts],
        "host": urlsplit(provider.issuer).netloc if provider else None,
        "by_code": row is not None and row.password is not None,
        "new": new,
        "picture": picture,
        "picture_size": size,
        "who": person,
        "first": looking.by_link,
        "refused": sentence(refusal.code, looking.speech.language) if refusal else None,
        "typed": isinstance(refusal, CodeWrong | PasswordTooShort),
        "at_least": codes.PASSWORD_AT_LEAST,
    }
    return looking.page("ways", facts, STATUS[refusal.code] if refusal else 200)


def _picture(new: NewKey) -> tuple[str, int]:
    """The app's key as a path of an SVG, on a raster of one unit, and how many of them wide."""
    rows = list(segno.make(new.uri, error="m").matrix)
    dark = [(x, y) for y, row in enumerate(rows) for x, bit in enumerate(row) if bit]
    return "".join(f"M{x} {y}h1v1h-1z" for x, y in dark), len(rows)


@post("/ways/passkey/options", status_code=200)
async def ask_for_new(board: NamedDependency[Board], request: Http) -> JsonObject:
    looking = await somebody(board, request)
    looking.require_own()
    looking.require_proof()
    async with board.people.counter_of(looking.person) as counter:
        return await passkeys.ask_to_make(counter, board.people, looking.person)


@post("/ways/passkey", status_code=200)
async def keep_passkey(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await somebody(board, request)
    looking.require_own()
    looking.require_proof()
    answer = answered(await document_of(request))
    async with board.people.counter_of(looking.person) as counter:
        await passkeys.keep(counter, board.people, looking.person, answer)
    return await _proved(looking, How.PASSKEY, Response({"ok": True}))


@post("/ways/code", status_code=303)
async def keep_code(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await somebody(board, request)
    said = await looking.form()
    looking.require_proof()
    tried = Tried(looking.person.email, Secret(said.field("password")), said.field("code"))
    try:
        async with board.people.counter_of(looking.person) as counter:
            await codes.keep(counter, board.people, looking.person, said.field("errand"), tried)
    except (CodeWrong, PasswordTooShort) as wrong:
        return await show_held(looking, wrong)
    return await _proved(looking, How.CODE, looking.to("/ways"))


@post("/ways/passkey/remove", status_code=303)
async def remove_passkey(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await somebody(board, request)
    said = await looking.form()
    looking.require_proof()
    async with board.people.counter_of(looking.person) as counter:
        await passkeys.remove(counter, looking.person, _raw(said.field("passkey")))
    return looking.to("/ways")


async def _proved(looking: Visit, how: How, answer: HttpAnswer) -> HttpAnswer:
    """Come by an invitation, one is in from here on."""
    return await entered(looking, looking.person, how, answer) if looking.by_link else answer


def _raw(shown: str) -> bytes:
    try:
        return urlsafe_b64decode(shown)
    except ValueError:
        return b""


WELCOME = (
    *(show_welcome, enter, show_ways),
    *(ask_for_new, keep_passkey, keep_code, remove_passkey),
)
