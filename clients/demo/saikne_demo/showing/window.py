"""Serves the demo's own pages, on this machine alone: they show links that let in, and passwords.

Answers to no other name than its own, so that a page from elsewhere cannot have a browser read them; and
makes a link only where its own page asks.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from saikne_demo.serving import Served
from saikne_demo.showing import pages
from saikne_demo.visitors import VISITORS, Guests

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",  # with none a form says `Origin: null`
    "X-Content-Type-Options": "nosniff",
}
_CSS = Path(__file__).with_name("showing.css")


class Window(Served):
    def __init__(self, guests: Guests, filled: Mapping[str, int]) -> None:
        self.guests = guests
        self._filled = filled

    def start(self) -> Self:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Shown", (_Shown,), {"window": self}))
        self._serve(server, "showing")
        return self

    def stop(self) -> None:
        self._end()

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_port}"

    @property
    def hosts(self) -> set[str]:
        return {f"{name}:{self._server.server_port}" for name in ("localhost", "127.0.0.1")}

    def page(self, path: str) -> str | None:
        """None where there is none."""
        speech, stage = self.guests.speech, self.guests.story.stage
        shown: dict[str, Callable[[], str]] = {
            "/": lambda: pages.front(speech, self.guests.links, stage.url, self._filled),
            "/phone": lambda: pages.phone(speech, stage.phone.messages),
            "/mail": lambda: pages.mailboxes(speech, stage.mailbox.messages),
        }
        if path in shown:
            return shown[path]()
        folder, _, number = path.rpartition("/")
        mails = stage.mailbox.messages
        if folder == "/mail" and number.isdecimal() and int(number) < len(mails):
            return pages.letter(speech, mails[int(number)])
        return None


class _Shown(BaseHTTPRequestHandler):
    window: Window
    timeout = 10

    def do_GET(self) -> None:
        if not self._is_meant():
            return self._answer(HTTPStatus.MISDIRECTED_REQUEST)
        if self.path == pages.STYLE:
            return self._answer(HTTPStatus.OK, _CSS.read_bytes(), "text/css; charset=utf-8")
        page = self.window.page(self.path)
        if page is None:
            return self._answer(HTTPStatus.NOT_FOUND)
        return self._answer(HTTPStatus.OK, page.encode())

    def do_POST(self) -> None:
        """`/again/<who>`: another link, shown on the first page."""
        who = self.path.removeprefix("/again/")
        own = {f"http://{host}" for host in self.window.hosts}
        if not self._is_meant() or self.headers.get("Origin") not in own:
            return self._answer(HTTPStatus.FORBIDDEN)
        if who not in {one.who for one in VISITORS}:
            return self._answer(HTTPStatus.NOT_FOUND)
        self.window.guests.again(who)
        return self._answer(HTTPStatus.SEE_OTHER, location="/")

    def _is_meant(self) -> bool:
        return self.headers.get("Host") in self.window.hosts

    def _answer(
        self,
        status: HTTPStatus,
        body: bytes = b"",
        kind: str = "text/html; charset=utf-8",
        location: str = "",
    ) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's own name
        """Say nothing: what is shown here is secret."""
