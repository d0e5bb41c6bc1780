"""The register as a server: OAuth tokens, `PUT` and `GET` of transfers, pages of an extract.

Source: domain 3.2, 3.3; features N10. It checks like a strict peer: a token, an optional client certificate,
the digest of the body (RFC 9530), and that the body is the entry's canonical JSON. Statuses:

200 `registered` or `withdrawn`; 202 `in_progress` with `Retry-After`; `rejected` with 400 (malformed), 413
(too long), 409 (key reused, superseded, another entry stands) or 422; 401 token; 404 nothing there; all else
is a fault.
"""

import base64
import hashlib
import re
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from joserfc.jwk import ECKey

from saikne_demo.register.book import AT_ONCE, Book, Treatment, unreadable
from saikne_demo.register.desk import Extracts, Tokens
from saikne_demo.register.faults import Deed, Fault, Faults, Manners
from saikne_demo.register.listening import Listening
from saikne_demo.serving import Served
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry
from saikne_schemas.register_files import FILE_BYTES, FileDamaged, canonical, read
from saikne_schemas.register_words import RegisterResult, RejectedBecause

CLIENT = {"saikne-hub": "register-secret"}
"""The client's name and secret that are known unless others are given."""
_CONFLICTS = {RejectedBecause.KEY_REUSED, RejectedBecause.SUPERSEDED, RejectedBecause.OTHER_ENTRY_STANDS}
_REVISION = re.compile(rb'"revision"\s*:\s*([1-9][0-9]{0,5})\b')
_AWAY = {
    Fault.DOWN: HTTPStatus.SERVICE_UNAVAILABLE,
    Fault.BUSY: HTTPStatus.TOO_MANY_REQUESTS,
    Fault.ERROR_BEFORE: HTTPStatus.INTERNAL_SERVER_ERROR,
}
Done = tuple[int, bytes, dict[str, str]]
"""Status, body, headers."""
OTHER_DIGEST = "0" * 64
"""What the fault `wrong_digest` names."""


def treatment(fault: Fault | None, manners: Manners) -> Treatment:
    """How a fault has an entry met."""
    if fault is Fault.REJECTS:
        return Treatment(rejected=manners.rejects_because)
    if fault is Fault.ACKNOWLEDGES_LATE:
        return Treatment(late_asks=manners.late_asks, late_seconds=manners.late_seconds)
    return Treatment(forgotten=True) if fault is Fault.FORGETS else AT_ONCE


class Register(Served):
    """Keeps its book from a stop to the next start.

    With `tls` it serves https; whether a client certificate is demanded stands in that context. Stopped it
    refuses connections; started again it has the same address.
    """

    def __init__(
        self,
        *,
        clients: Mapping[str, str] | None = None,
        private_key: Mapping[str, str] | None = None,
        signing_key: ECKey | None = None,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: Faults | None = None,
    ) -> None:
        sealed_to = None if private_key is None else ECKey.import_key(dict(private_key))
        self.book = Book(sealed_to, signing_key=signing_key)
        self.faults = faults or Faults()
        self.tokens = Tokens(CLIENT if clients is None else clients)
        self.extracts = Extracts(self.book)
        self.stopping = Event()
        self._tls = tls
        self._address = (host, port)

    def start(self) -> Self:
        """Open the port; with port 0 a free one, then to be read from `url`."""
        self.stopping.clear()
        server = Listening(self._address, type("Window", (_Window,), {"register": self}), self._tls)
        self._address = (self._address[0], server.server_port)  # the same after a restart
        self._serve(server, "register")
        return self

    def stop(self) -> None:
        """Break off what is going on and refuse connections."""
        self.stopping.set()
        self._end()

    @property
    def url(self) -> str:
        """Below which `/transfers` lies."""
        host, port = self._address
        return f"http{'s' if self._tls else ''}://{host}:{port}"

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    @property
    def jwk(self) -> dict[str, str]:
        """The public key to which facts are sealed, with its `kid`."""
        return self.book.jwk

    @property
    def signing_jwk(self) -> dict[str, str] | None:
        """The public key by which it signs; none where it does not."""
        return self.book.signing_jwk


