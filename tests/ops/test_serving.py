"""`hub serve` as a process among others: how it begins and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.conftest import Cluster

SECONDS = 30


def test_a_hub_that_is_killed_leaves_no_process_behind_that_goes_on_serving(
    cluster: Cluster, database_name: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    environment = {
        **os.environ,
        "HUB_HOME": str(tmp_path),
        "HUB_BIND": bind,
        "HUB_PUBLIC_URL": f"http://{bind}",
        "HUB_DATABASE_URL": cluster.url(database_name),
    }
    serve = [sys.executable, "-m", "hub", "serve"]
    hub = subprocess.Popen(
        serve, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        assert _until(bind, answers=True)
        hub.send_signal(signal.SIGKILL)
        assert _until(bind, answers=False)
    finally:
        os.killpg(hub.pid, signal.SIGKILL)
        hub.wait()


def _until(bind: str, *, answers: bool) -> bool:
    """Whether the hub begins, or stops, to answer in time."""
    end = time.monotonic() + SECONDS
    with httpx.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < end:
            try:
                client.get(f"http://{bind}/v1/health").raise_for_status()
            except (httpx.TransportError, httpx.HTTPStatusError):
                answered = False
            else:
                answered = True
            if answered == answers:
                return True
            time.sleep(0.05)
    return False
