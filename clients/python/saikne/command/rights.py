"""What a centre may do until a day and does not owe: of all its moves, beside what is to be done.

Source: method S74-S76. Whether it may, each move itself says: `beside`.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from saikne.command.beside import OBJECTS, objects
from saikne.command.given import SHORTEST, today_in_riga
from saikne.command.speech import say
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from saikne.hub import Hub
    from saikne_schemas.matters import DutyView


@dataclass(frozen=True)
class Right:
    """To object to the day of a move that was established without the previous centre."""

    concerns: UUID
    until: date

    def line(self) -> list[str]:
        act = f"saikne {OBJECTS} {str(self.concerns)[:SHORTEST]}"
        return ["", for_people(self.until), "", say("today.may.object"), act]

    def row(self) -> list[str | int]:
        """As `today.column` names them."""
        act, about = f"saikne {OBJECTS} {self.concerns}", say("workflow.family_move")
        no = say("word.no")
        return [for_people(self.until), 0, say("today.may.object"), "", about, str(self.concerns), no, act]

    def document(self) -> dict[str, Any]:
        return {
            "what": "object_to_date",
            "workflow": Workflow.FAMILY_MOVE.value,
            "concerns": str(self.concerns),
            "until": self.until.isoformat(),
            "act": f"saikne {OBJECTS} {self.concerns}",
            "other_acts": [],
        }


async def rights(hub: "Hub", duties: "Iterable[DutyView]") -> list[Right]:
    """Of the moves that these are about, by their days; only those that may be are looked at."""
    from saikne_schemas.family_moves import FamilyMoveView

    today = today_in_riga()
    moves = dict.fromkeys(
        one.concerns
        for one in duties
        if one.workflow is Workflow.FAMILY_MOVE
        and one.stake != "oversees"
        and one.objections_until is not None
        and today <= one.objections_until
    )
    views = [await hub.matter(FamilyMoveView, matter) for matter in moves]
    found = [Right(view.id, may["until"]) for view in views if (may := objects(view))]
    return sorted(found, key=lambda one: one.until)
