"""`hub serve` as a process among others: how it begins, how it ends, and what it holds open meanwhile."""

import asyncio
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
import trustme

from tests.conftest import Cluster

SECONDS = 180
_POST = b"POST /oauth/token HTTP/1.1\r\nHost: hub\r\nContent-Type: application/x-www-form-urlencoded\r\n"
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_SETTINGS = b"\0\0\0\4\0\0\0\0\0"


@dataclass(frozen=True)
class Serving:
    process: subprocess.Popen[bytes]
    port: int


@contextmanager
def serving(database_url: str, home: Path, host: str = "127.0.0.1", **settings: str) -> Iterator[Serving]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    scheme = "https" if "HUB_TLS_KEY" in settings else "http"
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    environment = {
        **os.environ,
        "HUB_HOME": str(home),
        "HUB_BIND": place,
        "HUB_PUBLIC_URL": f"{scheme}://{place}",
        "HUB_DATABASE_URL": database_url,
        **settings,
    }
    hub = subprocess.Popen(
        [sys.executable, "-m", "hub", "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert _until(f"{scheme}://{place}", answers=True)
        yield Serving(hub, port)
    finally:
        if hub.poll() is None:
            os.killpg(hub.pid, signal.SIGKILL)
        hub.wait()


def test_a_hub_that_is_killed_leaves_no_process_behind_that_goes_on_serving(
    cluster: Cluster, database_name: str, tmp_path: Path
) -> None:
    with serving(cluster.url(database_name), tmp_path) as hub:
        hub.process.send_signal(signal.SIGKILL)
        assert _until(f"http://127.0.0.1:{hub.port}", answers=False)


def test_a_hub_that_is_stopped_ends_whatever_is_being_sent_and_read(
    cluster: Cluster, database_name: str, tmp_path: Path
) -> None:
    patient = {"HUB_BODY_SILENCE": "PT1H", "HUB_HEAD_TIME": "PT1H", "HUB_UPLOAD_SILENCE": "PT1H"}
    with (
        serving(cluster.url(database_name), tmp_path, HUB_STOP_TIME="PT2S", **patient) as hub,
        _connected(hub) as sending,
        _connected(hub) as reading,
    ):
        sending.sendall(_POST + b"Content-Length: 1000\r\n\r\nx")
        reading.sendall(b"GET /schema/openapi.json HTTP/1.1\r\nHost: hub\r\n\r\n" * 40)
        assert reading.recv(1)
        hub.process.send_signal(signal.SIGTERM)
        hub.process.wait(SECONDS)


def test_a_stopped_hub_lets_a_call_come_to_its_end(
    cluster: Cluster, database_name: str, tmp_path: Path
) -> None:
    with serving(cluster.url(database_name), tmp_path, HUB_STOP_TIME="PT60S") as hub, _connected(hub) as line:
        line.sendall(_POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert line.recv(1 << 16).startswith(b"HTTP/1.1 100")
        hub.process.send_signal(signal.SIGTERM)
        line.sendall(b"a=b")
        assert line.recv(1 << 16).startswith(b"HTTP/1.1 40")
        hub.process.wait(SECONDS)


@pytest.fixture(scope="module")
def impatient(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A hub that gives up a connection on which nothing is said for a second."""
    name = asyncio.run(cluster.create(template))
    with serving(cluster.url(name), tmp_path_factory.mktemp("impatient"), HUB_HEAD_TIME="PT1S") as hub:
        yield hub
    asyncio.run(cluster.drop(name))


@pytest.fixture(scope="module")
def impatient_tls(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """The same, and TLS ends in it."""
    name, home = asyncio.run(cluster.create(template)), tmp_path_factory.mktemp("tls")
    certificate = trustme.CA().issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(home / "hub.pem")
    certificate.private_key_pem.write_to_path(home / "hub.key")
    files = {"HUB_TLS_CERTIFICATE": str(home / "hub.pem"), "HUB_TLS_KEY": str(home / "hub.key")}
    with serving(cluster.url(name), home, HUB_HEAD_TIME="PT1S", **files) as hub:
        yield hub
    asyncio.run(cluster.drop(name))


@pytest.mark.parametrize("tls", [False, True])
def test_a_connection_without_a_call_is_given_up_whatever_it_speaks(
    request: pytest.FixtureRequest,
    tls: bool,  # noqa: FBT001
) -> None:
    hub = request.getfixturevalue("impatient_tls" if tls else "impatient")
    begun = {
        "nothing": b"",
        "half a head": _POST,
        "half a preface": _PREFACE[:8],
        "nothing more": _PREFACE + _SETTINGS,
    }
    lines = {name: _connected(hub, tls=tls) for name in begun}
    for name, line in lines.items():
        line.sendall(begun[name])
    assert {name: _ends(line) for name, line in lines.items()} == dict.fromkeys(begun, True)


def test_a_connection_on_which_calls_are_made_is_held_however_long(impatient: Serving) -> None:
    _hold("127.0.0.1", impatient)


def test_the_same_holds_by_the_newer_protocol(cluster: Cluster, database_name: str, tmp_path: Path) -> None:
    with serving(cluster.url(database_name), tmp_path, "::1", HUB_HEAD_TIME="PT1S") as hub:
        _hold("::1", hub)


def test_where_tls_ends_in_the_hub_http_2_is_spoken_and_elsewhere_not(impatient_tls: Serving) -> None:
    line = _connected(impatient_tls, tls=True)
    assert isinstance(line, ssl.SSLSocket)
    assert line.selected_alpn_protocol() == "h2"
    line.sendall(_PREFACE + _SETTINGS)
    frame = line.recv(1 << 16)
    settings = frame[9 : 9 + int.from_bytes(frame[:3], "big")]
    told = {
        settings[at : at + 2]: int.from_bytes(settings[at + 2 : at + 6], "big")
        for at in range(0, len(settings), 6)
    }
    assert (told[b"\0\3"], told[b"\0\6"]) == (32, 65536)  # streams at once, bytes of a head
    line.close()


def test_of_one_address_a_hub_holds_so_many_connections_and_goes_on_answering(
    cluster: Cluster, database_name: str, tmp_path: Path
) -> None:
    bounds = {"HUB_CONNECTIONS_AN_ADDRESS": "20", "HUB_HEAD_TIME": "PT1H"}
    with serving(cluster.url(database_name), tmp_path, **bounds) as hub:
        crowd = [
            socket.create_connection(("127.0.0.1", hub.port), source_address=("127.0.0.9", 0))
            for _ in range(80)
        ]
        few = [
            socket.create_connection(("127.0.0.1", hub.port), source_address=("127.0.0.8", 0))
            for _ in range(10)
        ]
        end = time.monotonic() + SECONDS
        while len([line for line in crowd if _is_open(line)]) > 20 and time.monotonic() < end:
            time.sleep(0.1)
        assert len([line for line in crowd if _is_open(line)]) == 20
        assert _until(f"http://127.0.0.1:{hub.port}", answers=True)
        assert [_is_open(line) for line in few] == [True] * 10
        for line in (*crowd, *few):
            line.close()


def _hold(host: str, hub: Serving) -> None:
    """Three calls a second, three times as long as a connection that rests is held."""
    line = HTTPConnection(host, hub.port, timeout=SECONDS)
    line.connect()
    line.auto_open = 0
    for _ in range(20):
        line.request("GET", "/v1/live")
        answer = line.getresponse()
        assert (answer.status, bool(answer.read())) == (200, True)
        time.sleep(0.3)
    line.close()


def _connected(hub: Serving, *, tls: bool = False) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", hub.port), timeout=SECONDS)
    if not tls:
        return line
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    trusting.set_alpn_protocols(["h2", "http/1.1"])
    return trusting.wrap_socket(line)


def _ends(line: socket.socket) -> bool:
    """Whether the other side ends it, before the patience of a test does."""
    line.settimeout(SECONDS)
    try:
        while line.recv(1 << 16):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    finally:
        line.close()
    return True


def _is_open(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def _until(url: str, *, answers: bool) -> bool:
    """Whether the hub begins, or stops, to answer in time."""
    end = time.monotonic() + SECONDS
    with httpx.Client(trust_env=False, timeout=5, verify=False) as client:  # noqa: S501  # a certificate of the test itself
        while time.monotonic() < end:
            try:
                client.get(f"{url}/v1/health").raise_for_status()
            except (httpx.TransportError, httpx.HTTPStatusError):
                answered = False
            else:
                answered = True
            if answered == answers:
                return True
            time.sleep(0.05)
    return False
