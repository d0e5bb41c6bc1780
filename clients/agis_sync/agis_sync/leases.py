"""How long a claim is the job's own, by the job's clock: counted from before the claim was made.

The hub counts from when it answered, so the job stops first, whatever the two clocks say.
"""

import time
from dataclasses import dataclass

RESERVE = 0.2
"""The last part of a lease is kept for reporting: nothing is begun in it."""


@dataclass(frozen=True)
class Lease:
    seconds: int
    began: float

    @classmethod
    def beginning(cls, seconds: int) -> "Lease":
        return cls(seconds, time.monotonic())

    @property
    def left(self) -> float:
        """Seconds until it ends."""
        return self.began + self.seconds - time.monotonic()

    @property
    def may_begin(self) -> bool:
        return self.left > self.seconds * RESERVE

    @property
    def work_left(self) -> float:
        """Seconds until a delivery is broken off, so that its outcome can still be reported."""
        return max(self.left - self.seconds * RESERVE / 2, 0)
