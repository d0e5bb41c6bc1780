"""When a call is made again: only after an outage, a bounded number of times, later each time.

Retried are broken connections, time-outs and the answers 408, 429, 502, 503, 504 and 507: "not now".
A refusal is final, and so is a 500: a fault of the hub's is not cured by asking again. `Retry-After` is
honoured unless it asks for more patience than there is. A statement keeps its bytes and with them its
identity; its signature, nonce and DPoP proof are new each time, so that a retry is never taken for a replay.

A hub that cannot be reached is tried in one series, whatever is called meanwhile: one call tries, the others
wait for what becomes of it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from saikne.problems import UNREACHABLE, HubOutage
from saikne.steps import Flow, Need, Pause

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


def persist(attempt: Callable[[datetime], Flow[T]], patience: Patience) -> Flow[T]:
    """Make the attempt until it succeeds, is refused, or patience ends."""
    _, now = yield Need.TIME
    failed = 0
    while True:
        try:
            return (yield from attempt(now))
        except HubOutage as outage:
            lost = outage
        if not failed and lost.code == UNREACHABLE:
            back, now = yield Need.OTHERS
            if back:
                continue
        failed += 1
        pause = patience.pause_after(failed, lost)
        if pause is None:
            raise lost
        _, now = yield Pause(pause)
