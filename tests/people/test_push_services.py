"""A message on its way to a browser's service: who the hub says it is, and what each answer means."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from hub.people.gateways.push_services import Gone, Message, PushAway, PushRefused, PushServices, written
from hub.people.push import Subscription
from hub.signing.key_files import Kind
from hub.signing.keyring import KeyMissing, Keyring
from tests.peers.push_service import PushService, SubscribedBrowser

MESSAGE = Message(b"{}", timedelta(hours=3), "morning", urgent=True)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
async def services(service: PushService) -> AsyncIterator[PushServices]:
    services = PushServices({service.host}, "mailto:saikne@hub.example", service.client)
    yield services
    await services.close()


def subscribed(service: PushService, keyring: Keyring) -> tuple[SubscribedBrowser, str]:
    key = keyring.push_key()
    assert key is not None
    return service.subscribe(written(key)), key.key_id


async def send(services: PushServices, keyring: Keyring, browser: SubscribedBrowser, key: str) -> None:
    await services.send(keyring, key, Subscription.read(browser.json()), MESSAGE, datetime.now(UTC))


async def test_a_service_knows_the_hub_and_the_browser_reads_what_it_said(
    service: PushService, services: PushServices, keyring: Keyring
) -> None:
    browser, key = subscribed(service, keyring)
    await send(services, keyring, browser, key)
    (message,) = service.pushed
    assert message.answered == 201
    assert browser.opened(message) == b"{}"
    told = {name: message.headers[name] for name in ("ttl", "urgency", "topic", "content-encoding")}
    assert told == {"ttl": "10800", "urgency": "high", "topic": "morning", "content-encoding": "aes128gcm"}


@pytest.mark.parametrize(
    ("status", "means"),
    [
        *((status, Gone) for status in (404, 410)),
        *((status, PushAway) for status in (408, 425, 429, 500, 502, 503, 507)),
        *((status, PushRefused) for status in (301, 307, 400, 401, 403, 413)),
    ],
)
async def test_each_answer_means_one_thing(
    service: PushService,
    services: PushServices,
    keyring: Keyring,
    status: int,
    means: type[Exception],
) -> None:
    browser, key = subscribed(service, keyring)
    service.next = [status]
    with pytest.raises(means):
        await send(services, keyring, browser, key)
    assert len(service.pushed) == 1, "nobody is followed elsewhere"
    if means is PushAway:
        await send(services, keyring, browser, key)
        assert [one.answered for one in service.pushed] == [status, 201]


async def test_a_service_that_is_away_is_told_without_its_address(
    service: PushService, keyring: Keyring
) -> None:
    browser, key = subscribed(service, keyring)

    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no way to {request.url}")

    services = PushServices(
        {service.host}, "mailto:x@y.example", lambda: httpx.AsyncClient(transport=httpx.MockTransport(broken))
    )
    with capture_logs() as logs, pytest.raises(PushAway) as away:
        await send(services, keyring, browser, key)
    await services.close()
    assert away.value.kind == "people.push-away ConnectError"
    assert away.value.__suppress_context__
    assert logs == []


async def test_a_service_that_is_no_longer_on_the_list_is_not_called(
    service: PushService, keyring: Keyring
) -> None:
    browser, key = subscribed(service, keyring)
    services = PushServices({"fcm.googleapis.com"}, "mailto:x@y.example", service.client)
    with pytest.raises(Gone):
        await send(services, keyring, browser, key)
    assert service.pushed == []


async def test_an_older_key_serves_its_browsers_until_it_is_withdrawn(
    service: PushService, services: PushServices, keyring: Keyring
) -> None:
    browser, old = subscribed(service, keyring)
    new = keyring.renew(Kind.PUSH)
    shown = keyring.push_key()
    assert shown is not None
    assert shown.key_id == new
    await send(services, keyring, browser, old)
    assert service.pushed[-1].answered == 201
    with pytest.raises(PushRefused):
        await send(services, keyring, browser, new)
    keyring.retire(Kind.PUSH, old)
    with pytest.raises(Gone):
        await send(services, keyring, browser, old)
    with pytest.raises(KeyMissing):
        await send(services, keyring, browser, "x" * 43)
    assert len(service.pushed) == 2
