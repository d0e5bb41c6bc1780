"""What a browser's subscription to push messages has to be: of a known service, with keys, one of a few.

Source: Push API (W3C), RFC 8030, 8291 (3.1, 3.2); security.md, threat 24. The address comes from a browser
and is called by the hub: it is of a service that the operator lets be called, and of no other host.
"""

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Refusal
from hub.signing.public_key import b64url

AT_MOST = 10
"""Browsers that tell one person."""
LABEL_AT_MOST = 60
ENDPOINT_AT_MOST = 1024
"""Characters: those of today's services have about 200."""
_POINT_BYTES, _SECRET_BYTES = 65, 16
_BY_TLS = 443


class PushNotOffered(Refusal):
    """The operator has made no key for push messages."""

    code = "people.push-not-offered"


class PushServiceUnknown(Refusal):
    """Its address is not of one of the services that the operator lets the hub call."""

    code = "people.push-service-unknown"


class SubscriptionMalformed(Refusal):
    """No browser makes such a subscription, or it was made with a key that the hub gives out no more."""

    code = "people.subscription-malformed"


class SubscriptionUnknown(Refusal):
    """It was taken back already, or is somebody else's."""

    code = "people.subscription-unknown"


class TooManySubscriptions(Refusal):
    code = "people.too-many-subscriptions"


class Taken(StrEnum):
    """What became of the last message, as the service said."""

    TAKEN = "taken"
    REFUSED = "refused"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where one browser is reached, and what a message is sealed with: all of it known to nobody else."""

    endpoint: str = field(repr=False)
    p256dh: bytes = field(repr=False)
    """The browser's own point on P-256, uncompressed."""
    auth: bytes = field(repr=False)
    """16 bytes."""

    @property
    def digest(self) -> bytes:
        """By which it is found, and which tells nobody where it leads."""
        return hashlib.sha256(self.endpoint.encode()).digest()

    def written(self) -> str:
        keys = {"p256dh": b64url(self.p256dh), "auth": b64url(self.auth)}
        return json.dumps({"endpoint": self.endpoint, "keys": keys})

    @classmethod
    def read(cls, said: object) -> Self:
        """As a browser writes it (`PushSubscription.toJSON`)."""
        try:
            endpoint, keys = said["endpoint"], said["keys"]  # type: ignore[index]  # or it is none
            point, secret = _bytes(keys["p256dh"], _POINT_BYTES), _bytes(keys["auth"], _SECRET_BYTES)
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
        except (KeyError, TypeError, ValueError):
            raise SubscriptionMalformed from None
        if not isinstance(endpoint, str) or len(endpoint) > ENDPOINT_AT_MOST:
            raise SubscriptionMalformed
        return cls(endpoint, point, secret)

    @classmethod
    def of(cls, written: str) -> Self:
        return cls.read(json.loads(written))


def require_known(endpoint: str, services: Collection[str]) -> None:
    """That a message goes to one of these hosts by TLS: a name, one behind `*.`, or a name with a port."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port or _BY_TLS
    except ValueError:
        raise PushServiceUnknown from None
    plain = endpoint.isascii() and endpoint.isprintable() and not set(" \\#@") & set(endpoint)
    named = {host, f"*.{host.partition('.')[2]}"} if port == _BY_TLS else {f"{host}:{port}"}
    if not plain or parts.scheme != "https" or not named & set(services):
        raise PushServiceUnknown


def subscribed(said: JsonObject, services: Collection[str]) -> Subscription:
    """What a page has sent of its browser, if the hub may use it."""
    subscription = Subscription.read(said.get("subscription"))
    require_known(subscription.endpoint, services)
    return subscription


def label_of(said: JsonObject) -> str:
    """What the person calls the device, as far as it can be written."""
    label = said.get("label")
    signs = label[: 2 * LABEL_AT_MOST] if isinstance(label, str) else ""
    return "".join(filter(str.isprintable, signs)).strip()[:LABEL_AT_MOST]


def _bytes(written: object, count: int) -> bytes:
    if not isinstance(written, str) or len(written) > 2 * count:
        raise SubscriptionMalformed
    raw = urlsafe_b64decode(written + "=" * (-len(written) % 4))
    if len(raw) != count:
        raise SubscriptionMalformed
    return raw
