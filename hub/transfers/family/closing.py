"""A family's move is closed by the last thing that it takes, and never without a word to the other side.

Source: method S77-S82; domain 1.1. Nothing is awaited from either centre after it: another day that was
proposed is answered no more.
"""

from dataclasses import replace

from hub.duties.duty import DutyKind
from hub.matters.workflow import Outcome, Scene
from saikne_schemas.family_move_words import FamilyMoveState
from saikne_schemas.family_moves import FamilyMove


def without(move: FamilyMove, *done: DutyKind, **changes: object) -> FamilyMove:
    """With these done."""
    left = [one for one in move.remaining if one not in done]
    return move.model_copy(update={**changes, "remaining": left})


def closed_if_last(done: Outcome[FamilyMove], scene: Scene) -> Outcome[FamilyMove]:
    """Both are told where no statement of either has done it, else the one that did not speak."""
    if done.content.remaining:
        return done
    told = tuple(scene.roles) if scene.signed is None else (scene.other(),)
    return replace(
        done,
        content=done.content.model_copy(update={"override": None}),
        to=FamilyMoveState.CLOSED,
        drops=(*done.drops, DutyKind.ANSWER_DATE),
        tells=(*done.tells, *((one, "closed") for one in told)),
    )
