import http.server
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Condition, Thread
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from saikne_demo.phone import Phone

TOKEN = "gateway-token"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NUMBER = "+37120000001"


class Hub:
    """Where delivery reports arrive; answers as it is told, then with success."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.changed = Condition()
        hub = self

        class Callback(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with hub.changed:
                    hub.received.append((dict(self.headers.items()), body))
                    status = hub.answers.pop(0) if hub.answers else 204
                    hub.changed.notify_all()
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callback)
        self.url = f"http://127.0.0.1:{self.server.server_port}/reports"

    def reports(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.received) >= count, 10)
            return list(self.received)


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    thread = Thread(target=hub.server.serve_forever, args=(0.05,))
    thread.start()
    yield hub
    hub.server.shutdown()
    hub.server.server_close()
    thread.join()


@pytest.fixture
def phone() -> Iterator[Phone]:
    with Phone(token=TOKEN, webhook_secret=SECRET, report_pauses=(0, 0.01, 0.01)) as phone:
        yield phone


def post(phone: Phone, hub: Hub, *, key: str = "k-1", token: str = TOKEN, **wish: Any) -> httpx.Response:
    body = {"to": NUMBER, "text": "Parole: 7K3M", "reference": "ref-1", "sender": "Saikne"}
    body["callback_url"] = hub.url
    headers = {"authorization": f"Bearer {token}", "idempotency-key": key}
    return httpx.post(phone.url, json=body | wish, headers=headers, trust_env=False)


def test_a_text_arrives_at_its_number(phone: Phone, hub: Hub) -> None:
    answer = post(phone, hub)
    assert answer.status_code == 202
    message = phone.wait_for_message(NUMBER)
    assert (message.to, message.text, message.reference) == (NUMBER, "Parole: 7K3M", "ref-1")
    assert answer.json() == {"id": message.id}
    assert phone.inbox("+37120000002") == []


def test_the_same_key_gives_the_same_id_and_no_second_text(phone: Phone, hub: Hub) -> None:
    assert post(phone, hub).json() == post(phone, hub).json()
    assert len(phone.messages) == 1


def test_one_key_posted_eight_times_at_once_is_delivered_once(phone: Phone, hub: Hub) -> None:
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: post(phone, hub).json()["id"], range(8)))
    assert len(set(answers)) == 1
    assert len(phone.messages) == 1


def test_a_key_that_stands_for_another_text_is_refused(phone: Phone, hub: Hub) -> None:
    post(phone, hub)
    assert post(phone, hub, text="Parole: ZZZZ").json() == {"error": "idempotency-key-reused"}


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"token": "another"}, 401, "token"),
        ({"key": ""}, 400, "idempotency-key-missing"),
        ({"to": "20000001"}, 422, "number"),
        ({"text": None}, 400, "body"),
        ({"text": "a" * 70_000}, 413, "too-large"),
    ],
)
def test_the_gateway_refuses_what_a_real_one_refuses(
    phone: Phone, hub: Hub, change: dict[str, Any], status: int, error: str
) -> None:
    answer = post(phone, hub, **change)
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    assert phone.messages == ()


def test_the_report_verifies_as_a_standard_webhook(phone: Phone, hub: Hub) -> None:
    message_id = post(phone, hub).json()["id"]
    ((headers, body),) = hub.reports(1)
    told = Webhook(SECRET).verify(body, headers)
    assert told == json.loads(body)
    assert (told["id"], told["reference"], told["status"]) == (message_id, "ref-1", "delivered")


def test_a_report_does_not_verify_with_another_secret_or_another_body(phone: Phone, hub: Hub) -> None:
    post(phone, hub)
    ((headers, body),) = hub.reports(1)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 32).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"delivered", b"failed"), headers)


def test_a_report_is_repeated_under_the_same_name_until_the_hub_takes_it(phone: Phone, hub: Hub) -> None:
    hub.answers = [503, 500]
    post(phone, hub)
    reports = hub.reports(3)
    assert len({headers["webhook-id"] for headers, _ in reports}) == 1
    assert phone.wait_for(lambda phone: len(phone.reports) == 1)
    assert (phone.reports[0].attempts, phone.reports[0].accepted) == (3, True)


def test_a_report_nobody_takes_is_given_up(phone: Phone, hub: Hub) -> None:
    hub.answers = [500] * 9
    post(phone, hub)
    assert phone.wait_for(lambda phone: len(phone.reports) == 1)
    assert (phone.reports[0].attempts, phone.reports[0].accepted) == (3, False)


def test_a_report_can_say_that_the_text_never_arrived(phone: Phone, hub: Hub) -> None:
    phone.report_next("failed")
    post(phone, hub)
    ((_, body),) = hub.reports(1)
    assert json.loads(body)["status"] == "failed"


def test_held_reports_leave_when_released(phone: Phone, hub: Hub) -> None:
    phone.hold_reports()
    post(phone, hub)
    assert not phone.wait_for(lambda phone: bool(phone.reports), timeout=0.1)
    phone.release_reports()
    assert len(hub.reports(1)) == 1


@pytest.mark.parametrize("status", [503, 400])
def test_the_gateway_fails_as_often_as_asked_and_delivers_the_retry(
    phone: Phone, hub: Hub, status: int
) -> None:
    phone.fail_next(2, status)
    assert [post(phone, hub).status_code for _ in range(3)] == [status, status, 202]
    assert len(phone.messages) == 1


def test_a_lost_answer_is_recovered_by_the_same_key(phone: Phone, hub: Hub) -> None:
    phone.lose_answers(1)
    with pytest.raises(httpx.RemoteProtocolError):
        post(phone, hub)
    assert post(phone, hub).json() == {"id": phone.messages[0].id}
    assert len(phone.messages) == 1


def test_a_phone_started_again_keeps_its_address_and_its_messages(phone: Phone, hub: Hub) -> None:
    post(phone, hub)
    before = phone.url
    phone.stop()
    with pytest.raises(httpx.ConnectError):
        post(phone, hub)
    phone.start()
    assert phone.url == before
    assert post(phone, hub).json() == {"id": phone.messages[0].id}


def test_a_text_is_not_shown_in_a_representation(phone: Phone, hub: Hub) -> None:
    post(phone, hub)
    phone.wait_for(lambda phone: len(phone.reports) == 1)
    assert "7K3M" not in f"{phone.messages} {phone.reports}"


def test_waiting_for_a_text_that_never_comes_ends(phone: Phone) -> None:
    with pytest.raises(TimeoutError):
        phone.wait_for_message(NUMBER, timeout=0.01)
