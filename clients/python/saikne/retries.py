"""When a call is made again: only after an outage, a bounded number of times, later each time.

Retried are broken connections, time-outs and the answers 408, 429, 502, 503, 504 and 507: "not now".
A refusal is final, and so is a 500: a fault of the hub's is not cured by asking again. `Retry-After` is
honoured unless it asks for more patience than there is. A statement keeps its bytes and with them its
identity; its signature, nonce and DPoP proof are new each time, so that a retry is never taken for a replay.

A hub that cannot be reached is tried in one series, whatever is called meanwhile: one call tries, the others
wait for what becomes of it.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from saikne.problems import UNREACHABLE, HubOutage

T = TypeVar("T")
_DICE = random.SystemRandom()


@dataclass(frozen=True)
class Patience:
    attempts: int = 6
    first_pause: timedelta = timedelta(seconds=0.4)
    longest_pause: timedelta = timedelta(seconds=20)

    def pause_after(self, attempt: int, outage: HubOutage) -> timedelta | None:
        """How long to wait after the attempt of this number (from 1); `None` to give up."""
        if not outage.again or attempt >= self.attempts:
            return None
        if outage.retry_after is not None:
            return outage.retry_after if outage.retry_after <= self.longest_pause else None
        doublings = min(attempt - 1, 16)
        ceiling = min(self.first_pause * (1 << doublings), self.longest_pause)
        return timedelta(seconds=ceiling.total_seconds() * _DICE.uniform(0.5, 1))


class Perseverance:
    """The patience of one conversation, shared by all of its calls."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self._series: asyncio.Future[HubOutage | None] | None = None

    async def persist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Make the attempt until it succeeds, is refused, or patience ends."""
        try:
            return await attempt()
        except HubOutage as outage:
            lost = outage
        if lost.code != UNREACHABLE:
            return await self._again(attempt, lost)
        if self._series is not None:
            given_up = await asyncio.shield(self._series)
            if given_up is not None:
                raise given_up
            return await self.persist(attempt)
        return await self._in_one_series(attempt, lost)

    async def _again(self, attempt: Callable[[], Awaitable[T]], lost: HubOutage) -> T:
        number = 1
        while True:
            pause = self.patience.pause_after(number, lost)
            if pause is None:
                raise lost
            await asyncio.sleep(pause.total_seconds())
            number += 1
            try:
                return await attempt()
            except HubOutage as outage:
                lost = outage

    async def _in_one_series(self, attempt: Callable[[], Awaitable[T]], lost: HubOutage) -> T:
        """Try for all; those who wait are told that the hub is back, or that it was given up."""
        series = self._series = asyncio.get_running_loop().create_future()
        given_up = None
        try:
            return await self._again(attempt, lost)
        except HubOutage as outage:
            given_up = outage if outage.code == UNREACHABLE else None
            raise
        finally:
            self._series = None
            series.set_result(given_up)
