"""The requester asks for more: an open request grows, an answered one is opened again (features F19).

While the first answer is owed its term stays, and an answer that was declared and not sent is taken back: it
was made for less. After a confirmation the same exchange goes on with a term of its own, and what was met
stays met (method S78; domain 1.1).
"""

from hub.centres.casework import active
from hub.duties.casework import Opening, opened
from hub.duties.duty import Basis, DutyKind
from hub.evidence.event import EventKind, Fact
from hub.exchange import store
from hub.exchange.casework.statements import Case, Desk, keep, tell
from hub.exchange.documents import Asked
from hub.exchange.steps import Action
from hub.exchange.supplement import grown
from hub.kernel.clock import riga_day
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause
from hub.plumbing.promises import promise
from hub.plumbing.rows import Rows
from hub.signing.statement import SignedStatement
from hub.workdays.calendars import Policy
from hub.workdays.deadlines import BothTerms
from saikne_schemas.supplements import Supplement
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import ExchangeState


async def supplement(desk: Desk, case: Case, statement: SignedStatement, manifest: Supplement) -> Accepted:
    step = case.step(Action.SUPPLEMENT)
    answered = case.row.state == ExchangeState.CONFIRMED
    asked = grown(case.asked, manifest, answered=answered)
    facts: dict[str, Fact] = {
        "reason": manifest.reason.value,
        "children": len(manifest.children),
        "forms": [form.value for form in manifest.forms],
    }
    rows: list[Rows] = []
    if answered:
        terms, duty = await _owed_again(desk, case)
        rows.append(duty)
        facts |= {"due_on": terms.due_on.isoformat(), "alt_due_on": terms.alt_due_on.isoformat()}
    if case.row.state == ExchangeState.PREPARING:
        await promise(desk.tx, "exchange.erase_payload", case.handover.payload())
        await passwords.erase(desk.tx, case.handover, ErasedBecause.DISCARDED, desk.now)
    await store.move(desk.tx, case.identity, step, desk.now, **_columns(asked))
    await tell(desk.tx, case.identity, case.holder, "request_supplemented")
    taken = case.taken(manifest, EventKind.REQUEST_SUPPLEMENTED, step, facts)
    return await keep(desk, taken, statement, case.parties, first=rows)


async def _owed_again(desk: Desk, case: Case) -> tuple[BothTerms, Rows]:
    """A duty of its own for what is asked now; the receipt so far is kept with its round."""
    holder = case.holder
    centre = (await active(desk.tx, [holder]))[holder]
    opening = Opening(
        kind=DutyKind.ANSWER,
        about=case.identity,
        owner=holder,
        awaited_by=(case.requester,),
        starts_on=riga_day(desk.now),
        basis=Basis.SUPPLEMENT_RECEIVED,
        policy=Policy(centre.calendar),
    )
    terms, duty = opened(opening, await desk.calendars.current(desk.tx))
    await store.change_answer(desk.tx, case.identity, case.row.round, receipt=case.row.receipt)
    await store.set_due(desk.tx, case.identity, terms.due_on)
    return terms, duty


def _columns(asked: Asked) -> dict[str, object]:
    return {
        "children": asked.children,
        "more_children": asked.more_children,
        "more_forms": [form.value for form in asked.more_forms],
        "answered_before": asked.answered_before,
    }
