"""A hand-over of nothing but its obligations, run as by hand: the document's digest, curl, curl, one pass.

The bare receiver seals what curl brings; nginx, the quickest to send, gives it back; two threads open it. Key
and digests are handed on here, where a hub's statements carry them: of those only their ways are made.
"""

import hashlib
import hmac
import ssl
import subprocess
from http.client import HTTPSConnection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from tests.benchmarks.limits.receiving import CODE_BYTES, cipher, code
from tests.benchmarks.peers.nginx import Nginx
from tests.benchmarks.processes import Beside, processor_seconds
from tests.benchmarks.watch import Turns, Watch

WAYS = 6
"""Of a token, a request, a declaration, a dispatch, a look and a confirmation, beside both of the file."""
_BLOCK_BYTES = 1 << 18
_BLOCKS = 16
_NAME = "sealed"

LIMIT = (
    "kept: the document hashed before it is declared, sent by curl over TLS, there hashed, enciphered,"
    " authenticated, written and its archive hashed as it comes, fetched by curl over TLS, then read once,"
    " its code and both digests compared, deciphered and written, and six ways there and back; left out:"
    " what the statements say and write, the password's way by telephone, the library, the framework"
)


class NotWhole(Exception):  # noqa: N818  # says what it is
    """What was opened is not what was sent: its figure would mean nothing."""


def by_limit(receiver: Beside, server: Nginx, trusted: Path, document: Path, turns: Turns) -> None:
    home = document.parent
    fetched, into = home / "by-limit.sealed", home / "by-limit"
    watch = Watch()
    before = processor_seconds(receiver.pid) + processor_seconds(server.pid)
    curl = ["curl", "--silent", "--show-error", "--fail", "--http1.1", "--cacert", str(trusted)]
    there = f"https://127.0.0.1:{receiver.port}/{_NAME}"
    with watch.on("digest"), document.open("rb") as file:
        declared = hashlib.file_digest(file, "sha256").hexdigest()
    with watch.on("send"):
        sent = subprocess.run([*curl, "--upload-file", str(document), there], check=True, capture_output=True)
    with watch.on("fetch"):
        subprocess.run([*curl, "--output", str(fetched), f"{server.url}/{_NAME}"], check=True)
    with watch.on("open"):
        opened = opened_by_two(fetched, into)
    with watch.on("ways"):
        _go(receiver.port, trusted)
    server_seconds = processor_seconds(receiver.pid) + processor_seconds(server.pid) - before
    if sent.stdout.decode().split() != [declared, opened[1]] or opened[0] != declared:
        raise NotWhole
    watch.tell(turns, server_seconds)
    for path in (fetched, into, server.files / _NAME):
        path.unlink()


def opened_by_two(archive: Path, into: Path) -> tuple[str, str]:
    """The digests of the document and of its archive. One thread reads and proves, the other opens."""
    whole, proof, clear = hashlib.sha256(), code(), hashlib.sha256()
    opening = cipher()
    idle: SimpleQueue[memoryview] = SimpleQueue()
    ready: SimpleQueue[tuple[memoryview, int] | None] = SimpleQueue()
    for _ in range(_BLOCKS):
        idle.put(memoryview(bytearray(_BLOCK_BYTES)))

    def write() -> None:
        memory = memoryview(bytearray(_BLOCK_BYTES + 15))
        with into.open("wb", buffering=0) as target:
            while (one := ready.get()) is not None:
                block, length = one
                opening.update_into(block[:length], memory)
                idle.put(block)
                clear.update(memory[:length])
                target.write(memory[:length])

    other, left = Thread(target=write), archive.stat().st_size - CODE_BYTES
    other.start()
    with archive.open("rb", buffering=0) as source:
        while left:
            block = idle.get()
            length = source.readinto(block[:left])
            proof.update(block[:length])
            whole.update(block[:length])
            ready.put((block, length))
            left -= length
        told = source.read()
    ready.put(None)
    other.join()
    whole.update(told)
    if not hmac.compare_digest(proof.digest()[:CODE_BYTES], told):
        raise NotWhole
    return clear.hexdigest(), whole.hexdigest()


def _go(port: int, trusted: Path) -> None:
    """The ways of the statements, on a connection that stays open."""
    connection = HTTPSConnection("127.0.0.1", port, context=ssl.create_default_context(cafile=str(trusted)))
    for _ in range(WAYS):
        connection.request("GET", "/")
        connection.getresponse().read()
    connection.close()
