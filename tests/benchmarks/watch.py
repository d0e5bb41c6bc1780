"""What several turns took, part by part."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Turns:
    """What each of several turns took: seconds by stopwatch, and of the server's processors."""

    seconds: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    parts: list[dict[str, float]] = field(default_factory=list)


class Watch:
    """A stopwatch with names."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}

    @contextmanager
    def on(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.parts[what] = round(time.perf_counter() - began, 2)

    def tell(self, turns: Turns, server: float) -> None:
        turns.seconds.append(sum(self.parts.values()))
        turns.server.append(server)
        turns.parts.append(self.parts)
