"""What the hub measures, for Prometheus: counts of what was done, by how it ended; never an id, never a name.

Every label is of a closed list. The processes of `hub serve` count into files of one folder, put together for
whoever asks (`PROMETHEUS_MULTIPROC_DIR`, which the library looks for when it is loaded); a worker answers for
itself. What a worker finds in the database is in `hub.ops.figures`.
"""

import os
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Metric, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from hub.kernel.refusal import Outage, Refusal

PREFIX = "saikne"

STATEMENTS = Counter(f"{PREFIX}_statements", "Signed statements that were taken.", ["kind"])
UPLOADS = Counter(f"{PREFIX}_uploads", "Files of centres, by how it ended.", ["outcome"])
UPLOADED = Counter(f"{PREFIX}_uploaded_bytes", "What came of centres' files.")
MAILS = Counter(f"{PREFIX}_mails", "Letters handed to the mail server, by what it said.", ["outcome"])
MESSAGES = Counter(f"{PREFIX}_sms", "Messages handed to the SMS gateway, by what it said.", ["outcome"])
PROMISES = Counter(f"{PREFIX}_promises_tried", "Tries at promises, by how it ended.", ["job", "outcome"])

DONE, REFUSED, AWAY, FAILED = OUTCOMES = ("done", "refused", "away", "failed")
for _counter in (UPLOADS, MAILS, MESSAGES):
    for _outcome in OUTCOMES:
        _counter.labels(_outcome)  # a rate of what has not happened yet is nought, not absent

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def ending(counter: Counter, *labels: str) -> Iterator[None]:
    """Count how the block ends."""
    outcome = FAILED
    try:
        yield
        outcome = DONE
    except Refusal:
        outcome = REFUSED
        raise
    except Outage:
        outcome = AWAY
        raise
    finally:
        counter.labels(*labels, outcome).inc()


def counted(counter: Counter) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Coroutine[Any, Any, R]]]:
    """Count how each call ends."""

    def of(do: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        @wraps(do)
        async def counting(*args: P.args, **kwargs: P.kwargs) -> R:
            with ending(counter):
                return await do(*args, **kwargs)

        return counting

    return of


@contextmanager
def answering(address: tuple[str, int], registry: CollectorRegistry = REGISTRY) -> Iterator[int]:
    """Answer at `/metrics` while the block lasts; with port 0 at a free one; which."""
    server, thread = start_http_server(address[1], address[0], registry)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def together(folder: str) -> CollectorRegistry:
    """What several processes have counted into a folder, put together anew whenever somebody asks."""
    registry = CollectorRegistry()
    _Together(registry, folder)
    return registry


class _Together(MultiProcessCollector):
    """What is under way in a process that has died since is under way no more."""

    def __init__(self, registry: CollectorRegistry, folder: str) -> None:
        self._folder = Path(folder)
        super().__init__(registry, folder)  # type: ignore[no-untyped-call]

    def collect(self) -> Iterable[Metric]:
        for file in self._folder.glob("gauge_live*.db"):
            pid = int(file.stem.rpartition("_")[2])
            if not _lives(pid):
                mark_process_dead(pid, str(self._folder))  # type: ignore[no-untyped-call]
        found: Iterable[Metric] = super().collect()  # type: ignore[no-untyped-call]
        return list(found)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
