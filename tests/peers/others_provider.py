"""`oidc-provider-mock`, an OpenID provider of others' making, as a process of its own.

It shows pages and asks who comes; any client is welcome. On Python 3.11 its last version is 0.3.4.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


@contextmanager
def others_provider(folder: Path) -> Iterator[str]:
    """Its issuer, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    command = sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(port)
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "NO_COLOR": "1"})
        try:
            _wait_for(f"{issuer}/.well-known/openid-configuration")
            yield issuer
        finally:
            process.terminate()
            process.wait()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)
