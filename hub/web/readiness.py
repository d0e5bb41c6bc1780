"""Whether the hub can do its work now: what it stands on, looked at one by one, and seldom.

A stranger may ask as often as he likes: what was seen is told again for some seconds, and nobody looks twice
at once. What is looked at, the composition root says. A 503 names what is not ready, and nothing else of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic

import structlog

from hub.kernel.refusal import Outage

log = structlog.get_logger(__name__)

TOLD_AGAIN_SECONDS = 3.0
PATIENCE_SECONDS = 4.0

Look = Callable[[], Awaitable[None]]
"""Raises whatever it likes when what it looks at is not ready."""


class Ground(StrEnum):
    """What the hub stands on."""

    DATABASE = "database"
    KEYS = "keys"
    OBJECTS = "objects"
    PROMISES = "promises"


class NotReady(Outage):
    code = "hub.not-ready"


class PromisesOverdue(Exception):  # noqa: N818  # says what is the matter
    """A promise has waited for too long: no worker, or one without its gateways."""


@dataclass(slots=True)
class Readiness:
    looks: Mapping[Ground, Look]
    _seen: list[Ground] = field(default_factory=list)
    _at: float = float("-inf")
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def missing(self) -> list[Ground]:
        """What is not ready, in the order of the list."""
        async with self._alone:
            if monotonic() - self._at > TOLD_AGAIN_SECONDS:
                seen = await asyncio.gather(*(self._is_missing(*one) for one in self.looks.items()))
                self._seen = [ground for ground, missing in zip(self.looks, seen, strict=True) if missing]
                self._at = monotonic()
            return self._seen

    async def _is_missing(self, ground: Ground, look: Look) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await look()
        except Exception as trouble:  # noqa: BLE001  # whatever it is, this is not ready
            if ground not in self._seen:
                log.warning("not ready", what=ground.value, cause=trouble)
            return True
        if ground in self._seen:
            log.info("ready again", what=ground.value)
        return False
