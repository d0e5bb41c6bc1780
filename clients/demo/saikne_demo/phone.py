"""A telephone and the SMS gateway in front of it: what the hub's password channel meets in demo and tests.

Source: `domain` 4.4 (own reference echoed, asynchronous delivery report) and method S60. It speaks the hub's
generic gateway protocol over real HTTP: `POST /messages` with a bearer token and an `Idempotency-Key`; the
report goes to `callback_url`, signed as Standard Webhooks demand. Misbehaviour is on request. A text holds a
password, so nothing here prints, logs or represents one.
"""

import hmac
import json
import re
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event
from typing import Any, Self
from uuid import uuid4

import httpx
from standardwebhooks import Webhook

from saikne_demo.clock import iso, now
from saikne_demo.serving import Served

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
WANTED = ("to", "text", "reference", "sender", "callback_url")
BODY_LIMIT_BYTES = 64 * 1024
REPORT_PAUSES_SECONDS = (0.0, 0.1, 0.3, 1.0, 2.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0)
"""The wait before each attempt at a report. Together they outlast a hub that is killed and started again."""


@dataclass(frozen=True, slots=True)
class TextMessage:
    to: str
    text: str = field(repr=False)
    reference: str
    sender: str
    callback_url: str
    id: str
    at: datetime

    def asks_the_same(self, wish: dict[str, str]) -> bool:
        return all(getattr(self, part) == wish[part] for part in ("to", "text", "reference", "sender"))


@dataclass(frozen=True, slots=True)
class Report:
    """How telling the hub about a message ended. `accepted` is false once every attempt has failed."""

    message: TextMessage
    status: str
    attempts: int
    accepted: bool


class Phone(Served):
    """Every method may be called from any thread."""

    def __init__(
        self,
        *,
        token: str,
        webhook_secret: str,
        host: str = "127.0.0.1",
        port: int = 0,
        report_pauses: tuple[float, ...] = REPORT_PAUSES_SECONDS,
    ) -> None:
        self._token = token
        self._webhook = Webhook(webhook_secret)
        self._address = (host, port)
        self._report_pauses = report_pauses
        self._changed = Condition()
        self._messages: list[TextMessage] = []
        self._by_key: dict[str, TextMessage] = {}
        self._reports: list[Report] = []
        self._failures: deque[int] = deque()
        self._outcomes: deque[str] = deque()
        self._lost_answers = 0
        self._held: list[TextMessage] | None = None
        self._stopping = Event()

    def start(self) -> Self:
        """Open the port; with port 0 a free one, then to be read from `url`."""
        server = _Server(self._address, type("Gateway", (_Gateway,), {"asked": self}))
        self._address = (self._address[0], server.server_port)  # the same after a restart
        self._stopping.clear()
        self._reporters = ThreadPoolExecutor(4, "phone-report")
        self._serve(server, "phone")
        return self

    def stop(self) -> None:
        self._stopping.set()
        self._end()
        self._reporters.shutdown(cancel_futures=True)

    @property
    def url(self) -> str:
        """Where to post messages."""
        host, port = self._address
        return f"http://{host}:{port}/messages"

    # What arrived -----------------------------------------------------------------------------------------

    @property
    def messages(self) -> tuple[TextMessage, ...]:
        with self._changed:
            return tuple(self._messages)

    @property
    def reports(self) -> tuple[Report, ...]:
        with self._changed:
            return tuple(self._reports)

    def inbox(self, number: str) -> list[TextMessage]:
        return [message for message in self.messages if message.to == number]

    def wait_for(self, happened: Callable[["Phone"], bool], timeout: float = 10.0) -> bool:
        """Whether `happened(phone)` came true in time; asked again after every message and report."""
        with self._changed:
            return self._changed.wait_for(lambda: happened(self), timeout)

    def wait_for_message(self, number: str, *, count: int = 1, timeout: float = 10.0) -> TextMessage:
        """The `count`-th text this number ever got."""
        if not self.wait_for(lambda phone: len(phone.inbox(number)) >= count, timeout):
            raise TimeoutError(f"{number} has not had {count} message(s) after {timeout} s")
        return self.inbox(number)[count - 1]

    # Misbehaviour on request ------------------------------------------------------------------------------

    def fail_next(self, n: int = 1, status: int = HTTPStatus.SERVICE_UNAVAILABLE) -> None:
        """Refuse the next `n` posts: 5xx is a passing failure, 4xx a lasting one. Nothing is delivered."""
        with self._changed:
            self._failures.extend([int(status)] * n)

    def lose_answers(self, n: int = 1) -> None:
        """Deliver the next `n` texts but hang up before answering."""
        with self._changed:
            self._lost_answers += n

    def report_next(self, *statuses: str) -> None:
        """What the coming reports say instead of `delivered`: `failed`, `expired`."""
        with self._changed:
            self._outcomes.extend(statuses)

    def hold_reports(self) -> None:
        """Send no report until `release_reports`."""
        with self._changed:
            self._held = [] if self._held is None else self._held

    def release_reports(self) -> None:
        with self._changed:
            held, self._held = self._held or [], None
        for message in held:
            self._reporters.submit(self._report, message)

    # The gateway's side -----------------------------------------------------------------------------------

    def knows(self, bearer: str) -> bool:
        return hmac.compare_digest(bearer.encode(), f"Bearer {self._token}".encode())

    def next_failure(self) -> int | None:
        with self._changed:
            return self._failures.popleft() if self._failures else None

    def loses_this_answer(self) -> bool:
        with self._changed:
            lost, self._lost_answers = self._lost_answers > 0, max(0, self._lost_answers - 1)
            return lost

    def deliver(self, key: str, wish: dict[str, str]) -> TextMessage | None:
        """The message of this key, delivered once; none when the key already stands for another wish."""
        with self._changed:
            known = self._by_key.get(key)
            if known is not None:
                return known if known.asks_the_same(wish) else None
            message = TextMessage(**{part: wish[part] for part in WANTED}, id=str(uuid4()), at=now())
            self._by_key[key] = message
            self._messages.append(message)
            self._changed.notify_all()
            if self._held is None:
                self._reporters.submit(self._report, message)
            else:
                self._held.append(message)
            return message

    def _report(self, message: TextMessage) -> None:
        with self._changed:
            status = self._outcomes.popleft() if self._outcomes else "delivered"
        facts = {"id": message.id, "reference": message.reference, "status": status, "at": iso(now())}
        body = json.dumps(facts)
        attempts, accepted = 0, False
        with httpx.Client(timeout=5, trust_env=False) as client:
            for pause in self._report_pauses:
                if self._stopping.wait(pause):
                    break
                attempts += 1
                accepted = self._told(client, message, body)
                if accepted:
                    break
        with self._changed:
            self._reports.append(Report(message, status, attempts, accepted))
            self._changed.notify_all()

    def _told(self, client: httpx.Client, message: TextMessage, body: str) -> bool:
        name, moment = f"report_{message.id}", now()
        headers = {
            "content-type": "application/json",
            "webhook-id": name,  # the same at every attempt, so that the hub can know a repetition
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": self._webhook.sign(name, moment, body),
        }
        try:
            return client.post(message.callback_url, content=body, headers=headers).is_success
        except httpx.HTTPError:
            return False


