"""What is done because a family moves: each by itself, none before its cause, the last one closes."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from hub.duties.duty import Basis, DutyKind
from hub.kernel.days import DateBeforeCause, DateInTheFuture
from hub.matters.workflow import Outcome, Owed
from hub.transfers.courts import CourtUnknown
from hub.transfers.family import copies
from hub.transfers.family.tracks import (
    PsychologistNotAgreed,
    archive,
    entry_taken_back,
    register,
    talk,
    tell_court,
)
from hub.transfers.fitting_exchange import NamedExchange
from saikne_schemas.family_move_words import (
    CourtChannel,
    FamilyMoveRole,
    FamilyMoveState,
    OverrideReason,
    TalkForm,
    TalkTopic,
)
from saikne_schemas.family_moves import (
    Archived,
    CourtTold,
    FamilyMove,
    Override,
    Registered,
    Talked,
)
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState
from tests.transfers.family.scenes import COURTS, IEVA, NEW, PREVIOUS, PROOF, day, move, said, scene

if TYPE_CHECKING:
    from collections.abc import Callable

DATED = move(effective_on=day("2026-11-01"))
PROPOSAL = UUID("6d0f6ea4-6f8e-4a5c-9a0e-bb6f2f9d1c11")
CONFIRMED = NamedExchange(
    ExchangeKind.FAMILY_CASE, NEW, PREVIOUS, "AG-7741", ("AG-7741-B1",), ExchangeState.CONFIRMED
)


def registered(on: str) -> Registered:
    return said(Registered, registered_on=day(on), registered_by=IEVA)


def court_told(**changes: Any) -> CourtTold:
    fields: dict[str, Any] = {"court": "LV-041", "channel": CourtChannel.E_ADDRESS, "proofs": [PROOF]}
    return said(CourtTold, **{**fields, "sent_on": day("2026-11-03"), **changes})


def talked(**changes: Any) -> Talked:
    fields: dict[str, Any] = {"held_on": day("2025-11-03"), "form": TalkForm.PHONE}
    return said(Talked, **{**fields, "topics": [TalkTopic.REASONS], **changes})


def archived(on: str) -> Archived:
    return said(Archived, archived_on=day(on), archive_reference="ARH-2026/18")


def test_each_is_met_by_itself_and_leaves_the_others() -> None:
    outcomes = {
        DutyKind.REGISTER: register(DATED, registered("2026-11-01"), scene()),
        DutyKind.COURT_NOTICE: tell_court(DATED, court_told(), scene(), COURTS),
        DutyKind.TALK: talk(DATED, talked(), scene()),
        DutyKind.ARCHIVE_CASE: archive(DATED, archived("2026-11-20"), scene(PREVIOUS)),
    }
    for kind, outcome in outcomes.items():
        assert (outcome.meets, outcome.opens, outcome.drops) == ((kind,), (), ())
        assert outcome.content.remaining == [one for one in DATED.remaining if one is not kind]
        assert outcome.warnings == ()


def test_an_entry_taken_back_is_owed_again_from_the_day_of_the_move() -> None:
    left = [kind for kind in DATED.remaining if kind is not DutyKind.REGISTER]
    outcome = entry_taken_back(register(DATED, registered("2026-11-01"), scene()).content, scene())
    assert outcome.to is FamilyMoveState.DATED
    assert (outcome.content.registered, outcome.content.remaining) == (None, [DutyKind.REGISTER, *left])
    assert outcome.opens == (Owed(DutyKind.REGISTER, NEW, day("2026-11-01"), Basis.MOVE_EFFECTIVE),)


def test_a_receipt_or_a_topic_named_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="each is named once"):
        court_told(proofs=[PROOF, PROOF])
    with pytest.raises(ValidationError, match="each is named once"):
        talked(topics=[TalkTopic.REASONS, TalkTopic.REASONS])


def test_a_proposal_of_another_day_falls_with_the_last_thing_done_and_not_before() -> None:
    proposal = Override(
        id=PROPOSAL,
        effective_on=day("2026-12-01"),
        reason=OverrideReason.AGREED_BY_ALL,
        side=FamilyMoveRole.NEW,
        proposed_by=IEVA,
    )
    proposed = DATED.model_copy(update={"override": proposal})
    assert register(proposed, registered("2026-11-01"), scene()).content.override == proposal
    last = proposed.model_copy(update={"remaining": [DutyKind.REGISTER]})
    assert register(last, registered("2026-11-01"), scene()).content.override is None


def test_the_last_one_closes_the_move() -> None:
    outcomes: tuple[tuple[DutyKind, Callable[[FamilyMove], Outcome[FamilyMove]]], ...] = (
        (DutyKind.REGISTER, lambda move: register(move, registered("2026-11-01"), scene())),
        (DutyKind.COURT_NOTICE, lambda move: tell_court(move, court_told(), scene(), COURTS)),
        (DutyKind.TALK, lambda move: talk(move, talked(), scene())),
        (DutyKind.RECEIVE_COPIES, lambda move: copies.heard(move, scene(), CONFIRMED)),
        (DutyKind.ARCHIVE_CASE, lambda move: archive(move, archived("2026-11-20"), scene(PREVIOUS))),
    )
    for kind, done in outcomes:
        last = done(DATED.model_copy(update={"remaining": [kind]}))
        assert last.to is FamilyMoveState.CLOSED
        assert {(NEW, "closed"), (PREVIOUS, "closed")} & set(last.tells)
        assert done(DATED).to is None


@pytest.mark.parametrize(
    ("on", "refusal"), [("2026-10-31", DateBeforeCause), ("2026-11-21", DateInTheFuture)]
)
def test_register_and_archive_follow_the_move_and_are_not_promised(on: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        register(DATED, registered(on), scene())
    with pytest.raises(refusal):
        archive(DATED, archived(on), scene(PREVIOUS))


@pytest.mark.parametrize(
    ("on", "refusal"), [("2025-11-02", DateBeforeCause), ("2026-11-21", DateInTheFuture)]
)
def test_court_and_talk_follow_the_familys_agreement(on: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        tell_court(DATED, court_told(sent_on=day(on)), scene(), COURTS)
    with pytest.raises(refusal):
        talk(DATED, talked(held_on=day(on)), scene())


def test_another_court_than_the_familys_is_taken_and_warned_of() -> None:
    outcome = tell_court(DATED, court_told(court="LV-042"), scene(), COURTS)
    assert outcome.warnings == ("transfers.other-court",)
    assert outcome.meets == (DutyKind.COURT_NOTICE,)
    with pytest.raises(CourtUnknown):
        tell_court(DATED, court_told(court="LV-999"), scene(), COURTS)


def test_a_psychologist_takes_part_only_by_agreement_of_both() -> None:
    with pytest.raises(PsychologistNotAgreed):
        talk(DATED, talked(psychologist=True), scene())
    outcome = talk(DATED, talked(psychologist=True, agreed_by_both=True), scene(PREVIOUS))
    assert outcome.tells == ((NEW, "talked"),)
