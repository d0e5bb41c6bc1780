"""A visit: who looks at a page or fills in a form, in which language, and what is answered.

Source: board.md 2. A form counts only from our own page: the browser says where it comes from
(`Sec-Fetch-Site`, else `Origin`), and a form of somebody who is signed in bears a token that only his session
can make. Whoever has come by an invitation alone sees nothing but how to set up a way to sign in.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from litestar import MediaType, Response

from hub.board.board import Board
from hub.board.pages import HEADERS, page
from hub.board.routes.forms import Form, form_of
from hub.board.speech import COOKIE, OTHERS, Speech, first_letter_large, spoken
from hub.kernel import clock
from hub.kernel.refusal import Refusal
from hub.people.casework import sessions
from hub.people.person import Person
from hub.people.session import How, NotSignedIn, Session
from hub.web.calls import Http, HttpAnswer
from hub.web.strangers import prove_known
from hub.wording.catalogue import language_of
from saikne_schemas.person_keys import Act

_YEAR = 365 * 86_400
_OWN = frozenset({"same-origin", "none"})


class FromElsewhere(Refusal):
    """A form that did not come from a page of the hub's, or from one of another sign-in."""

    code = "people.from-elsewhere"


class OnlyByLink(NotSignedIn):
    """Come by an invitation: a way to sign in is set up first."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a page."""

    board: Board
    request: Http
    speech: Speech
    session: Session | None
    now: datetime

    @property
    def person(self) -> Person:
        if self.session is None:
            raise NotSignedIn
        return self.session.person

    @property
    def key(self) -> bytes:
        """Of the session; nobody's has none."""
        if self.session is None:
            raise NotSignedIn
        return self.session.key

    @property
    def by_link(self) -> bool:
        """Come by an invitation, and by nothing else yet."""
        return self.session is not None and self.session.how is How.LINK

    @property
    def token(self) -> str:
        """For the forms of this session."""
        brought = self.request.cookies.get(self.board.cookie, "")
        return hashlib.sha256(f"form\0{brought}".encode()).hexdigest()

    def require_proof(self) -> None:
        """Whoever does what is dangerous has proved who he is a few minutes ago."""
        if self.session is None:
            raise NotSignedIn
        self.session.require_proof(self.now)

    def page(self, template: str, facts: Mapping[str, object] | None = None, status: int = 200) -> HttpAnswer:
        language, name = OTHERS[self.speech.language]
        common = {
            "t": self.speech.t,
            "counted": self.speech.counted,
            "word": self.speech.word,
            "Word": lambda identifier: first_letter_large(self.speech.word(identifier)),
            "own": self.speech.own,
            "day": self.speech.day,
            "moment": self.speech.moment,
            "language": self.speech.language,
            "other_language": language,
            "other_name": name,
            "here": self.request.url.path,
            "session": self.session,
            "person": self.session.person if self.session and not self.by_link else None,
            "token": self.token,
            "Act": Act,
            "today": clock.riga_day(self.now),
        }
        answer: HttpAnswer = Response(
            page(template, common | dict(facts or {})),
            media_type=MediaType.HTML,
            status_code=status,
            headers={**HEADERS, "Vary": "Accept-Language, Cookie"},
        )
        return answer

    def to(self, address: str) -> HttpAnswer:
        """Somewhere else in the hub; after a form, so that reading again sends nothing twice."""
        answer: HttpAnswer = Response(None, status_code=303, headers={"Location": address, **HEADERS})
        return answer

    def holding(self, answer: HttpAnswer, cookie: str) -> HttpAnswer:
        """The browser keeps its session from here on."""
        answer.set_cookie(
            self.board.cookie, cookie, httponly=True, secure=self.board.secure, samesite="lax", path="/"
        )
        return answer

    def forgetting(self, answer: HttpAnswer) -> HttpAnswer:
        answer.delete_cookie(self.board.cookie, path="/")
        return answer

    def speaking(self, answer: HttpAnswer, language: str) -> HttpAnswer:
        answer.set_cookie(COOKIE, language, max_age=_YEAR, secure=self.board.secure, samesite="lax", path="/")
        return answer

    async def form(self) -> Form:
        """What was filled in, if it comes from our own page."""
        self.require_own()
        said = await form_of(self.request)
        if self.session is not None and not hmac.compare_digest(
            said.field("token").encode(), self.token.encode()
        ):
            raise FromElsewhere
        return said

    def require_own(self) -> None:
        """Asked where it comes from; a browser that says neither is none of ours."""
        headers = self.request.headers
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site not in _OWN if site else origin != self.board.people.origin:
            raise FromElsewhere


async def visit(board: Board, request: Http) -> Visit:
    """Whoever it is, signed in or not."""
    cookie, session = request.cookies.get(board.cookie), None
    async with board.people.counter() as counter:
        if cookie:
            session = await sessions.of(counter, cookie)
        now = counter.now
    if session is not None:
        prove_known(request.scope)
    wished = language_of(request.headers.get("accept-language", ""))
    own = session.person.language if session else wished
    return Visit(board, request, Speech(spoken(request.cookies.get(COOKIE), own)), session, now)


async def signed_in(board: Board, request: Http) -> Visit:
    """Somebody with a way to sign in; else the sign-in page comes first."""
    looking = await visit(board, request)
    if looking.session is None:
        raise NotSignedIn(next=_asked(request))
    if looking.by_link:
        raise OnlyByLink
    return looking


def _asked(request: Http) -> str:
    """Where to go on after signing in; after a form, its page."""
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    return f"{request.url.path}{query}"


def local(address: str) -> str:
    """An address of our own to go on to; the board for any other."""
    parts = urlsplit(address)
    own = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return address if own and "\\" not in address and not address.startswith("//") else "/"


def with_next(address: str, following: object) -> str:
    return f"{address}?next={quote(str(following), safe='/')}" if following else address
