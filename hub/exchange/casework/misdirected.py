"""Copies that came to a wrong recipient: everything stops, the hub forgets, and the holder says how it ended.

Source: method S58, S90; domain 2.4, 2.5 (a breach has to be told); features N5. The answer is owed again from
the moment it is known to have gone astray, by its first date: what is frozen may be late all the same.
"""

from dataclasses import dataclass

from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.duties.duty import DutyKind
from hub.exchange import owed
from hub.exchange.casework.beside import Effect, change_answer, erase_password, erase_payload
from hub.exchange.casework.case import Case, Desk
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.matters.workflow import Moment, Outcome
from hub.passwords.handover import ErasedBecause
from saikne_schemas.paper import Resolve, WrongRecipient


@dataclass(frozen=True, slots=True)
class Known:
    overseers: list[CentreId]

    def tells(self, case: Case, notice: str) -> tuple[tuple[CentreId, str], ...]:
        """Both centres, and whoever oversees them."""
        return tuple((to, notice) for to in (*case.parties, *self.overseers))


async def concerned(desk: Desk, _author: CentreId, _case: Case, _: WrongRecipient | Resolve) -> Known:
    everyone = await centres.directory(desk.tx)
    overseers = [one.id for one in everyone if one.active and one.role is CentreRole.OVERSIGHT]
    return Known(overseers)


def freeze(case: Case, said: WrongRecipient, moment: Moment, known: Known) -> Effect:
    """Erase password and archive, and tell both centres and whoever oversees them.

    A receipt of this answer is taken back; that of an answer before a supplement stays.
    """
    case.check_round(said.round)
    return Outcome(
        case.record,
        drops=(*owed.ON_ITS_WAY, *owed.AFTER_LAPSE),
        reopens=(case.answer_duty,),
        opens=(case.owes(DutyKind.RESOLVE_ASTRAY, moment.today),),
        tells=known.tells(case, "wrong_recipient"),
        facts={"round": said.round},
        beside=(change_answer(receipt=None), erase_payload(), erase_password(ErasedBecause.WRONG_RECIPIENT)),
        also_for=(OVERSIGHT,),
    )


def resolve(case: Case, said: Resolve, _: Moment, known: Known) -> Effect:
    """What became of the copies; the holder may answer anew."""
    case.check_round(said.round)
    return Outcome(
        case.record,
        meets=(DutyKind.RESOLVE_ASTRAY,),
        tells=known.tells(case, "recipient_resolved"),
        facts={"round": said.round, "reason": said.reason.value},
        also_for=(OVERSIGHT,),
    )