class _Refused(Exception):  # noqa: N818  # the trade's word
    def __init__(
        self, status: int, answer: RegisterAnswer | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status, self.answer, self.headers = status, answer, headers or {}


class _Window(BaseHTTPRequestHandler):
    """One connection; requests follow each other on it."""

    register: Register
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # an answer leaves in one piece
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self._serve(Deed.TOKEN)

    def do_PUT(self) -> None:
        self._serve(Deed.SEND)

    def do_GET(self) -> None:
        self._serve(Deed.EXTRACT if urlsplit(self.path).path == "/transfers" else Deed.ASK)

    def _serve(self, deed: Deed) -> None:
        try:
            fault, (status, content, headers) = self._met(deed)
        except _Refused as refused:
            content = b"" if refused.answer is None else canonical(refused.answer)
            self._answer(refused.status, content, refused.headers)
            return
        if fault is Fault.SLOW:
            self.register.stopping.wait(self.register.faults.manners.slow_seconds)
        if fault is Fault.BREAKS_OFF:
            self.close_connection = True
        elif fault is Fault.ERROR_AFTER:
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, b"", {})
        else:
            self._answer(status, content, headers)

    def _met(self, deed: Deed) -> tuple[Fault | None, Done]:
        body = self._body()
        if deed is not Deed.TOKEN and not self.register.tokens.known(self.headers.get("Authorization")):
            raise _Refused(
                HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
            )
        fault = self.register.faults.next(deed)
        if fault in _AWAY:
            again = {} if fault is Fault.ERROR_BEFORE else self._wait_a_little()
            raise _Refused(_AWAY[fault], headers=again)
        return fault, self._done(deed, body, fault)

    def _done(self, deed: Deed, body: bytes, fault: Fault | None) -> Done:
        if deed is Deed.TOKEN:
            return self._token(body)
        if deed is Deed.EXTRACT:
            return self._extract()
        if deed is Deed.ASK:
            held = self.register.book.ask(self._key())
            if held is None:
                raise _Refused(HTTPStatus.NOT_FOUND)
            return HTTPStatus.OK, canonical(held), {}
        answer = self._take(body, fault)
        waits = answer.result is RegisterResult.IN_PROGRESS
        return status_of(answer), canonical(answer), self._wait_a_little() if waits else {}

    def _take(self, body: bytes, fault: Fault | None) -> RegisterAnswer:
        entry = self._entry(body)
        how = treatment(fault, self.register.faults.manners)
        answer = self.register.book.take(entry, how)
        if fault is Fault.DUPLICATE:
            answer = self.register.book.take(entry, how)
        if fault is Fault.WRONG_DIGEST:
            answer = answer.model_copy(update={"entry_sha256": OTHER_DIGEST})
        return answer

    def _entry(self, body: bytes) -> RegisterEntry:
        key = self._key()
        found = _REVISION.search(body)
        bad = _Refused(HTTPStatus.BAD_REQUEST, unreadable(key, int(found[1]) if found else 1))
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        told = [one.strip() for one in self.headers.get("Content-Digest", "").split(",")]
        if f"sha-256=:{digest}:" not in told:
            raise bad
        try:
            entry = read(RegisterEntry, body)
        except FileDamaged:
            raise bad from None
        if entry.key != key or canonical(entry) != body:
            raise bad
        return entry

    def _key(self) -> UUID:
        place, _, key = urlsplit(self.path).path.removeprefix("/").partition("/")
        try:
            if place == "transfers":
                return UUID(key)
        except ValueError:
            pass
        raise _Refused(HTTPStatus.NOT_FOUND)

    def _body(self) -> bytes:
        """The whole body is taken first, so that even a refusal reaches the caller."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            raise _Refused(HTTPStatus.LENGTH_REQUIRED)
        if int(length) > FILE_BYTES:
            self.close_connection = True
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, unreadable(self._key(), 1))
        return self.rfile.read(int(length))

    def _token(self, body: bytes) -> Done:
        if urlsplit(self.path).path != "/token":
            raise _Refused(HTTPStatus.NOT_FOUND)
        issued = self.register.tokens.issue(self.headers.get("Authorization"), body)
        if issued is None:
            raise _Refused(HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": 'Basic realm="register"'})
        return HTTPStatus.OK, issued, {"Cache-Control": "no-store"}

    def _extract(self) -> Done:
        query = parse_qs(urlsplit(self.path).query)
        page = self.register.extracts.page(query.get("page", ["1"])[0], query.get("taken_at", [""])[0])
        if page is None:
            raise _Refused(HTTPStatus.NOT_FOUND)
        return HTTPStatus.OK, canonical(page), {}

    def _wait_a_little(self) -> dict[str, str]:
        return {"Retry-After": str(self.register.faults.manners.retry_after_seconds)}

    def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if content:
            self.send_header("Content-Type", "application/json")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's own name
        """Say nothing."""


def status_of(answer: RegisterAnswer) -> int:
    if answer.reason is None:
        waits = answer.result is RegisterResult.IN_PROGRESS
        return HTTPStatus.ACCEPTED if waits else HTTPStatus.OK
    if answer.reason is RejectedBecause.MALFORMED:
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.CONFLICT if answer.reason in _CONFLICTS else HTTPStatus.UNPROCESSABLE_ENTITY
