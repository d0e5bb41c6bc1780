"""What a page says where something was refused, is not there, or went wrong: in words, with a way on."""

import math
from dataclasses import dataclass

import structlog
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from hub.board.board import Board
from hub.board.routes.visits import OnlyByLink, Visit, with_next
from hub.board.speech import COOKIE, Speech, spoken
from hub.kernel import clock
from hub.kernel.refusal import Outage, Refusal, TooMuch
from hub.people.session import NotSignedIn, ProveAgain
from hub.web.calls import Http, HttpAnswer
from hub.web.numbering import number
from hub.web.problems import code_of
from hub.web.status import STATUS
from hub.wording.catalogue import language_of, sentence

log = structlog.get_logger(__name__)

_OURS = 500


@dataclass(frozen=True, slots=True)
class _Told:
    """The same refusals as the API's, for people."""

    board: Board

    def __deepcopy__(self, _: dict[int, object]) -> "_Told":
        """The framework copies what a router holds; the database stays one."""
        return self

    def looking(self, request: Http) -> Visit:
        wished = language_of(request.headers.get("accept-language", ""))
        speech = Speech(spoken(request.cookies.get(COOKIE), wished))
        return Visit(self.board, request, speech, None, clock.now())

    def says(self, request: Http, code: str, pause: float | None = None) -> HttpAnswer:
        looking = self.looking(request)
        said = sentence(code, looking.speech.language)
        facts = {"title": said.title, "detail": said.detail or "", "code": code, "number": number()}
        answer = looking.page("refused", facts, STATUS[code])
        if pause is not None:
            answer.headers["Retry-After"] = str(math.ceil(pause))
        return answer

    def sign_in(self, request: Http, refusal: NotSignedIn) -> HttpAnswer:
        return self.looking(request).to(with_next("/sign-in", refusal.facts.get("next")))

    def set_up(self, request: Http, _: OnlyByLink) -> HttpAnswer:
        return self.looking(request).to("/ways")

    def prove(self, request: Http, _: ProveAgain) -> HttpAnswer:
        page = "/".join(request.url.path.split("/")[:2])  # of the form that was sent
        return self.looking(request).to(with_next("/prove", page))

    def refused(self, request: Http, refusal: Refusal) -> HttpAnswer:
        log.info("refused", code=refusal.code, path=request.scope["path"])
        pause = refusal.retry_after.total_seconds() if isinstance(refusal, TooMuch) else None
        return self.says(request, refusal.code, pause)

    def outage(self, request: Http, failure: Outage) -> HttpAnswer:
        log.warning("outage", code=failure.code, path=request.scope["path"])
        return self.says(request, failure.code, failure.retry_after.total_seconds())

    def http_error(self, request: Http, error: HTTPException) -> HttpAnswer:
        ours = error.status_code >= _OURS
        return self.our_fault(request, error) if ours else self.says(request, code_of(error))

    def our_fault(self, request: Http, error: Exception) -> HttpAnswer:
        log.error("failed", path=request.scope["path"], exc_info=error)
        return self.says(request, "http.failed")


def told_on_pages(board: Board) -> ExceptionHandlersMap:
    told = _Told(board)
    return {
        OnlyByLink: told.set_up,
        NotSignedIn: told.sign_in,
        ProveAgain: told.prove,
        Refusal: told.refused,
        Outage: told.outage,
        HTTPException: told.http_error,
        Exception: told.our_fault,
    }
