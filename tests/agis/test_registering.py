"""What the new centre says about a registration, and what follows, where a move has had several days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from hub.agis.registering import (
    DayDiffers,
    EarlierUnderWay,
    EnteredByHand,
    Known,
    NoRegister,
    RegisterKeyUnknown,
    Registration,
    RegistrationUnknown,
    SealedGone,
    Written,
    again,
    new_row,
    prepare,
    take_back,
)
from hub.agis.steps import StepNotAllowed
from hub.kernel.ids import CentreId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Scene
from hub.workdays.seed import seed_calendars
from saikne import compose
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.family_moves import FamilyMove
from saikne_schemas.family_moves import Registration as Entry
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.register_entries import registration_key
from saikne_schemas.register_words import (
    NeedsPersonBecause,
    RegisterOperation,
    RegistrationState,
    RegistrationWithdrawnBecause,
)
from saikne_schemas.registrations import PrepareRegistration, TryRegistrationAgain, WithdrawRegistration
from saikne_schemas.vocabulary import DutyKind

NOW = datetime(2026, 9, 2, 9, tzinfo=UTC)
DAY = date(2026, 9, 1)
NEW, PREVIOUS, MATTER = CentreId(uuid4()), CentreId(uuid4()), uuid4()
HEAD = AuthorisedPerson(name="Ieva Priede", position="vadītāja")
KEY = registration_key(MATTER, DAY, NEW)
S = RegistrationState
MOVE = FamilyMove(
    family="AG-7741",
    children=[],
    agreement="V-2026/31",
    agreed_on=date(2026, 8, 10),
    territory="LV-041",
    court="LV-041",
    court_name="Jelgavas novada bāriņtiesa",
    effective_on=DAY,
    remaining=[DutyKind.REGISTER],
)


def one(**changes: Any) -> Registration:
    plain = Registration(
        key=KEY,
        effective_on=DAY,
        revision=1,
        operation=RegisterOperation.TRANSFER,
        replaces=None,
        replaces_revision=None,
        state=S.QUEUED,
        because=None,
        maybe_there=False,
    )
    return replace(plain, **changes)


SCENE = Scene(
    now=NOW,
    today=NOW.date(),
    author=NEW,
    roles={NEW: FamilyMoveRole.NEW, PREVIOUS: FamilyMoveRole.PREVIOUS},
    calendars=seed_calendars(),
    policies={},
)


def known(*earlier: Registration, keys: frozenset[str] = frozenset({"kid"})) -> Known:
    return Known(earlier, keys)


def said(**changes: Any) -> PrepareRegistration:
    fields: dict[str, Any] = {
        "matter": MATTER,
        "effective_on": DAY,
        "sealed_sha256": "4f" * 32,
        "sealed_bytes": 900,
        "register_key": "kid",
        "prepared_by": HEAD,
    }
    return compose(PrepareRegistration, **{**fields, **changes})


@pytest.mark.parametrize(
    ("move", "statement", "held", "refusal"),
    [
        (MOVE, said(), known(keys=frozenset()), NoRegister),
        (MOVE, said(register_key="other"), known(), RegisterKeyUnknown),
        (MOVE, said(effective_on=date(2026, 10, 1)), known(), DayDiffers),
        (MOVE.model_copy(update={"effective_on": None}), said(), known(), DayDiffers),
        (MOVE.model_copy(update={"registered": Entry(registered_on=DAY)}), said(), known(), EnteredByHand),
        (MOVE, said(), known(one(state=S.SENT, maybe_there=True)), StepNotAllowed),
        (MOVE, said(), known(one(state=S.UNKNOWN, maybe_there=True)), StepNotAllowed),
        (
            MOVE,
            said(),
            known(
                one(key=uuid4(), state=S.ACKNOWLEDGED, maybe_there=True),
                one(key=uuid4(), state=S.NEEDS_PERSON, maybe_there=True),
            ),
            EarlierUnderWay,
        ),
    ],
)
def test_what_could_not_be_registered_is_refused(
    move: FamilyMove, statement: PrepareRegistration, held: Known, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        prepare(move, statement, SCENE, held)


def prepared(held: Known) -> Written:
    (written,) = prepare(MOVE, said(), SCENE, held).beside
    return written


def state_of(written: Written) -> str | None:
    return written.step.state.value if written.step else None


def test_the_first_one_waits_a_day_for_its_sealed_facts() -> None:
    written = prepared(known())
    assert (written.key, written.replaced, written.values["revision"]) == (KEY, {}, 1)
    assert (written.step, written.values["next_at"]) == (None, NOW + timedelta(days=1))
    assert new_row(MatterId(MATTER), SCENE, written)["state"] == "draft"
    assert written.values["replaces"] is None


@pytest.mark.parametrize(
    "state", [S.DRAFT, S.QUEUED, S.REJECTED, S.NEEDS_PERSON, S.ACKNOWLEDGED, S.WITHDRAWN]
)
def test_prepared_anew_it_is_the_next_revision(state: RegistrationState) -> None:
    written = prepared(known(one(state=state, revision=4)))
    assert (written.key, written.values["revision"], state_of(written)) == (KEY, 5, "draft")
    assert written.erase_sealed


def test_another_day_ends_what_is_open_and_replaces_what_may_be_there() -> None:
    other, idle = uuid4(), uuid4()
    held = known(
        one(key=other, state=S.SENT, revision=2, maybe_there=True),
        one(key=idle, state=S.QUEUED),
    )
    written = prepared(held)
    assert (written.values["replaces"], written.values["replaces_revision"]) == (other, 2)
    assert {key: step.state for key, step in written.replaced.items()} == {
        other: S.WITHDRAWN,
        idle: S.WITHDRAWN,
    }


def test_what_is_confirmed_stands_until_its_replacement_is() -> None:
    other = uuid4()
    written = prepared(known(one(key=other, state=S.ACKNOWLEDGED, maybe_there=True)))
    assert (written.values["replaces"], written.replaced) == (other, {})


def test_a_day_that_was_never_sent_hands_on_what_it_was_to_replace() -> None:
    first = uuid4()
    held = known(one(key=uuid4(), state=S.DRAFT, replaces=first, replaces_revision=3))
    written = prepared(held)
    assert (written.values["replaces"], written.values["replaces_revision"]) == (first, 3)


def going_on(key: UUID = KEY) -> TryRegistrationAgain:
    return compose(TryRegistrationAgain, matter=MATTER, key=key, decided_by=HEAD)


@pytest.mark.parametrize(
    ("because", "there", "state"),
    [
        (NeedsPersonBecause.NOT_COMPLETED, False, "draft"),
        (NeedsPersonBecause.NOBODY_TAKES_IT, False, "queued"),
        (NeedsPersonBecause.TRIED_TOO_OFTEN, True, "unknown"),
        (NeedsPersonBecause.CONFIRMED_ODDLY, True, "unknown"),
    ],
)
def test_a_person_lets_it_go_on_where_it_stopped(
    because: NeedsPersonBecause, state: str, *, there: bool
) -> None:
    held = known(one(state=S.NEEDS_PERSON, because=because.value, maybe_there=there))
    outcome = again(MOVE, going_on(), SCENE, held)
    (written,) = outcome.beside
    assert (outcome.facts["registration_state"], state_of(written)) == (state, state)
    assert (written.values["tries"], written.values["because"]) == (0, None)


def test_what_cannot_go_on_is_refused() -> None:
    with pytest.raises(RegistrationUnknown):
        again(MOVE, going_on(uuid4()), SCENE, known(one()))
    with pytest.raises(StepNotAllowed):
        again(MOVE, going_on(), SCENE, known(one(state=S.QUEUED)))
    halted = one(state=S.NEEDS_PERSON, because=NeedsPersonBecause.DAY_CHANGED.value)
    with pytest.raises(DayDiffers):
        again(MOVE.model_copy(update={"effective_on": date(2026, 10, 1)}), going_on(), SCENE, known(halted))
    gone = one(state=S.NEEDS_PERSON, because=NeedsPersonBecause.NOT_HELD.value, maybe_there=True)
    with pytest.raises(SealedGone):
        again(MOVE, going_on(), SCENE, known(gone))


def taking_back() -> WithdrawRegistration:
    return compose(
        WithdrawRegistration,
        matter=MATTER,
        key=KEY,
        reason=RegistrationWithdrawnBecause.WRONG_FAMILY,
        decided_by=HEAD,
    )


def test_only_the_hub_says_that_a_registration_was_replaced() -> None:
    with pytest.raises(ValidationError):
        compose(
            WithdrawRegistration,
            matter=MATTER,
            key=KEY,
            reason=RegistrationWithdrawnBecause.REPLACED,  # type: ignore[arg-type]
            decided_by=HEAD,
        )


def test_what_may_be_there_is_taken_back_by_a_revision_of_its_own() -> None:
    held = known(one(state=S.NEEDS_PERSON, revision=2, maybe_there=True))
    (written,) = take_back(MOVE, taking_back(), SCENE, held).beside
    assert (state_of(written), written.values["operation"]) == ("queued", "withdraw_transfer")
    assert (written.values["revision"], written.values["next_at"]) == (3, NOW)
    assert written.values["sealed_sha256"] is None


def test_what_cannot_be_there_is_simply_at_an_end() -> None:
    (written,) = take_back(MOVE, taking_back(), SCENE, known(one())).beside
    assert (state_of(written), written.values["next_at"]) == ("withdrawn", None)
    assert "revision" not in written.values


def test_taking_back_a_confirmed_entry_opens_the_move_again() -> None:
    entered = Entry(registered_on=DAY, register_id="AGIS-1", registration=KEY)
    confirmed = MOVE.model_copy(update={"registered": entered, "remaining": []})
    held = known(one(state=S.ACKNOWLEDGED, maybe_there=True))
    back = take_back(confirmed, taking_back(), SCENE, held)
    assert (back.to, back.content.remaining) == (FamilyMoveState.DATED, [DutyKind.REGISTER])
    assert take_back(MOVE, taking_back(), SCENE, held).to is None
