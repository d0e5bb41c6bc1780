"""Who may ask the register, and what an extract of its book says.

Source: RFC 6749 (client credentials, `client_secret_basic`), RFC 6750; features N10. A token is good for five
minutes, or until all are revoked. The pages of one extract are of one moment.
"""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from urllib.parse import parse_qs, unquote_plus

from saikne_demo.clock import now
from saikne_demo.register.book import Book
from saikne_schemas.register_entries import ENTRIES_AT_MOST, ExtractEntry, RegisterExtract

TOKEN_SECONDS = 300
EXTRACTS_KEPT = 8


class Tokens:
    """Every method may be called from any thread."""

    def __init__(self, clients: Mapping[str, str]) -> None:
        self._clients = dict(clients)
        self._good_until: dict[str, float] = {}
        self._lock = Lock()

    def issue(self, authorization: str | None, body: bytes) -> bytes | None:
        """The token endpoint's answer; None where the client is unknown, or asks for another grant."""
        grant = parse_qs(body.decode("ascii", "replace")).get("grant_type")
        if grant != ["client_credentials"] or not self._is_client(authorization or ""):
            return None
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._good_until[token] = monotonic() + TOKEN_SECONDS
        return json.dumps(
            {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        ).encode()

    def known(self, authorization: str | None) -> bool:
        kind, _, token = (authorization or "").partition(" ")
        with self._lock:
            return kind == "Bearer" and self._good_until.get(token, 0.0) > monotonic()

    def revoke_all(self) -> None:
        """Every caller meets 401 and needs a new token."""
        with self._lock:
            self._good_until.clear()

    @property
    def issued(self) -> int:
        """How many are known; revoked ones are not."""
        with self._lock:
            return len(self._good_until)

    def _is_client(self, authorization: str) -> bool:
        kind, _, told = authorization.partition(" ")
        try:
            name, _, secret = base64.b64decode(told, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        expected = self._clients.get(unquote_plus(name))
        return (
            kind == "Basic"
            and expected is not None
            and hmac.compare_digest(unquote_plus(secret).encode(), expected.encode())
        )


class Extracts:
    """Page 1 without a moment takes a new extract; every other page is of an extract that was taken."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._taken: dict[datetime, list[ExtractEntry]] = {}
        self._lock = Lock()

    def page(self, page: str, taken_at: str) -> RegisterExtract | None:
        """None where there is no such page."""
        number = int(page) if page.isdecimal() else 0
        try:
            moment = datetime.fromisoformat(taken_at).astimezone(UTC) if taken_at else None
        except ValueError:
            return None
        with self._lock:
            if moment is None and number == 1:
                moment = self._take()
            entries = self._taken.get(moment) if moment else None
        if moment is None or entries is None or number < 1:
            return None
        start = (number - 1) * ENTRIES_AT_MOST
        if number > 1 and start >= len(entries):
            return None
        return RegisterExtract(
            schema_="saikne.register-extract/1",
            taken_at=moment,
            page=number,
            last=start + ENTRIES_AT_MOST >= len(entries),
            entries=entries[start : start + ENTRIES_AT_MOST],
        )

    def _take(self) -> datetime:
        moment = now()
        self._taken[moment] = self._book.lines()
        for oldest in list(self._taken)[:-EXTRACTS_KEPT]:
            del self._taken[oldest]
        return moment
