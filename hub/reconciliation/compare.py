"""Where the register and the hub differ, entry by entry, and which of it a person has to look at.

Source: method S80; features N10; domain 3.3. Decides nothing about who is right and changes neither side.
An entry belongs to a registration by its key; one that was entered by hand, by the register's number that the
centre has recorded, and by nothing less. What moved at the hub after the extract was taken is not judged by
it.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from saikne_schemas.reconciliation import HubSide, Standing
from saikne_schemas.register_entries import ExtractEntry
from saikne_schemas.register_words import DifferenceKind, EntryState, RegisterOperation, RegistrationState

_NAMESPACE = uuid5(NAMESPACE_URL, "saikne:register-difference")
_STATE = RegistrationState

STANDINGS: Mapping[RegistrationState, Standing] = {
    _STATE.DRAFT: Standing.UNDER_WAY,
    _STATE.QUEUED: Standing.UNDER_WAY,
    _STATE.SENT: Standing.UNDER_WAY,
    _STATE.UNKNOWN: Standing.UNDER_WAY,
    _STATE.ACKNOWLEDGED: Standing.HELD,
    _STATE.REJECTED: Standing.STUCK,
    _STATE.NEEDS_PERSON: Standing.STUCK,
    _STATE.WITHDRAWN: Standing.GONE,
}


PERHAPS_THERE = frozenset({_STATE.SENT, _STATE.UNKNOWN, _STATE.NEEDS_PERSON})


def standing_of(
    state: RegistrationState, operation: RegisterOperation, replacing: RegistrationState | None
) -> tuple[Standing, bool]:
    """What the hub expects of the register, and whether the entry is on its way out.

    `replacing` is how the registration of another day stands that takes its place.
    """
    if replacing is _STATE.ACKNOWLEDGED:
        return Standing.GONE, False
    if state is _STATE.WITHDRAWN:
        return Standing.GONE, False
    if operation is RegisterOperation.WITHDRAW or replacing in PERHAPS_THERE:
        return Standing.UNDER_WAY, True
    return STANDINGS[state], False


@dataclass(frozen=True, slots=True)
class Known:
    """One registration as the hub knows it, by machine or by hand."""

    matter: UUID
    centre: UUID
    """The new one."""
    side: HubSide
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """Both sides of something that a person looks at; at least one of them is there."""

    kind: DifferenceKind
    centre: UUID
    here: Known | None
    there: ExtractEntry | None

    @property
    def sides(self) -> UUID:
        """The same for as long as both sides say the same, whoever finds it and when."""
        here = self.here.side.model_dump(mode="json") if self.here else None
        there = self.there.model_dump(mode="json") if self.there else None
        matter = str(self.here.matter) if self.here else None
        said = json.dumps([str(self.centre), matter, here, there], sort_keys=True)
        return uuid5(_NAMESPACE, said)


@dataclass(frozen=True, slots=True)
class Findings:
    differences: tuple[Difference, ...]
    news: frozenset[UUID]
    """Keys of registrations that are under way here and in force there: the next asking will find it."""
    unjudged: frozenset[UUID]
    """Matters that moved after the extract was taken: nothing is said of them."""
    elsewhere: int
    """Entries that concern none of the centres compared."""


Concerned = Mapping[str, Collection[UUID]]
"""The centres that are compared, by the registration number of their legal entity."""


def compare(
    entries: Iterable[ExtractEntry], book: Iterable[Known], concerned: Concerned, taken_at: datetime
) -> Findings:
    """Compare a whole extract with the book of the hub; the order of either does not matter."""
    register, known = _Register(entries), list(book)
    centres = {centre for named in concerned.values() for centre in named}
    found: list[Difference] = []
    news: set[UUID] = set()
    unjudged: set[UUID] = set()
    met: set[int] = set()
    for one in known:
        there = register.of(one)
        met |= {id(entry) for entry in there}
        if one.centre not in centres:
            continue
        if one.changed_at >= taken_at:
            unjudged.add(one.matter)
            continue
        best, others = (there[0] if there else None), there[1:]
        if _is_news(one, best):
            assert one.side.key is not None  # noqa: S101  # by hand nothing is under way
            news.add(one.side.key)
        if kind := _judged(one.side, best):
            found.append(Difference(kind, one.centre, one, best))
        found += [Difference(DifferenceKind.END, one.centre, one, other) for other in others if _holds(other)]
    left = [entry for entry in register.entries if id(entry) not in met]
    found += _unknown(left, concerned)
    elsewhere = sum(entry.new not in concerned for entry in left)
    return Findings(
        tuple(sorted(found, key=lambda one: one.sides)), frozenset(news), frozenset(unjudged), elsewhere
    )


class _Register:
    """What the register says, to be looked up by key and by its own numbers."""

    def __init__(self, entries: Iterable[ExtractEntry]) -> None:
        self.entries = list(dict.fromkeys(entries))
        self._by_key: dict[UUID, list[ExtractEntry]] = defaultdict(list)
        self._by_number: dict[str, list[ExtractEntry]] = defaultdict(list)
        for entry in self.entries:
            if entry.key is not None:
                self._by_key[entry.key].append(entry)
            self._by_number[entry.register_id].append(entry)

    def of(self, one: Known) -> list[ExtractEntry]:
        """The entries of a registration, first the one that stands for it."""
        side = one.side
        found = list(self._by_key[side.key]) if side.key is not None else []
        if not found and side.register_id is not None:
            found = [
                entry for entry in self._by_number[side.register_id] if side.key is None or entry.key is None
            ]
        return sorted(found, key=lambda entry: _rank(entry, side), reverse=True)


def _rank(entry: ExtractEntry, side: HubSide) -> tuple[object, ...]:
    """The newest revision stands for a registration, of those the one in force with the number known here."""
    return (
        entry.revision or 0,
        _holds(entry),
        entry.register_id == side.register_id,
        entry.effective_on == side.effective_on,
        entry.register_id,
        entry.registered_on,
        entry.effective_on,
        entry.new,
        str(entry.key),
    )


def _holds(entry: ExtractEntry | None) -> bool:
    return entry is not None and entry.state is EntryState.IN_FORCE


def _judged(here: HubSide, there: ExtractEntry | None) -> DifferenceKind | None:
    """What a person is shown of one registration; the table of the whole comparison."""
    holds = _holds(there)
    match here.standing:
        case Standing.HELD if not holds:
            return DifferenceKind.ADD
        case Standing.HELD:
            return DifferenceKind.CHANGE if _says_otherwise(here, there) else None
        case Standing.GONE:
            return DifferenceKind.END if holds else None
        case Standing.STUCK if holds and _is_of_now(here, there):
            return DifferenceKind.CONFLICT
        case _:
            return None


def _says_otherwise(here: HubSide, there: ExtractEntry | None) -> bool:
    """Another day, centre, number or revision, both in force; what one of them leaves out agrees."""
    assert there is not None  # noqa: S101  # it holds
    pairs = (
        (here.effective_on, there.effective_on),
        (here.new, there.new),
        (here.register_id, there.register_id),
        (here.registered_on, there.registered_on),
        (here.revision, there.revision),
    )
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _is_of_now(here: HubSide, there: ExtractEntry | None) -> bool:
    """Not an earlier revision, which stands until the one under way has put it right."""
    assert there is not None  # noqa: S101  # it holds
    return (there.revision or 0) >= (here.revision or 0)


def _is_news(one: Known, there: ExtractEntry | None) -> bool:
    under_way = one.side.standing is Standing.UNDER_WAY and not one.side.ending
    return under_way and _holds(there) and _is_of_now(one.side, there)


def _unknown(left: Iterable[ExtractEntry], concerned: Concerned) -> Iterator[Difference]:
    """Entries in force that name a centre of the hub, which knows nothing of them."""
    for entry in left:
        if _holds(entry):
            for centre in concerned.get(entry.new, ()):
                yield Difference(DifferenceKind.CONFLICT, centre, None, entry)
