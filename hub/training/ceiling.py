"""The most that a centre may charge for a participant in a year: stated once, and checked wherever it counts.

The training centre's contract with the State fixes it (method S37, S98). The year of a training is that of
its last session. A contract takes the stated amount or names the same; an invoice is checked again, since a
correction may have lowered it. What was agreed is never exceeded, whatever the year's amount becomes.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from hub.kernel.days import drawn_up
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Steps
from hub.matters.workflow import Outcome, Scene, table
from saikne_schemas.price_ceilings import (
    Ceiling,
    CeilingBefore,
    CorrectCeiling,
    PriceCeiling,
    WithdrawCeiling,
)
from saikne_schemas.training import CeilingUsed, Training, TrainingContract
from saikne_schemas.training_lists import CeilingRole, CeilingState

NOT_STATED = "training.ceiling-not-stated"
"""Taken, although the training centre has not stated the year's ceiling: the contract's own counts."""


class CeilingStatedAlready(Refusal):
    """The centre has stated the year's ceiling; what states it is named."""

    code = "training.ceiling-stated-already"


class CeilingDiffers(Refusal):
    """The contract names another ceiling than the training centre has stated for its year."""

    code = "training.ceiling-differs"


class SameCeiling(Refusal):
    """A correction names another amount."""

    code = "training.same-ceiling"


class Action(StrEnum):
    CORRECT = "correct"
    WITHDRAW = "withdraw"


STEPS: Steps[CeilingState, Action, CeilingRole] = table(
    {
        (CeilingState.IN_FORCE, Action.CORRECT): {CeilingRole.CENTRE: CeilingState.IN_FORCE},
        (CeilingState.IN_FORCE, Action.WITHDRAW): {CeilingRole.CENTRE: CeilingState.WITHDRAWN},
    }
)


@dataclass(frozen=True, slots=True)
class YearsCeiling:
    """What a centre has stated for a year."""

    year: int
    ceiling_cents: int
    contract: str


def parties(ceiling: PriceCeiling) -> list[tuple[UUID, CeilingRole]]:
    return [(ceiling.centre, CeilingRole.CENTRE)]


def stated(ceiling: PriceCeiling, scene: Scene, there: UUID | None) -> Outcome[Ceiling]:
    """`there`: what states this year already."""
    if there is not None:
        raise CeilingStatedAlready(matter=str(there))
    drawn_up(ceiling.signed_on, scene.today)
    content = Ceiling.model_validate(ceiling.model_dump(include=set(Ceiling.model_fields)))
    return Outcome(content, facts={"year": ceiling.year, "ceiling_cents": ceiling.ceiling_cents})


def corrected(content: Ceiling, said: CorrectCeiling, scene: Scene) -> Outcome[Ceiling, int]:
    if said.ceiling_cents == content.ceiling_cents:
        raise SameCeiling(ceiling_cents=content.ceiling_cents)
    before = CeilingBefore(ceiling_cents=content.ceiling_cents, until=scene.today, reason=said.reason)
    after = {"ceiling_cents": said.ceiling_cents, "before": [*content.before, before]}
    facts = {"ceiling_cents": said.ceiling_cents, "reason": said.reason.value}
    return Outcome(content.model_copy(update=after), facts=facts, beside=(said.ceiling_cents,))


def withdrawn(content: Ceiling, said: WithdrawCeiling, _: Scene) -> Outcome[Ceiling, None]:
    after = content.model_copy(update={"withdrawn_because": said.reason})
    return Outcome(after, facts={"reason": said.reason.value})


def year_of(training: Training | TrainingContract) -> int | None:
    """Of the last session; None where a contract names none."""
    return max((session.on.year for session in training.sessions), default=None)


def agreed(contract: TrainingContract, known: YearsCeiling | None) -> TrainingContract:
    """The contract with the ceiling of its year; refused where it names another."""
    if known is None:
        return contract
    if contract.ceiling_cents not in {None, known.ceiling_cents}:
        raise CeilingDiffers(
            ceiling_cents=contract.ceiling_cents, stated_cents=known.ceiling_cents, year=known.year
        )
    return contract.model_copy(update={"ceiling_cents": known.ceiling_cents})


def used(known: YearsCeiling | None, scene: Scene) -> CeilingUsed | None:
    if known is None:
        return None
    return CeilingUsed(
        year=known.year, ceiling_cents=known.ceiling_cents, contract=known.contract, on=scene.today
    )


def at_most(content: Training, known: YearsCeiling | None) -> int:
    """What may be invoiced for a participant: never above what was agreed, nor above what the year allows."""
    return min(content.ceiling_cents, known.ceiling_cents) if known else content.ceiling_cents
