"""What mypy has to refuse: an `ignore` that nothing needs is an error of mypy's own, under `strict`."""

from collections.abc import Sequence
from typing import Any

from hub.evidence.event import EventKind
from hub.kernel.ids import CentreId
from hub.matters.casework.records import Desk
from hub.matters.workflow import Held, Outcome, Scene, Verb, knowing
from hub.plans.activities import added, ended
from hub.transfers.casework.named import courts, named_exchange
from hub.transfers.child_move import inform
from hub.transfers.courts import Directory
from hub.transfers.family.steps import Action
from hub.transfers.family.tracks import talk, tell_court
from saikne_schemas.child_moves import InformedBefore
from saikne_schemas.family_moves import CourtTold, FamilyMove, Talked
from saikne_schemas.plans import ActivityAdded

SAID: Any = {"operation": "", "event": EventKind.COURT_TOLD, "action": Action.TELL_COURT}


async def by_day(_desk: Desk, _author: CentreId, _move: FamilyMove, said: CourtTold) -> str:
    return said.sent_on.isoformat()


async def of_talk(desk: Desk, _author: CentreId, _move: FamilyMove, _said: Talked) -> Directory:
    return await courts(desk, _author)


def numbered(move: FamilyMove, _said: Talked, _scene: Scene) -> Outcome[FamilyMove, int]:
    return Outcome(move, beside=(1,))


async def write_words(_desk: Desk, _move: Held[FamilyMove], _words: Sequence[str], _scene: Scene) -> None: ...


Verb(statement=Talked, rule=talk, **SAID)
Verb(statement=CourtTold, rule=talk, **SAID)  # type: ignore[arg-type]  # of another statement
Verb(statement=ActivityAdded, rule=added, **SAID)
Verb(statement=ActivityAdded, rule=ended, **SAID)  # type: ignore[arg-type]  # the same
Verb(statement=CourtTold, rule=knowing(courts, tell_court), **SAID)
Verb(statement=CourtTold, rule=tell_court, **SAID)  # type: ignore[arg-type]  # nothing is looked up
Verb(statement=CourtTold, rule=knowing(by_day, tell_court), **SAID)  # type: ignore[misc]  # something else is
Verb(statement=CourtTold, rule=knowing(of_talk, tell_court), **SAID)  # type: ignore[arg-type]  # for another
Verb(statement=InformedBefore, rule=knowing(named_exchange, inform), **SAID)
Verb(statement=Talked, rule=knowing(named_exchange, talk), **SAID)  # type: ignore[arg-type]
Verb(statement=Talked, rule=numbered, beside=write_words, **SAID)  # type: ignore[misc]  # numbers, not words


def of_a_court(known: Directory) -> object:
    return known.curts  # type: ignore[attr-defined]  # misspelt
