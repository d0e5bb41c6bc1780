"""Copies that came to a wrong recipient: everything stops, the hub forgets, and the holder says how it ended.

Source: method S58, S90; domain 2.4, 2.5 (a breach has to be told); features N5. The answer is owed again from
the moment it is known to have gone astray, by its first date: what is frozen may be late all the same.
"""

from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.duties import casework as duties
from hub.duties.duty import DutyKind
from hub.evidence.event import EventKind
from hub.exchange import store
from hub.exchange.casework.statements import Case, Desk, keep, tell
from hub.exchange.steps import Action
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause
from hub.plumbing.promises import promise
from hub.signing.statement import SignedStatement
from saikne_schemas.paper import Resolve, WrongRecipient
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import ExchangeState


async def freeze(desk: Desk, case: Case, statement: SignedStatement, manifest: WrongRecipient) -> Accepted:
    """Erase password and archive, and tell both centres and whoever oversees them.

    A receipt of this answer is taken back; that of an answer before a supplement stays.
    """
    step = case.step(Action.TELL_WRONG_RECIPIENT)
    case.check_round(manifest.round)
    await duties.reopen(desk.tx, case.identity, DutyKind.ANSWER)
    receipt = case.row.receipt
    if case.row.state == ExchangeState.CONFIRMED:
        receipt = next(reversed(await store.earlier_receipts(desk.tx, case.identity)), None)
    await store.move(desk.tx, case.identity, step, desk.now, receipt=receipt)
    await promise(desk.tx, "exchange.erase_payload", case.handover.payload())
    for to in await _concerned(desk, case):
        await tell(desk.tx, case.identity, to, "wrong_recipient")
    await passwords.erase(desk.tx, case.handover, ErasedBecause.WRONG_RECIPIENT, desk.now)
    facts = {"round": manifest.round}
    taken = case.taken(manifest, EventKind.RECIPIENT_WRONG, step, facts)
    return await keep(desk, taken, statement, (*case.parties, OVERSIGHT))


async def resolve(desk: Desk, case: Case, statement: SignedStatement, manifest: Resolve) -> Accepted:
    """What became of the copies; the holder may answer anew."""
    step = case.step(Action.RESOLVE)
    case.check_round(manifest.round)
    await store.move(desk.tx, case.identity, step, desk.now)
    for to in await _concerned(desk, case):
        await tell(desk.tx, case.identity, to, "recipient_resolved")
    facts = {"round": manifest.round, "reason": manifest.reason.value}
    taken = case.taken(manifest, EventKind.RECIPIENT_RESOLVED, step, facts)
    return await keep(desk, taken, statement, (*case.parties, OVERSIGHT))


async def _concerned(desk: Desk, case: Case) -> list[CentreId]:
    overseers = [
        one.id for one in await centres.directory(desk.tx) if one.active and one.role is CentreRole.OVERSIGHT
    ]
    return [*case.parties, *overseers]
