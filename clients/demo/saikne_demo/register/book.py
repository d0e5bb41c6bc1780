"""What the register takes, what it refuses, and what stands in its book: an entry takes effect once.

Source: `register_entries` (revisions, `replaces`, withdrawals); domain 3.3. Kept in memory. It also counts
how often an entry took effect and keeps the opened facts, so that a test can prove what came of a run.

The same key and revision gets the same answer; a lower revision is superseded. A key that another entry has
replaced is superseded up to the revision which that entry names (or for good), also when it arrives for the
first time afterwards. A withdrawal ends its own key only; after it a higher revision may register again.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Any
from uuid import UUID

from joserfc.jwk import ECKey

from saikne_demo.clock import today
from saikne_demo.register.seal import SealRefused, opened_with, public_half, signed
from saikne_schemas.register_entries import ExtractEntry, RegisterAnswer, RegisterEntry, RegisterFacts
from saikne_schemas.register_files import entry_sha256
from saikne_schemas.register_words import EntryState, RegisterOperation, RegisterResult, RejectedBecause


@dataclass(frozen=True, slots=True)
class Held:
    """One line of the register. Without a key it was entered by hand."""

    register_id: str
    new: str
    """The registration number of the family's centre."""
    effective_on: date
    registered_on: date
    state: EntryState
    key: UUID | None = None
    revision: int | None = None

    def shown(self) -> ExtractEntry:
        return ExtractEntry(**{name: getattr(self, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Treatment:
    """How an entry is met that is otherwise in order."""

    rejected: RejectedBecause | None = None
    late_asks: int = 0
    late_seconds: float | None = None
    forgotten: bool = False


AT_ONCE = Treatment()
FOR_GOOD = 1_000_000
"""The highest revision that there can be."""


@dataclass(slots=True)
class _Line:
    """The newest revision of a key, whatever came of it."""

    entry: RegisterEntry
    digest: str
    answer: RegisterAnswer
    facts: RegisterFacts | None = field(repr=False)
    asks_left: int = 0
    due: float | None = None


class Book:
    """Every method may be called from any thread."""

    def __init__(
        self,
        key: ECKey | None = None,
        *,
        signing_key: ECKey | None = None,
        today: Callable[[], date] = today,
    ) -> None:
        self._key = key or ECKey.generate_key("P-256", private=True)
        self._signing_key = signing_key
        self._today = today
        self._lock = Lock()
        self._lines: dict[UUID, _Line] = {}
        self._held: dict[str, Held] = {}
        self._number_of: dict[UUID, str] = {}
        self._ended_through: dict[UUID, int] = {}
        self._effects: dict[UUID, list[int]] = {}
        self._facts: dict[UUID, RegisterFacts] = {}
        self._numbers = 0

    @property
    def jwk(self) -> dict[str, str]:
        """The public key to which facts are sealed; `kid` is its thumbprint (RFC 7638)."""
        return public_half(self._key)

    @property
    def signing_jwk(self) -> dict[str, str] | None:
        """The public key by which it signs what it answers; none where it does not."""
        return None if self._signing_key is None else public_half(self._signing_key)

    # What the register does -------------------------------------------------------------------------------

    def take(self, entry: RegisterEntry, how: Treatment = AT_ONCE) -> RegisterAnswer:
        """What comes of an entry. Asking again with the same one has the answer of that time."""
        return self._as_signed(self._taken(entry, how))

    def _taken(self, entry: RegisterEntry, how: Treatment) -> RegisterAnswer:
        digest = entry_sha256(entry)
        unsealed = self._unsealed(entry)
        with self._lock:
            known = self._lines.get(entry.key)
            stale = self._stale(entry, digest, known)
            if stale is not None:
                return _rejected(entry, digest, stale)
            if known is not None and known.entry.revision == entry.revision:
                return self._told(known)
            pending = _answer(entry, digest, RegisterResult.IN_PROGRESS)
            if how.forgotten:
                return pending
            facts = unsealed if isinstance(unsealed, RegisterFacts) else None
            line = self._lines[entry.key] = _Line(entry, digest, pending, facts)
            refused = unsealed if isinstance(unsealed, RejectedBecause) else how.rejected
            if refused is not None:
                line.answer = _rejected(entry, digest, refused)
            elif how.late_seconds is not None:
                line.due = monotonic() + how.late_seconds
            elif how.late_asks:
                line.asks_left = how.late_asks
            else:
                self._take_effect(line)
            return line.answer

    def ask(self, key: UUID) -> RegisterAnswer | None:
        """What stands or is worked on under a key, its newest revision; None where there is nothing."""
        with self._lock:
            line = self._lines.get(key)
            return None if line is None else self._as_signed(self._told(line))

    def lines(self) -> list[ExtractEntry]:
        """What an extract of this moment says, in the order of the register's numbers."""
        with self._lock:
            return [self._held[number].shown() for number in sorted(self._held)]

    # What tests and demo do to it, and ask of it ----------------------------------------------------------

    def settle(self) -> None:
        """Whatever it works on is registered now."""
        with self._lock:
            for line in self._lines.values():
                if line.answer.result is RegisterResult.IN_PROGRESS:
                    self._take_effect(line)

    def forget(self, key: UUID) -> None:
        """It has never heard of this key, whatever it confirmed; how often it took effect stays counted."""
        with self._lock:
            self._lines.pop(key, None)
            self._held.pop(self._number_of.pop(key, ""), None)
            self._facts.pop(key, None)
            self._ended_through.pop(key, None)

    def enter_by_hand(self, new: str, effective_on: date) -> str:
        """Somebody has typed a move in; returns the register's number of it."""
        with self._lock:
            number = self._next_number()
            self._held[number] = Held(number, new, effective_on, self._today(), EntryState.IN_FORCE)
            return number

    def alter(self, register_id: str, **changes: Any) -> None:
        """Somebody has changed a line by hand: `new`, `effective_on`, `registered_on`, `state`."""
        with self._lock:
            self._held[register_id] = replace(self._held[register_id], **changes)

    def effects(self, key: UUID) -> tuple[int, ...]:
        """The revisions of this key that took effect, in order: `(1,)` is exactly once."""
        with self._lock:
            return tuple(self._effects.get(key, ()))

    def took_effect(self) -> dict[UUID, tuple[int, ...]]:
        """The same for every key."""
        with self._lock:
            return {key: tuple(revisions) for key, revisions in self._effects.items()}

    def twice(self) -> set[UUID]:
        """Keys of which a revision took effect more than once."""
        return {key for key, done in self.took_effect().items() if max(Counter(done).values()) > 1}

    def in_force(self) -> dict[UUID, Held]:
        """What stands, by key; without what was entered by hand."""
        with self._lock:
            standing = [held for held in self._held.values() if held.state is EntryState.IN_FORCE]
            return {held.key: held for held in standing if held.key is not None}

    def facts(self, key: UUID) -> RegisterFacts:
        """Who moved, as the register opened it with the revision that took effect last."""
        with self._lock:
            return self._facts[key]

    # Inside; the lock is held -----------------------------------------------------------------------------

    def _as_signed(self, answer: RegisterAnswer) -> RegisterAnswer:
        return answer if self._signing_key is None else signed(answer, self._signing_key)

    def _unsealed(self, entry: RegisterEntry) -> RegisterFacts | RejectedBecause | None:
        if entry.operation is RegisterOperation.WITHDRAW and entry.sealed is None:
            return None
        if entry.sealed is None or entry.sealed_sha256 is None:
            return RejectedBecause.MALFORMED
        if sha256(entry.sealed.encode()).hexdigest() != entry.sealed_sha256:
            return RejectedBecause.SEAL_NOT_OPENED
        try:
            facts = opened_with(entry.sealed, self._key)
        except SealRefused:
            return RejectedBecause.SEAL_NOT_OPENED
        of_this = (facts.key, facts.effective_on) == (entry.key, entry.effective_on)
        return facts if of_this else RejectedBecause.SEAL_NOT_OPENED

    def _stale(self, entry: RegisterEntry, digest: str, known: _Line | None) -> RejectedBecause | None:
        if entry.revision <= self._ended_through.get(entry.key, 0):
            return RejectedBecause.SUPERSEDED
        if known is None or entry.revision > known.entry.revision:
            return None
        if entry.revision < known.entry.revision:
            return RejectedBecause.SUPERSEDED
        return None if known.digest == digest else RejectedBecause.KEY_REUSED

    def _told(self, line: _Line) -> RegisterAnswer:
        if line.answer.result is RegisterResult.IN_PROGRESS:
            line.asks_left -= 1
            if monotonic() >= line.due if line.due is not None else line.asks_left <= 0:
                self._take_effect(line)
        return line.answer

    def _take_effect(self, line: _Line) -> None:
        entry, withdrawn = line.entry, line.entry.operation is RegisterOperation.WITHDRAW
        if entry.replaces is not None and entry.replaces != entry.key and not withdrawn:
            self._end(entry.replaces, entry.replaces_revision or FOR_GOOD)
        number = self._number_of.get(entry.key) or self._next_number()
        self._number_of[entry.key] = number
        state = EntryState.ENDED if withdrawn else EntryState.IN_FORCE
        self._held[number] = Held(
            register_id=number,
            new=entry.new.registration_number,
            effective_on=entry.effective_on,
            registered_on=self._today(),
            state=state,
            key=entry.key,
            revision=entry.revision,
        )
        if line.facts is not None:
            self._facts[entry.key] = line.facts
        self._effects.setdefault(entry.key, []).append(entry.revision)
        done = RegisterResult.WITHDRAWN if withdrawn else RegisterResult.REGISTERED
        line.answer = _answer(entry, line.digest, done, register_id=number, registered_on=self._today())

    def _end(self, key: UUID, through: int) -> None:
        self._ended_through[key] = max(through, self._ended_through.get(key, 0))
        line, number = self._lines.get(key), self._number_of.get(key)
        if number is not None and (self._held[number].revision or 0) <= through:
            self._held[number] = replace(self._held[number], state=EntryState.ENDED)
        if line is not None and line.entry.revision <= through:
            line.answer = _rejected(line.entry, line.digest, RejectedBecause.SUPERSEDED)

    def _next_number(self) -> str:
        self._numbers += 1
        return f"AGIS-{self._today().year}-{self._numbers:07}"


def _answer(entry: RegisterEntry, digest: str, result: RegisterResult, **more: Any) -> RegisterAnswer:
    return RegisterAnswer(
        schema_="saikne.register-answer/1",
        key=entry.key,
        revision=entry.revision,
        entry_sha256=digest,
        result=result,
        **more,
    )


def _rejected(entry: RegisterEntry, digest: str, why: RejectedBecause) -> RegisterAnswer:
    return _answer(entry, digest, RegisterResult.REJECTED, reason=why)


def unreadable(key: UUID, revision: int) -> RegisterAnswer:
    """The answer to what is no entry, or another than its address or its digest says."""
    return RegisterAnswer(
        schema_="saikne.register-answer/1",
        key=key,
        revision=revision,
        result=RegisterResult.REJECTED,
        reason=RejectedBecause.MALFORMED,
    )
