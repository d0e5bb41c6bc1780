"""Which subscriptions the hub uses, and a message sealed for one browser as RFC 8291 has it."""

from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from hub.people.push import (
    ENDPOINT_AT_MOST,
    PushServiceUnknown,
    Subscription,
    SubscriptionMalformed,
    require_known,
    subscribed,
)
from hub.people.push_sealing import LONGEST_BYTES, seal, sealed
from hub.settings import Settings
from tests.peers.push_service import Pushed, SubscribedBrowser, b64url, raw_of

SERVICES = frozenset({"fcm.googleapis.com", "*.push.apple.com", "localhost:4433"})
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
BROWSER = SubscribedBrowser(ENDPOINT)


@pytest.mark.parametrize(
    "endpoint",
    [
        ENDPOINT,
        "https://fcm.googleapis.com:443/x",
        "https://FCM.googleapis.com/x",
        "https://web.push.apple.com/QGf?y=1",
        "https://localhost:4433/push/x",
    ],
)
def test_a_service_that_the_operator_lets_be_called_is_known(endpoint: str) -> None:
    require_known(endpoint, SERVICES)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://fcm.googleapis.com@evil.example/x",
        "https://evil.example#@fcm.googleapis.com",
        "https://evil.example\\@fcm.googleapis.com/x",
        "https://push.apple.com/x",
        "https://a.b.push.apple.com/x",
        "https://xpush.apple.com/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://localhost:443/x",
        "https://[::1]/x",
        "https://fcm.googleapis.com:x/",
        "https://[fcm.googleapis.com/x",
        "https://fcm.googleapis.com /x",
        "https://fcm.googleapis.com/x\r\nHost: evil.example",
        "https://fcm。googleapis.com/x",
        "file:///etc/passwd",
        "//fcm.googleapis.com/x",
        "*.push.apple.com",
    ],
)
def test_no_other_address_is_ever_called(endpoint: str) -> None:
    with pytest.raises(PushServiceUnknown):
        require_known(endpoint, SERVICES)
    with pytest.raises(PushServiceUnknown):
        require_known(ENDPOINT, frozenset())


def test_browser_vendors_services_are_known_where_nothing_is_set() -> None:
    for endpoint in (
        ENDPOINT,
        "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://web.push.apple.com/x",
        "https://wns2-am3p.notify.windows.com/w/?token=x",
    ):
        require_known(endpoint, Settings().push_hosts)


def test_a_subscription_is_kept_as_the_browser_made_it() -> None:
    kept = subscribed({"subscription": BROWSER.json()}, SERVICES)
    assert Subscription.of(kept.written()) == kept
    assert (kept.endpoint, kept.p256dh, kept.auth) == (ENDPOINT, BROWSER.point, BROWSER.auth)
    for shown in (repr(kept), str(kept)):
        assert "fcm" not in shown


KEYS = BROWSER.json()["keys"]


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "x",
        {},
        {"endpoint": ENDPOINT},
        {"endpoint": ENDPOINT, "keys": []},
        {"endpoint": ENDPOINT, "keys": {**KEYS, "auth": b64url(b"x" * 15)}},
        {"endpoint": ENDPOINT, "keys": {**KEYS, "auth": b64url(b"x" * 17)}},
        {"endpoint": ENDPOINT, "keys": {**KEYS, "auth": 16}},
        {"endpoint": ENDPOINT, "keys": {**KEYS, "auth": "ā" * 22}},
        {"endpoint": ENDPOINT, "keys": {**KEYS, "p256dh": b64url(b"\4" + b"x" * 64)}},
        {"endpoint": ENDPOINT, "keys": {**KEYS, "p256dh": b64url(BROWSER.point[:33])}},
        {"endpoint": ENDPOINT, "keys": {**KEYS, "p256dh": "A" * 100_000}},
        {"endpoint": ENDPOINT, "keys": {"auth": KEYS["auth"]}},
        {"endpoint": None, "keys": KEYS},
        {"endpoint": ENDPOINT + "x" * ENDPOINT_AT_MOST, "keys": KEYS},
    ],
)
def test_what_no_browser_makes_is_refused(said: Any) -> None:
    with pytest.raises(SubscriptionMalformed):
        subscribed({"subscription": said}, SERVICES)


def pushed(body: bytes) -> Pushed:
    return Pushed("/", {}, body, 201)


def test_the_message_of_rfc_8291_comes_out_as_it_stands_there() -> None:
    """Appendix A: its keys, its salt, its message."""
    own = derive_private_key(
        int.from_bytes(raw_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), SECP256R1()
    )
    browser = Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        raw_of("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        raw_of("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    salt = raw_of("DGv6ra1nlYgDCS1FRnbzlw")
    said = b"When I grow up, I want to be a watermelon"
    assert b64url(sealed(said, browser, own, salt)) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("said", [b"", b"x", "Saikne: ķīļ".encode() * 50, b"x" * LONGEST_BYTES])
def test_another_implementation_opens_what_was_sealed_and_its_length_tells_nothing(said: bytes) -> None:
    body = seal(said, Subscription.read(BROWSER.json()))
    assert BROWSER.opened(pushed(body)) == said
    assert len(body) == LONGEST_BYTES + 103
    assert body != seal(said, Subscription.read(BROWSER.json())), "a key and a salt are used once"


def test_no_other_browser_opens_it_and_nothing_longer_is_sealed() -> None:
    body = seal(b"x", Subscription.read(BROWSER.json()))
    with pytest.raises(http_ece.ECEException):
        SubscribedBrowser(ENDPOINT).opened(pushed(body))
    with pytest.raises(ValueError, match="longer"):
        seal(b"x" * (LONGEST_BYTES + 1), Subscription.read(BROWSER.json()))
