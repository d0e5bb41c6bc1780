from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.reconciliation.compare import STANDINGS, Findings, Known, compare, standing_of
from saikne_schemas.reconciliation import HubSide, Standing
from saikne_schemas.register_entries import ExtractEntry
from saikne_schemas.register_words import DifferenceKind, EntryState, RegisterOperation, RegistrationState

LIGZDA, ZEMGALE, ABROAD = "40003521600", "50008021661", "40008000102"
OURS, OTHERS = UUID(int=1), UUID(int=2)
CONCERNED = {LIGZDA: (OURS,)}
TAKEN_AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
KEY, MATTER = UUID(int=71), UUID(int=72)
DAY, LATER = date(2026, 11, 1), date(2026, 12, 1)
ENTRY: dict[str, Any] = {
    "register_id": "AG-1",
    "key": KEY,
    "revision": 2,
    "new": LIGZDA,
    "effective_on": DAY,
    "registered_on": date(2026, 11, 3),
    "state": EntryState.IN_FORCE,
}
BY_HAND: dict[str, Any] = {"key": None, "revision": None}
ENDED: dict[str, Any] = {"state": EntryState.ENDED}
CONFIRMED = frozenset({Standing.HELD, Standing.GONE})


def entry(**changes: Any) -> ExtractEntry:
    return ExtractEntry(**{**ENTRY, **changes})


def known(standing: Standing = Standing.HELD, **changes: Any) -> Known:
    side = {name: value for name, value in ENTRY.items() if name != "state"}
    if standing not in CONFIRMED:
        side |= {"register_id": None, "registered_on": None}
    return Known(
        matter=MATTER,
        centre=OURS,
        side=HubSide(standing=standing, **{**side, **changes}),
        changed_at=TAKEN_AT - timedelta(hours=1),
    )


def found(entries: Iterable[ExtractEntry], book: Iterable[Known]) -> Findings:
    return compare(entries, book, CONCERNED, TAKEN_AT)


def kinds(findings: Findings) -> list[str]:
    return sorted(one.kind.value for one in findings.differences)


ADD, CHANGE, END, CONFLICT = ([kind.value] for kind in DifferenceKind)
NONE: list[str] = []
HELD, UNDER_WAY, STUCK, GONE = Standing
ABSENT, IN_FORCE, ENDED_THERE, EARLIER = "absent", "in force", "ended", "an earlier revision in force"
THERE: dict[str, list[ExtractEntry]] = {
    ABSENT: [],
    IN_FORCE: [entry()],
    ENDED_THERE: [entry(**ENDED)],
    EARLIER: [entry(revision=1)],
}
TABLE: dict[Standing, dict[str, list[str]]] = {
    HELD: {ABSENT: ADD, IN_FORCE: NONE, ENDED_THERE: ADD, EARLIER: CHANGE},
    UNDER_WAY: {ABSENT: NONE, IN_FORCE: NONE, ENDED_THERE: NONE, EARLIER: NONE},
    STUCK: {ABSENT: NONE, IN_FORCE: CONFLICT, ENDED_THERE: NONE, EARLIER: NONE},
    GONE: {ABSENT: NONE, IN_FORCE: END, ENDED_THERE: NONE, EARLIER: END},
}
NEWS = {(UNDER_WAY, IN_FORCE)}


@pytest.mark.parametrize("there", THERE)
@pytest.mark.parametrize("standing", Standing)
def test_what_is_found_follows_from_where_both_sides_stand(standing: Standing, there: str) -> None:
    findings = found(THERE[there], [known(standing)])
    assert kinds(findings) == TABLE[standing][there]
    assert findings.news == (frozenset({KEY}) if (standing, there) in NEWS else frozenset())


