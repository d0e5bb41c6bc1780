"""The one way to browsers' push services: a sealed message, the hub's name on it, and what the service says.

Source: RFC 8030 (5), RFC 8292 (2, 3), RFC 8291. No service is called that the operator has not let be called,
nobody is followed elsewhere, no answer is read beyond its status, and of an address only the host is logged:
whoever has it could reach the browser. What is about the hub or the service passes by itself or by an
operator.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

import httpx
import structlog
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.kernel.refusal import OutageOf, Refusal
from hub.people.push import PushServiceUnknown, Subscription, require_known
from hub.people.push_sealing import seal
from hub.plumbing.aside import aside
from hub.plumbing.outbound import PATIENCE_SECONDS, gateway_client
from hub.signing.keyring import Keyring
from hub.signing.public_key import PublicKey, b64url

log = structlog.get_logger(__name__)

TOKEN_LIVES = timedelta(hours=1)
"""A day at most (RFC 8292 2)."""
_GONE = frozenset({404, 410})
_PASSES = frozenset({408, 425, 429})
_SERVERS_FAULT = 500


class PushAway(OutageOf):
    """The service does not answer, or wants less at a time."""

    code = "people.push-away"
    retry_after = timedelta(seconds=30)


class PushRefused(Refusal):
    """The service does not take the hub's messages: an operator has to look why."""

    code = "people.push-refused"


class Gone(Exception):  # noqa: N818  # no error: a browser, or its person, has taken the subscription back
    """Nobody is reached by this subscription any more."""


@dataclass(frozen=True, slots=True)
class Message:
    content: bytes = field(repr=False)
    lives: timedelta
    """So long the service keeps it for a browser that is not there."""
    topic: str
    """One that is not delivered yet goes when the next of the same comes (RFC 8030 5.4)."""
    urgent: bool = False
    """Brought to a device that saves its battery too."""


class PushServices:
    """Of one process. `services`: the hosts that may be called, as `push.require_known` reads them."""

    def __init__(
        self,
        services: Collection[str] = (),
        contact: str = "",
        client: Callable[[], httpx.AsyncClient] = gateway_client,
    ) -> None:
        """`contact` is told to the services: whom to write to about the hub's messages."""
        self.services = frozenset(services)
        self._contact, self._make_client = contact, client

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        return self._make_client()

    async def close(self) -> None:
        if "_client" in vars(self):
            await self._client.aclose()

    async def send(
        self, keyring: Keyring, push_key: str, to: Subscription, message: Message, now: datetime
    ) -> None:
        """Hand one message to the browser's service. `push_key`: the hub's own that the browser was given.

        1. Whether it may be called is asked again: the operator's list may be shorter since.
        2. The hub says who it is to this service alone, and for an hour.
        3. What the service answers is sorted: taken, gone, refused, or away and tried again.
        """
        try:
            require_known(to.endpoint, self.services)
        except PushServiceUnknown:
            raise Gone from None
        signed = keyring.sign_push(push_key, self._claims(to.endpoint, now))
        if signed is None:
            raise Gone
        token, key = signed
        headers = {
            "Authorization": f"vapid t={token}, k={written(key)}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(message.lives.total_seconds())),
            "Urgency": "high" if message.urgent else "normal",
            "Topic": message.topic,
        }
        status = await self._status(to.endpoint, headers, await aside(lambda: seal(message.content, to)))
        if status in _GONE:
            raise Gone
        if status in _PASSES or status >= _SERVERS_FAULT:
            raise PushAway(status=status)
        if not httpx.codes.is_success(status):
            log.warning("push refused", service=urlsplit(to.endpoint).hostname, status=status)
            raise PushRefused(status=status)

    def _claims(self, endpoint: str, now: datetime) -> dict[str, object]:
        parts = urlsplit(endpoint)
        return {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + TOKEN_LIVES).timestamp()),
            "sub": self._contact,
        }

    async def _status(self, endpoint: str, headers: dict[str, str], body: bytes) -> int:
        try:
            async with (
                asyncio.timeout(PATIENCE_SECONDS),
                self._client.stream("POST", endpoint, content=body, headers=headers) as answer,
            ):
                return answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as trouble:
            raise PushAway(
                why=type(trouble).__name__
            ) from None  # the error holds the request, and its address


def written(key: PublicKey) -> str:
    """As a browser and a service read it: the uncompressed point."""
    point = key.material.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return b64url(point)
