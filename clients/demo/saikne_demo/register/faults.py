"""Which misbehaviour the register shows next: ordered by count, or left to chance with a seed.

Source: features N10. The list is closed; each value says what happens over HTTP and in files.
"""

from collections import Counter, deque
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from threading import Lock

from saikne_schemas.register_words import RejectedBecause


class Fault(StrEnum):
    SLOW = "slow"
    """Does its work, and answers `slow_seconds` later. Files: not in this round."""
    DOWN = "down"
    """503 with `Retry-After`, took nothing. Files: not in this round. (`stop` refuses connections.)"""
    BUSY = "busy"
    """429 with `Retry-After`, took nothing. Files: not in this round."""
    BREAKS_OFF = "breaks_off"
    """Takes the entry and closes without an answer. Files: takes it, acknowledges nothing."""
    ERROR_AFTER = "error_after"
    """Takes the entry and answers 500. Files: takes it, leaves the files and acknowledges nothing yet."""
    ERROR_BEFORE = "error_before"
    """Answers 500 and took nothing. Files: not in this round."""
    DUPLICATE = "duplicate"
    """Takes the same message twice, as behind a proxy that repeats. Files: acknowledges again next round."""
    REJECTS = "rejects"
    """Rejects the entry because of `rejects_because`, for good."""
    ACKNOWLEDGES_LATE = "acknowledges_late"
    """202 first; the `late_asks`-th question finds it registered. Files: each round is a question."""
    FORGETS = "forgets"
    """202, and then knows nothing of it."""
    WRONG_DIGEST = "wrong_digest"
    """Takes it, and its answer names another entry's digest. Files: half an acknowledgement beside the
    whole one's digest; the whole one comes next round."""


class Deed(StrEnum):
    """What the register is asked for."""

    SEND = "send"
    ASK = "ask"
    EXTRACT = "extract"
    TOKEN = "token"  # noqa: S105  # a word, no secret


NEEDS_NO_ENTRY = frozenset({Fault.SLOW, Fault.DOWN, Fault.BUSY, Fault.BREAKS_OFF, Fault.ERROR_BEFORE})
"""These can also befall a question, an extract, or the asking for a token."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How faults are made; may be exchanged at any time."""

    slow_seconds: float = 1.0
    retry_after_seconds: int = 1
    """Also how long a 202 asks to wait."""
    rejects_because: RejectedBecause = RejectedBecause.FAMILY_UNKNOWN
    late_asks: int = 1
    late_seconds: float | None = None
    """Where given, time counts and questions do not."""


class Faults:
    """Every method may be called from any thread. What is ordered comes before what is left to chance."""

    def __init__(self, seed: int = 0, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self._random = Random(seed)  # noqa: S311  # chance, not secrecy
        self._lock = Lock()
        self._ordered: dict[Deed, deque[Fault]] = {deed: deque() for deed in Deed}
        self._chances: dict[Deed, dict[Fault, float]] = {deed: {} for deed in Deed}
        self._made: Counter[Fault] = Counter()

    def order(self, fault: Fault, *, times: int = 1, on: Deed = Deed.SEND) -> None:
        """The next `times` deeds of this kind meet it, after what was ordered before."""
        self._possible(fault, on)
        with self._lock:
            self._ordered[on].extend([fault] * times)

    def chance(self, fault: Fault, probability: float, *, on: Deed = Deed.SEND) -> None:
        """Each deed of this kind meets it with this probability; at most one fault meets one deed."""
        self._possible(fault, on)
        with self._lock:
            chances = {**self._chances[on], fault: probability}
            if min(chances.values()) < 0 or sum(chances.values()) > 1:
                raise ValueError("probabilities are between 0 and 1, also together")
            self._chances[on] = chances

    def clear(self) -> None:
        """From now on it behaves."""
        with self._lock:
            for deed in Deed:
                self._ordered[deed].clear()
                self._chances[deed].clear()

    @property
    def made(self) -> dict[Fault, int]:
        """How often each has happened."""
        with self._lock:
            return dict(self._made)

    def next(self, deed: Deed) -> Fault | None:
        """What befalls this deed."""
        with self._lock:
            fault = self._ordered[deed].popleft() if self._ordered[deed] else self._drawn(deed)
            if fault is not None:
                self._made[fault] += 1
            return fault

    def _drawn(self, deed: Deed) -> Fault | None:
        chances = self._chances[deed]
        if not chances:
            return None
        at = self._random.random()
        for fault, probability in chances.items():
            at -= probability
            if at < 0:
                return fault
        return None

    @staticmethod
    def _possible(fault: Fault, deed: Deed) -> None:
        if deed is not Deed.SEND and fault not in NEEDS_NO_ENTRY:
            raise ValueError(f"{fault} cannot befall {deed}")
