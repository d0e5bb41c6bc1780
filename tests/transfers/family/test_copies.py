"""The copies in a family's move: it waits until they have come, are refused or given up, and says so."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from hub.duties.duty import Basis, DutyKind
from hub.kernel.ids import OVERSIGHT
from hub.matters.workflow import Owed
from hub.transfers.copies import CopiesHaveEnded, CopiesUnderWay, News, news
from hub.transfers.family.copies import ask, give_up, heard
from hub.transfers.family.opening import cancel
from hub.transfers.fitting_exchange import ExchangeDoesNotFit, NamedExchange
from saikne_schemas.family_move_words import FamilyMoveState, MoveCancelReason
from saikne_schemas.family_moves import CancelMove, CopiesAsked, FamilyMove, GiveUpCopies
from saikne_schemas.matters import CopiesEnd
from saikne_schemas.vocabulary import CopiesEnded, CopiesGivenUp, ExchangeKind, ExchangeState
from tests.transfers.family.scenes import IEVA, NEW, PREVIOUS, TODAY, day, move, said, scene

EXCHANGE = UUID("6d0f6ea4-6f8e-4a5c-9a0e-bb6f2f9d1c11")
FITS = NamedExchange(
    ExchangeKind.FAMILY_CASE, NEW, PREVIOUS, "AG-7741", ("AG-7741-B1",), ExchangeState.REQUESTED
)
DUE = day("2026-12-04")
UNDER_WAY = frozenset(ExchangeState) - {
    ExchangeState.CONFIRMED,
    ExchangeState.REFUSED,
    ExchangeState.WITHDRAWN,
}
DATED = move(effective_on=day("2026-11-01"))
ASKED = said(CopiesAsked, exchange=EXCHANGE)
LAST = (DutyKind.REQUEST_COPIES, DutyKind.RECEIVE_COPIES)


def now(state: ExchangeState, **changes: Any) -> NamedExchange:
    return replace(FITS, state=state, **changes)


def asked(**changes: Any) -> FamilyMove:
    """Nothing else is left to be done."""
    after = ask(DATED, ASKED, scene(), FITS).content
    return after.model_copy(update={"remaining": [DutyKind.RECEIVE_COPIES], **changes})


def ended(how: CopiesEnded) -> CopiesEnd:
    return CopiesEnd(how=how, ended_on=TODAY)


def giving_up() -> GiveUpCopies:
    return said(GiveUpCopies, reason=CopiesGivenUp.NOT_KEPT, given_up_by=IEVA)


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_asking_for_copies_does_not_close_a_move(state: ExchangeState) -> None:
    last = DATED.model_copy(update={"remaining": list(LAST)})
    outcome = ask(last, ASKED, scene(), now(state, due_on=DUE))
    assert (outcome.to, outcome.content.remaining) == (None, [DutyKind.RECEIVE_COPIES])
    assert outcome.meets == (DutyKind.REQUEST_COPIES,)
    assert outcome.opens == (Owed(DutyKind.RECEIVE_COPIES, NEW, DUE, Basis.COPIES_DUE),)


def test_the_days_count_from_the_other_centres_last_one_and_never_from_the_past() -> None:
    late = ask(DATED, ASKED, scene(), now(ExchangeState.REQUESTED, due_on=day("2026-11-02")))
    assert [one.starts_on for one in late.opens] == [TODAY]


@pytest.mark.parametrize("state", [ExchangeState.CONFIRMED, ExchangeState.REFUSED])
def test_copies_that_ended_before_they_were_named_are_awaited_by_nobody(state: ExchangeState) -> None:
    outcome = ask(DATED.model_copy(update={"remaining": list(LAST)}), ASKED, scene(), now(state))
    assert (outcome.to, outcome.opens) == (FamilyMoveState.CLOSED, ())
    assert outcome.content.copies_end == ended(CopiesEnded(state.value))
    assert (PREVIOUS, "closed") in outcome.tells


@pytest.mark.parametrize("state", [ExchangeState.CONFIRMED, ExchangeState.REFUSED])
def test_the_end_of_the_copies_closes_the_move_and_tells_both(state: ExchangeState) -> None:
    outcome = heard(asked(), scene(), now(state))
    assert (outcome.to, outcome.content.remaining) == (FamilyMoveState.CLOSED, [])
    assert outcome.meets == (DutyKind.RECEIVE_COPIES,)
    assert set(outcome.tells) == {(NEW, "closed"), (PREVIOUS, "closed")}
    unfinished = asked(remaining=[DutyKind.RECEIVE_COPIES, DutyKind.TALK])
    assert heard(unfinished, scene(), now(state)).to is None


def test_a_withdrawn_request_is_to_be_made_again_from_that_day() -> None:
    outcome = heard(asked(), scene(), now(ExchangeState.WITHDRAWN))
    assert (outcome.to, outcome.content.remaining) == (FamilyMoveState.DATED, list(LAST))
    assert (outcome.content.copies, outcome.drops) == (None, (DutyKind.RECEIVE_COPIES,))
    assert outcome.opens == (Owed(DutyKind.REQUEST_COPIES, NEW, TODAY, Basis.REQUEST_WITHDRAWN),)


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_what_was_no_end_after_all_opens_a_closed_move_again(state: ExchangeState) -> None:
    closed = asked(remaining=[], copies_end=ended(CopiesEnded.REFUSED))
    outcome = heard(closed, scene(), now(state))
    assert (outcome.to, outcome.content.remaining) == (FamilyMoveState.DATED, [DutyKind.RECEIVE_COPIES])
    assert (outcome.content.copies_end, [one.kind for one in outcome.opens]) == (
        None,
        [DutyKind.RECEIVE_COPIES],
    )
    assert set(outcome.tells) == {(NEW, "copies_awaited"), (PREVIOUS, "copies_awaited")}


@pytest.mark.parametrize(
    ("state", "known", "told"),
    [
        (ExchangeState.REQUESTED, None, None),
        (ExchangeState.CONFIRMED, CopiesEnded.CONFIRMED, None),
        (ExchangeState.CONFIRMED, CopiesEnded.REFUSED, News.ENDED),
        (ExchangeState.FROZEN, CopiesEnded.CONFIRMED, News.AWAITED),
        (ExchangeState.WITHDRAWN, CopiesEnded.REFUSED, News.WITHDRAWN),
        *((state, CopiesEnded.GIVEN_UP, None) for state in ExchangeState),
    ],
)
def test_only_what_a_move_does_not_know_is_news(
    state: ExchangeState, known: CopiesEnded | None, told: News | None
) -> None:
    assert news(now(state), ended(known) if known else None) is told


@pytest.mark.parametrize("state", list(ExchangeState))
def test_more_that_is_asked_for_afterwards_takes_no_copies_back(state: ExchangeState) -> None:
    assert news(now(state, answered_before=True), ended(CopiesEnded.CONFIRMED)) is None


def test_copies_are_given_up_in_so_many_words_and_oversight_sees_it() -> None:
    never_asked = DATED.model_copy(update={"remaining": list(LAST)})
    withdrawn = now(ExchangeState.WITHDRAWN)
    for exchange in (None, withdrawn):
        outcome = give_up(never_asked, giving_up(), scene(), exchange)
        assert (outcome.to, outcome.drops[:2]) == (FamilyMoveState.CLOSED, LAST)
        assert outcome.content.copies_end == CopiesEnd(
            how=CopiesEnded.GIVEN_UP, ended_on=TODAY, reason=CopiesGivenUp.NOT_KEPT
        )
        assert (outcome.tells[0], outcome.also_for) == ((PREVIOUS, "copies_given_up"), (OVERSIGHT,))


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_copies_that_somebody_still_owes_are_not_given_up(state: ExchangeState) -> None:
    with pytest.raises(CopiesUnderWay):
        give_up(asked(), giving_up(), scene(), now(state))
    alone = scene(suspended=[PREVIOUS])
    assert give_up(asked(), giving_up(), alone, now(state)).to is FamilyMoveState.CLOSED


@pytest.mark.parametrize("how", list(CopiesEnded))
def test_copies_that_have_ended_are_not_given_up(how: CopiesEnded) -> None:
    with pytest.raises(CopiesHaveEnded):
        give_up(asked(copies_end=ended(how)), giving_up(), scene(), None)
    with pytest.raises(CopiesHaveEnded):
        give_up(asked(), giving_up(), scene(), now(ExchangeState.CONFIRMED))


def test_a_cancelled_move_awaits_no_copies() -> None:
    planned = asked(effective_on=day("2026-12-01"))
    cancelled = cancel(planned, said(CancelMove, reason=MoveCancelReason.FAMILY_STAYS), scene())
    assert DutyKind.RECEIVE_COPIES in cancelled.drops


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": ExchangeKind.CHILD_IAP},
        {"requester": PREVIOUS, "holder": NEW},
        {"family": "AG-7742"},
        {"state": ExchangeState.WITHDRAWN},
    ],
)
def test_copies_of_another_case_do_not_count(changes: dict[str, Any]) -> None:
    with pytest.raises(ExchangeDoesNotFit):
        ask(DATED, ASKED, scene(), replace(FITS, **changes))
