"""The requester asks for more: an open request grows, an answered one is opened again (features F19).

While the first answer is owed its term stays, and an answer that was declared and not sent is taken back: it
was made for less. After a confirmation the same exchange goes on with a term of its own, and what was met
stays met (method S78; domain 1.1).
"""

from hub.centres import store as centres
from hub.centres.centre import Centre, taking_part
from hub.duties.duty import Basis, DutyKind
from hub.exchange.casework.beside import Effect, erase_password, erase_payload
from hub.exchange.casework.case import Case, Desk
from hub.exchange.supplement import grown
from hub.kernel.ids import CentreId
from hub.matters.workflow import Moment, Outcome, Owed
from hub.passwords.handover import ErasedBecause
from hub.workdays.calendars import Policy
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import ExchangeState


async def holder(desk: Desk, _author: CentreId, case: Case, _: Supplement) -> Centre | None:
    """Who is to owe an answer again, where all that was asked is answered."""
    if case.state is not ExchangeState.CONFIRMED:
        return None
    return (await centres.find(desk.tx, [case.holder])).get(case.holder)


def supplement(case: Case, more: Supplement, moment: Moment, holder: Centre | None) -> Effect:
    answered = case.state is ExchangeState.CONFIRMED
    under_way = case.state is ExchangeState.PREPARING
    asked = grown(case.record.asked, more, answered=answered)
    taken_back = (erase_payload(), erase_password(ErasedBecause.DISCARDED)) if under_way else ()
    return Outcome(
        case.record.grown(asked),
        opens=(_owed_again(case, moment, holder),) if answered else (),
        tells=((case.holder, "request_supplemented"),),
        facts={
            "reason": more.reason.value,
            "children": len(more.children),
            "forms": [form.value for form in more.forms],
        },
        beside=taken_back,
    )


def _owed_again(case: Case, moment: Moment, holder: Centre | None) -> Owed:
    """A duty of its own for what is asked now."""
    return Owed(
        kind=DutyKind.ANSWER,
        owner=case.holder,
        starts_on=moment.today,
        basis=Basis.SUPPLEMENT_RECEIVED,
        awaited_by=(case.requester,),
        policy=Policy(taking_part(holder).calendar),
        tells_its_days=True,
    )