class _Server(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = False  # `server_close` then waits for answers in progress

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that was killed in mid-sentence is no news here."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Refused(Exception):  # noqa: N818  # the trade's word
    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


class _Gateway(BaseHTTPRequestHandler):
    """One request: checked in the order a real gateway checks, answered, connection closed."""

    asked: Phone
    timeout = 10

    def do_POST(self) -> None:
        try:
            message = self._accept(self._read())
        except _Refused as refused:
            self._answer(refused.status, {"error": refused.error})
            return
        if not self.asked.loses_this_answer():
            self._answer(HTTPStatus.ACCEPTED, {"id": message.id})

    def _read(self) -> bytes:
        """The whole body is taken first, so that even a refusal reaches the caller."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise _Refused(HTTPStatus.LENGTH_REQUIRED, "length")
        if int(length) > BODY_LIMIT_BYTES:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large")
        return self.rfile.read(int(length))

    def _accept(self, body: bytes) -> TextMessage:
        if self.path != "/messages":
            raise _Refused(HTTPStatus.NOT_FOUND, "no-such-path")
        if not self.asked.knows(self.headers.get("Authorization", "")):
            raise _Refused(HTTPStatus.UNAUTHORIZED, "token")
        failure = self.asked.next_failure()
        if failure is not None:
            raise _Refused(failure, "as-asked")
        key = self.headers.get("Idempotency-Key", "")
        if not key:
            raise _Refused(HTTPStatus.BAD_REQUEST, "idempotency-key-missing")
        message = self.asked.deliver(key, _read_wish(body))
        if message is None:
            raise _Refused(HTTPStatus.CONFLICT, "idempotency-key-reused")
        return message

    def _answer(self, status: int, facts: dict[str, str]) -> None:
        body = json.dumps(facts).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's own name
        """Say nothing: what passes here is secret."""


def _read_wish(body: bytes) -> dict[str, str]:
    try:
        wish = json.loads(body)
    except ValueError:
        raise _Refused(HTTPStatus.BAD_REQUEST, "body") from None
    if not isinstance(wish, dict) or not all(isinstance(wish.get(part), str) for part in WANTED):
        raise _Refused(HTTPStatus.BAD_REQUEST, "body")
    if not E164.fullmatch(wish["to"]):
        raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "number")
    return wish
