"""Signing in at the person's own organisation: out by a link, back by an answer that counts once.

Source: board.md 2; `people/casework/accounts`. Whoever is sent to another site goes by a link or from a page
that holds one: the policy lets no form lead there. An account is added from our own form alone, by whoever is
proved here. Whatever went wrong there is told on the page that has the other ways.
"""

from base64 import urlsafe_b64decode
from uuid import UUID

import structlog
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from hub.board.board import Board
from hub.board.routes.doors import entered, show_door, show_proving
from hub.board.routes.visits import Visit, local, signed_in, visit
from hub.board.routes.welcome import show_held, somebody
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Outage, Refusal
from hub.people.casework import accounts
from hub.people.casework.accounts import AccountTaken, AccountUnknown, Answer, Leaving, Shown
from hub.people.journey import BACK_WITHIN, Purpose, ReturnUnknown, TooManyJourneys, Wish
from hub.people.provider import Declined, NotBelieved, NotProvedThere, ProviderAway
from hub.people.session import NEVER_PROVED, How
from hub.web.calls import Http, HttpAnswer
from hub.web.strangers import address_of

log = structlog.get_logger(__name__)

_TOLD_BESIDE_OTHER_WAYS = (
    *(AccountTaken, AccountUnknown, Declined, NotBelieved, NotProvedThere, ProviderAway, ReturnUnknown),
)
_LONGEST = 4096
"""Of anything that a provider lets a browser bring."""


@get("/sign-in/organisation/{centre:uuid}")
async def go(board: NamedDependency[Board], request: Http, centre: FromPath[UUID]) -> HttpAnswer:
    """To the provider of this centre."""
    looking = await visit(board, request)
    _count(looking)
    return await _away(looking, Wish(CentreId(centre), Purpose.SIGN_IN, _following(request)))


@get("/prove/organisation")
async def go_and_prove(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """To the provider of the own centre, which is to ask anew."""
    looking = await signed_in(board, request)
    person = looking.person
    return await _away(looking, Wish(person.centre, Purpose.PROVE, _following(request), person.id))


@post("/ways/organisation", status_code=200)
async def go_and_add(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """A page with the link: it leads to another site, which a form may not."""
    looking = await somebody(board, request)
    await looking.form()
    looking.require_proof()
    person = looking.person
    following = "/" if looking.by_link else "/ways"
    wish = Wish(person.centre, Purpose.ADD, following, person.id)
    try:
        leaving = await accounts.leave(board.people, wish)
    except ProviderAway as away:
        return await _told(looking, wish, away)
    facts = {"address": leaving.address, "host": leaving.host, "first": looking.by_link}
    return _holding(looking, looking.page("leaving", facts), leaving)


@get("/sign-in/organisation/{centre:uuid}/back")
async def come_back(board: NamedDependency[Board], request: Http, centre: FromPath[UUID]) -> HttpAnswer:
    """With the provider's answer, which counts once."""
    looking, wish = await visit(board, request), None
    brought = Answer(
        centre=CentreId(centre),
        held=request.cookies.get(_name(board), ""),
        state=_said(request, "state"),
        code=_said(request, "code"),
        error=_said(request, "error"),
        issuer=_said(request, "iss") if "iss" in request.query_params else None,
    )
    try:
        wish = await accounts.taken_up(board.people, brought)
        answer = await _in(looking, await accounts.shown(board.people, wish, brought))
    except _TOLD_BESIDE_OTHER_WAYS as news:
        answer = await _told(looking, wish, news)
    if wish is not None:
        answer.delete_cookie(_name(board), path="/")
    return answer


async def _in(looking: Visit, shown: Shown) -> HttpAnswer:
    """By what was wished; the session is a new one, as after every proof."""
    people, proved_at = looking.board.people, shown.authenticated_at or NEVER_PROVED
    onward = looking.to(shown.wish.following)
    if shown.wish.purpose is not Purpose.ADD:
        async with people.counter() as counter:
            person = await accounts.known(counter, shown)
        return await entered(looking, person, How.ACCOUNT, onward, proved_at)
    if looking.session is None:
        raise ReturnUnknown
    async with people.counter_of(looking.person) as counter:
        await accounts.keep(counter, looking.person, shown)
    if looking.by_link:
        return await entered(looking, looking.person, How.ACCOUNT, onward, proved_at)
    return onward


@post("/ways/organisation/remove", status_code=303)
async def remove_account(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await somebody(board, request)
    said = await looking.form()
    looking.require_proof()
    try:
        digest = urlsafe_b64decode(said.field("account"))
    except ValueError:
        digest = b""
    async with board.people.counter_of(looking.person) as counter:
        await accounts.remove(counter, looking.person, digest)
    return looking.to("/ways")


def _count(looking: Visit) -> None:
    """Of strangers, by where they call from; whoever is in is known."""
    address = address_of(looking.request.scope)
    if looking.session is not None or address is None:
        return
    looking.board.journeys.count(address)
    if pause := looking.board.journeys.pause_of(address):
        raise TooManyJourneys(pause)


async def _away(looking: Visit, wish: Wish) -> HttpAnswer:
    try:
        leaving = await accounts.leave(looking.board.people, wish)
    except ProviderAway as away:
        return await _told(looking, wish, away)
    return _holding(looking, looking.to(leaving.address), leaving)


async def _told(looking: Visit, wish: Wish | None, news: Refusal | Outage) -> HttpAnswer:
    """In words of our own, where the other ways are."""
    log.info("refused", code=news.code, path=looking.request.scope["path"])
    purpose = wish.purpose if wish and looking.session else Purpose.SIGN_IN
    following = wish.following if wish else "/"
    if purpose is Purpose.ADD:
        return await show_held(looking, news)
    if purpose is Purpose.PROVE:
        return await show_proving(looking, following, news)
    return await show_door(looking, following, news)


def _holding(looking: Visit, answer: HttpAnswer, leaving: Leaving) -> HttpAnswer:
    """The browser keeps its ticket until it is back; a second one takes its place."""
    answer.set_cookie(
        _name(looking.board),
        leaving.held,
        max_age=int(BACK_WITHIN.total_seconds()),
        httponly=True,
        secure=looking.board.secure,
        samesite="lax",
        path="/",
    )
    return answer


def _name(board: Board) -> str:
    return f"{board.cookie}-journey"


def _following(request: Http) -> str:
    return local(request.query_params.get("next") or "/")


def _said(request: Http, name: str) -> str:
    """A parameter that stands there once, and is not too long; else nothing (RFC 6749 3.1)."""
    values = request.query_params.getall(name, [])
    return values[0] if len(values) == 1 and len(values[0]) <= _LONGEST else ""


ORGANISATION = (go, go_and_prove, go_and_add, come_back, remove_account)
