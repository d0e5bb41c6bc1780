"""Manners of every exchange of messages, whatever is asked and whoever answers: RFC 9110, 9111, 9112, 6797.

They stand around the whole application, so that what the framework refuses by itself keeps them too. Every
readable address answers `HEAD`; codings of a body that nobody here undoes are refused before anything else;
no answer is stored unless it says that it may be, nor guessed at, nor told to the next site.
"""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hub.kernel.refusal import Refusal
from hub.web.calls import Http, open_scope
from hub.web.problems import refuse

_ASKED = "saikne.asked_method"
_HSTS = b"max-age=31536000"
Headers = list[tuple[bytes, bytes]]


class HeadUnclear(Refusal):
    """RFC 9112 3.2 and RFC 9110 5.3: a field that says one thing is not there, or is there twice."""

    code = "http.head-unclear"


class EncodingNotTaken(Refusal):
    """RFC 9110 8.4: a body is taken as it is; a digest is of what was sent."""

    code = "http.encoding-not-taken"


class TransferCodingNotTaken(Refusal):
    """RFC 9112 6.1: chunked and no other."""

    code = "http.transfer-coding-not-taken"


def asked_method(scope: Scope) -> str:
    """What the caller wrote: `HEAD` is answered by whoever answers `GET`."""
    said = open_scope(scope)
    return str(said.get(_ASKED, said["method"]))


def wants_no_body(request: Http) -> bool:
    return asked_method(request.scope) == "HEAD"


def mannered(app: ASGIApp, public_url: str) -> ASGIApp:
    """The application with manners; HSTS is said where the hub is reached by TLS."""
    always = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
    if public_url.startswith("https:"):
        always.append((b"strict-transport-security", _HSTS))

    async def with_manners(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return await app(scope, receive, send)
        method = open_scope(scope)["method"]
        say = _well(send, always, bodiless=method == "HEAD")
        if refusal := _unreadable(scope):
            return await refuse(refusal, scope, receive, say, _TAKES.get(type(refusal)))
        if method == "HEAD":
            open_scope(scope).update({_ASKED: method, "method": "GET"})
        return await app(scope, receive, say)

    return with_manners


def _well(send: Send, always: Headers, *, bodiless: bool) -> Send:
    """Say the same with the headers of every answer, and without the body where none is wanted."""

    async def say(message: Message) -> None:
        if message["type"] == "http.response.start":
            said: Headers = list(message["headers"])
            names = {name.lower() for name, _ in said}
            if b"cache-control" not in names:
                said.append((b"cache-control", b"no-store"))
            message["headers"] = [
                *((name, _allowed(value) if name.lower() == b"allow" else value) for name, value in said),
                *always,
            ]
        elif message["type"] == "http.response.body" and bodiless:
            message["body"] = b""
        await send(message)

    return say


def _allowed(methods: bytes) -> bytes:
    """RFC 9110 10.2.1, in one order; where `GET` is allowed, `HEAD` is."""
    names = {name.strip() for name in methods.split(b",")}
    return b", ".join(sorted(names | ({b"HEAD"} if b"GET" in names else set())))


def _unreadable(scope: Scope) -> Refusal | None:
    headers = list(scope["headers"])
    hosts = [value for name, value in headers if name == b"host"]
    named = len(hosts) == 1 and hosts[0].strip()  # the server writes an empty one where there is none
    if len(hosts) > 1 or (not named and open_scope(scope)["http_version"] == "1.1"):
        return HeadUnclear(field="Host")
    if sum(name == b"content-type" for name, _ in headers) > 1:
        return HeadUnclear(field="Content-Type")
    if _codings(headers, b"content-encoding") - {b"identity"}:
        return EncodingNotTaken()
    if _codings(headers, b"transfer-encoding") - {b"chunked"}:
        return TransferCodingNotTaken()
    return None


def _codings(headers: Headers, name: bytes) -> set[bytes]:
    """Every member of a list, in however many fields and whichever case it was written."""
    written = b",".join(value for field, value in headers if field == name)
    return {coding.strip(b" \t").lower() for coding in written.split(b",")} - {b""}


_TAKES: dict[type[Refusal], dict[str, str]] = {EncodingNotTaken: {"Accept-Encoding": "identity"}}
"""RFC 9110 15.5.16."""
