"""Three kinds of bad news a caller can act on: refused here, refused by the hub, the hub is out of reach.

The hub speaks RFC 9457 problem documents; `code` is permanent, title and detail come in the language that was
asked for. What the client itself refuses has codes too; its sentences stand in `wording`.
Anything else that is raised is a bug and fails loudly.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import httpx

    from saikne_schemas.brought import FileFaulty

CLOCK_TOLERANCE = timedelta(seconds=10)
"""The hub refuses signatures made further in the future than this."""

UNREACHABLE = "hub.unreachable"

_AUTHORISATION = frozenset({400, 401, 403})
_COME_AGAIN = frozenset({408, 429, 502, 503, 504, 507})
_OAUTH_PASSES = frozenset({"oauth.temporarily_unavailable", "oauth.server_error"})
_KNOWN_FIELDS = frozenset({"type", "title", "status", "code", "detail", "instance"})


class SaikneProblem(Exception):  # noqa: N818  # the trade's word; errors are our own faults
    """Any bad news that a caller can act on."""


class LocalRefusal(SaikneProblem):
    """Refused on this machine, before or after the hub. `facts` are safe to show."""

    code: ClassVar[str]
    not_now: ClassVar[bool] = False
    """Whether it would be right in another state: it is said what can be done instead."""
    lacks: str | None = None
    """The parameter of a verb that would have to be given; it is asked for where somebody can be."""

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts


class FileRefused(LocalRefusal):
    """A file that somebody brought is not taken; `why` is of the closed list `FileFault`."""

    code = "file.refused"

    @classmethod
    def because(cls, faulty: "FileFaulty") -> "FileRefused":
        return cls(path=faulty.path, why=faulty.why.value, place=faulty.place)


class HubRefusal(SaikneProblem):
    """The hub's rules say no; the same call will be refused again."""

    def __init__(
        self,
        code: str,
        title: str,
        status: int,
        *,
        detail: str | None = None,
        facts: Mapping[str, Any] | None = None,
        clock_off_by: timedelta = timedelta(),
    ) -> None:
        super().__init__(f"{code}: {title}")
        self.code = code
        self.title = title
        self.status = status
        self.detail = detail
        self.facts = dict(facts or {})
        self.clock_off_by = clock_off_by
        """How far this computer's clock is ahead of the hub's, where that could be the cause."""


class HubOutage(SaikneProblem):
    """The hub, or something behind it, did not answer. The same call may succeed later."""

    def __init__(
        self,
        code: str,
        *,
        title: str | None = None,
        detail: str | None = None,
        retry_after: timedelta | None = None,
        again: bool = True,
    ) -> None:
        super().__init__(code if title is None else f"{code}: {title}")
        self.code = code
        self.title = title
        self.detail = detail
        self.retry_after = retry_after
        self.again = again
        """Whether trying again by itself makes sense; false for a fault of the hub's own."""


def unreachable(error: "httpx.TransportError") -> HubOutage:
    return HubOutage(UNREACHABLE, detail=str(error) or type(error).__name__)


def problem_of(response: "httpx.Response", now: datetime) -> HubRefusal | HubOutage:
    """What a response that is not a success means, when it came. Its body must have been read."""
    body = _object_in(response)
    code = str(body.get("code") or _oauth_code(body) or f"http.{response.status_code}")
    title = str(body.get("title") or body.get("error_description") or response.reason_phrase)
    detail = body.get("detail")
    passes = response.status_code in _COME_AGAIN or code in _OAUTH_PASSES
    if passes or response.is_server_error:
        return HubOutage(
            code,
            title=title,
            detail=None if detail is None else str(detail),
            retry_after=_retry_after(response, now),
            again=passes,
        )
    return HubRefusal(
        code,
        title,
        response.status_code,
        detail=None if detail is None else str(detail),
        facts={name: value for name, value in body.items() if name not in _KNOWN_FIELDS},
        clock_off_by=_clock_off_by(response, now),
    )


def _object_in(response: "httpx.Response") -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _oauth_code(body: Mapping[str, Any]) -> str | None:
    """RFC 6749 5.2: the token endpoint names its refusals itself."""
    error = body.get("error")
    return f"oauth.{error}" if isinstance(error, str) else None


def _retry_after(response: "httpx.Response", now: datetime) -> timedelta | None:
    value = response.headers.get("retry-after", "")
    if value.isdecimal():
        return timedelta(seconds=int(value))
    moment = _moment(value)
    return None if moment is None else max(moment - now, timedelta())


def _clock_off_by(response: "httpx.Response", now: datetime) -> timedelta:
    moment = _moment(response.headers.get("date", ""))
    if response.status_code not in _AUTHORISATION or moment is None:
        return timedelta()
    off = now - moment
    return off if abs(off) > CLOCK_TOLERANCE else timedelta()


def _moment(http_date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(http_date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
