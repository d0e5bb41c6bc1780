"""What has to be owed while a family's move stands where it stands: no state of it is without an owner.

Source: method S74-S82; domain 1.5. The steps open these duties themselves; this is by what they are checked,
and what is made up for where an older version has not opened one. Reads the state, changes nothing.
"""

from dataclasses import replace

from hub.duties.duty import DutyKind
from hub.kernel.clock import riga_day
from hub.matters.workflow import Owed, Scene
from hub.transfers import copies
from hub.transfers.family.dating import FROM_THE_DAY, owed
from hub.transfers.family.notice import choice_owed, word_owed
from hub.transfers.family.opening import talk_owed
from hub.transfers.family.override import answer_owed
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.family_moves import FamilyMove

_ENDED = {FamilyMoveState.CLOSED, FamilyMoveState.CANCELLED}


def awaited(move: FamilyMove, state: FamilyMoveState, scene: Scene) -> tuple[Owed, ...]:
    """Every duty that is open in this state, as it would begin today."""
    if state in _ENDED:
        return ()
    found = []
    if state is FamilyMoveState.AGREED:
        found.append(word_owed(move, scene))
    elif state is FamilyMoveState.LATE and move.notice is not None:
        found.append(choice_owed(riga_day(move.notice.received_at), scene))
    elif state is FamilyMoveState.DATED:
        found += [owed(move, kind, scene) for kind in move.remaining if kind in FROM_THE_DAY]
    if DutyKind.RECEIVE_COPIES in move.remaining and DutyKind.REQUEST_COPIES not in move.remaining:
        found.append(copies.awaited(scene.who(FamilyMoveRole.NEW), scene.today, None))
    if DutyKind.TALK in move.remaining:
        found.append(talk_owed(scene))
    if move.override is not None:
        found.append(answer_owed(replace(scene, author=scene.who(move.override.side))))
    return tuple(found)
