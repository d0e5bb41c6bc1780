"""What the machine's processor needs for the passes over its bytes that nobody who seals them can leave out.

Two figures: processor seconds of one thread for the passes of a whole hand-over's server, and how quick two
threads make an archive's entry out of a file. Both by OpenSSL, in memory that is used again. AES-256 counts
as OpenSSL counts: the ZIP's order of bytes costs nobody who writes the cipher in C.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from tests.benchmarks.calls import Body
from tests.benchmarks.limits.receiving import CODE_BYTES, cipher, code

_BLOCK_BYTES = 1 << 18
"""Small enough to stay near the processor from one pass to the next."""
_BLOCKS = 16


def of_a_server(length: int) -> dict[str, float]:
    """Processor seconds of each pass over a document's bytes: it is hashed as it comes, enciphered and
    authenticated; and the archive that is made of it is hashed, since evidence names its digest.
    """
    clear, sealed = hashlib.sha256(), hashlib.sha256()
    proof, covering = code(), cipher()
    memory = bytearray(len(next(iter(Body(length).blocks()))) + 15)
    passes: dict[str, Callable[[memoryview], object]] = {
        "sha256_of_document": clear.update,
        "aes256_ctr": lambda block: covering.update_into(block, memory),
        "hmac_sha1": proof.update,
        "sha256_of_archive": sealed.update,
    }
    return {name: _processor_seconds(one, length) for name, one in passes.items()}


def _processor_seconds(work: Callable[[memoryview], object], length: int) -> float:
    began = time.thread_time()
    for block in Body(length).blocks():
        work(block)
    return time.thread_time() - began


def sealed_by_two(clear: Path, archive: Path) -> None:
    """One thread reads, enciphers and writes; the other authenticates what the first has enciphered."""
    proof, covering = code(), cipher()
    block = memoryview(bytearray(_BLOCK_BYTES))
    idle: SimpleQueue[memoryview] = SimpleQueue()
    ready: SimpleQueue[tuple[memoryview, int] | None] = SimpleQueue()
    for _ in range(_BLOCKS):
        idle.put(memoryview(bytearray(_BLOCK_BYTES + 15)))

    def authenticate() -> None:
        while (one := ready.get()) is not None:
            memory, length = one
            proof.update(memory[:length])
            idle.put(memory)

    other = Thread(target=authenticate)
    other.start()
    with clear.open("rb", buffering=0) as source, archive.open("wb", buffering=0) as target:
        while length := source.readinto(block):
            memory = idle.get()
            covering.update_into(block[:length], memory)
            ready.put((memory, length))
            target.write(memory[:length])
        ready.put(None)
        other.join()
        target.write(proof.digest()[:CODE_BYTES])