@pytest.mark.parametrize(
    "otherwise",
    [
        {"effective_on": LATER},
        {"new": ZEMGALE},
        {"register_id": "AG-2"},
        {"registered_on": date(2026, 11, 4)},
        {"revision": 3},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_two_entries_in_force_that_say_something_else_are_a_change(otherwise: dict[str, Any]) -> None:
    there = entry(**otherwise)
    (difference,) = found([there], [known()]).differences
    assert (difference.kind, difference.there) == (DifferenceKind.CHANGE, there)
    assert difference.here == known()


def test_what_one_side_leaves_out_is_no_difference() -> None:
    assert kinds(found([entry()], [known(register_id=None, registered_on=None)])) == NONE
    assert kinds(found([entry(revision=None)], [known()])) == NONE


def test_an_entry_by_hand_is_known_by_the_number_that_the_centre_recorded() -> None:
    assert kinds(found([entry(**BY_HAND)], [known(**BY_HAND)])) == NONE
    assert kinds(found([entry(**BY_HAND, effective_on=LATER)], [known(**BY_HAND)])) == CHANGE
    assert kinds(found([], [known(**BY_HAND)])) == ADD


def test_an_entry_by_hand_is_not_known_by_centre_and_day() -> None:
    assert kinds(found([entry(**BY_HAND, register_id="AG-9")], [known(**BY_HAND)])) == sorted(ADD + CONFLICT)
    assert kinds(found([entry(**BY_HAND)], [known(**BY_HAND, register_id=None)])) == sorted(ADD + CONFLICT)


def test_a_confirmed_entry_whose_key_the_register_lost_is_still_known_by_its_number() -> None:
    assert kinds(found([entry(**BY_HAND)], [known()])) == NONE


def test_what_names_a_centre_of_the_hub_and_is_unknown_is_a_conflict() -> None:
    (difference,) = found([entry()], []).differences
    assert (difference.kind, difference.centre) == (DifferenceKind.CONFLICT, OURS)
    assert (difference.here, difference.there) == (None, entry())
    assert kinds(found([entry(**BY_HAND)], [])) == CONFLICT
    assert kinds(found([entry(**ENDED)], [])) == NONE


def test_every_centre_of_a_legal_entity_is_shown_what_nobody_knows() -> None:
    both = {LIGZDA: (OURS, OTHERS)}
    findings = compare([entry()], [], both, TAKEN_AT)
    assert sorted(one.centre for one in findings.differences) == [OURS, OTHERS]
    assert len({one.sides for one in findings.differences}) == 2


def test_entries_of_other_centres_are_counted_and_not_looked_at() -> None:
    findings = found([entry(new=ABROAD), entry(new=ABROAD, key=uuid4())], [])
    assert (findings.differences, findings.elsewhere) == ((), 2)


def test_registrations_of_other_centres_are_known_and_not_spoken_of() -> None:
    sister = replace(known(), centre=OTHERS)
    assert kinds(found([entry()], [sister])) == NONE
    assert kinds(found([], [sister])) == NONE


def test_what_moved_after_the_extract_was_taken_is_not_judged_by_it() -> None:
    moved = replace(known(), changed_at=TAKEN_AT)
    findings = found([], [moved])
    assert (findings.differences, findings.unjudged) == ((), frozenset({MATTER}))
    assert kinds(found([entry()], [replace(known(Standing.STUCK), changed_at=TAKEN_AT)])) == NONE


def test_the_newest_revision_stands_for_a_registration_and_an_older_one_is_to_end() -> None:
    (difference,) = found([entry(revision=1), entry()], [known()]).differences
    assert (difference.kind, difference.there) == (DifferenceKind.END, entry(revision=1))
    assert kinds(found([entry(revision=1, **ENDED), entry()], [known()])) == NONE


def test_a_second_entry_in_force_under_one_key_is_to_end() -> None:
    (difference,) = found([entry(register_id="AG-0"), entry()], [known()]).differences
    assert (difference.kind, difference.there) == (DifferenceKind.END, entry(register_id="AG-0"))


def test_an_entry_that_stands_on_two_pages_is_one_entry() -> None:
    assert len(found([entry(), entry()], []).differences) == 1


def test_what_is_being_withdrawn_is_no_news_while_it_is_still_there() -> None:
    findings = found([entry()], [known(Standing.UNDER_WAY, ending=True)])
    assert (findings.differences, findings.news) == ((), frozenset())


@pytest.mark.parametrize("replacing", [None, *RegistrationState])
@pytest.mark.parametrize("operation", RegisterOperation)
@pytest.mark.parametrize("state", RegistrationState)
def test_where_a_registration_stands(
    state: RegistrationState, operation: RegisterOperation, replacing: RegistrationState | None
) -> None:
    expected = (STANDINGS[state], False)
    if operation is RegisterOperation.WITHDRAW or replacing in {"sent", "unknown", "needs_person"}:
        expected = (UNDER_WAY, True)
    if state is RegistrationState.WITHDRAWN or replacing is RegistrationState.ACKNOWLEDGED:
        expected = (GONE, False)
    assert standing_of(state, operation, replacing) == expected


def test_sides_are_named_alike_as_long_as_they_say_the_same() -> None:
    first, again = (found([entry()], [known(effective_on=LATER)]).differences[0].sides for _ in range(2))
    moved = replace(known(effective_on=LATER), changed_at=TAKEN_AT - timedelta(days=3))
    later = compare([entry()], [moved], CONCERNED, TAKEN_AT + timedelta(days=1)).differences[0].sides
    other = found([entry(register_id="AG-2")], [known(effective_on=LATER)]).differences[0].sides
    assert first == again == later != other


NUMBERS = st.sampled_from([LIGZDA, ZEMGALE, ABROAD])
IDS = st.integers(1, 6).map(lambda number: f"AG-{number}")
KEYS = st.one_of(st.none(), st.integers(1, 6).map(lambda number: UUID(int=number)))
DAYS = st.sampled_from([DAY, LATER])
REVISIONS = st.one_of(st.none(), st.integers(1, 3))
ENTRIES = st.builds(
    ExtractEntry,
    register_id=IDS,
    key=KEYS,
    revision=REVISIONS,
    new=NUMBERS,
    effective_on=DAYS,
    registered_on=DAYS,
    state=st.sampled_from(EntryState),
)
SIDES = st.builds(
    HubSide,
    standing=st.sampled_from(Standing),
    key=st.integers(1, 6).map(lambda number: UUID(int=number)),
    revision=st.integers(1, 3),
    ending=st.booleans(),
    new=NUMBERS,
    effective_on=DAYS,
    registered_on=st.one_of(st.none(), DAYS),
    register_id=st.one_of(st.none(), IDS),
)
BOOKS = st.lists(
    st.builds(
        Known,
        matter=st.integers(1, 9).map(lambda number: UUID(int=number)),
        centre=st.sampled_from([OURS, OTHERS]),
        side=SIDES,
        changed_at=st.sampled_from([TAKEN_AT - timedelta(days=1), TAKEN_AT]),
    ),
    max_size=6,
)


@given(st.lists(ENTRIES, max_size=8), BOOKS, st.randoms())
def test_order_does_not_matter_and_every_difference_shows_a_side(
    entries: list[ExtractEntry], book: list[Known], random: Any
) -> None:
    first = found(entries, book)
    random.shuffle(entries)
    random.shuffle(book)
    assert found(entries, book) == first
    for one in first.differences:
        assert one.here is not None or one.there is not None
        assert one.centre == OURS


@given(st.dictionaries(IDS, ENTRIES, max_size=6))
def test_equal_books_do_not_differ(entries: dict[str, ExtractEntry]) -> None:
    register = [
        one.model_copy(update={"register_id": name, "key": uuid4() if one.key else None, "new": LIGZDA})
        for name, one in entries.items()
    ]
    book = [
        replace(
            known(HELD if one.state is EntryState.IN_FORCE else GONE, **one.model_dump(exclude={"state"})),
            matter=uuid4(),
        )
        for one in register
    ]
    assert found(register, book) == Findings((), frozenset(), frozenset(), 0)
