"""Who owes the next step in every state of an exchange: none that is open is without an owner and a day.

A refusal is an end; whether to dispute it is the requester's to decide, so that nothing is left lying there.

The answer has the method's term (S78, S109; features N7: a dispute goes on by its first date). All else is
the hub's own, since the method names no term for it: to collect and confirm (S134), to send what was offered
(S106), to send again what lapsed, to read a password out (S60), to say how an item ended (S89), to decide on
a later day, to dispute a refusal or leave it (S57), to say what became of copies gone astray. Whoever is to
act is told when it begins, so its days run from the day on which the hub was told, and nobody is late before
he could know.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from hub.duties.duty import Basis, DutyKind
from hub.exchange.steps import Role
from hub.kernel.ids import CentreId
from hub.matters.workflow import Owed
from saikne_schemas.vocabulary import DeliveryChannel, ExchangeKind
from saikne_schemas.vocabulary import ExchangeState as State

ANSWERING = (DutyKind.ANSWER, DutyKind.SEND_OFFERED, DutyKind.SEND_AGAIN)
"""Met by whatever sends an answer on its way."""
ON_ITS_WAY = (DutyKind.CONFIRM_COPIES, DutyKind.READ_PASSWORD_OUT, DutyKind.TELL_POST_OUTCOME)
"""Owed while an answer is under way; nothing of it outlives that."""
AFTER_LAPSE = (DutyKind.SEND_AGAIN,)
PROPOSED = (DutyKind.DECIDE_EXTENSION,)
"""Ends with the proposal, however that ends."""
EVERYTHING = (*ANSWERING, *ON_ITS_WAY, *PROPOSED)

_OWNER: Mapping[DutyKind, tuple[Role, Basis]] = MappingProxyType(
    {
        DutyKind.CONFIRM_COPIES: (Role.REQUESTER, Basis.COPIES_SENT),
        DutyKind.READ_PASSWORD_OUT: (Role.HOLDER, Basis.COPIES_SENT),
        DutyKind.TELL_POST_OUTCOME: (Role.HOLDER, Basis.COPIES_SENT),
        DutyKind.SEND_OFFERED: (Role.HOLDER, Basis.INFORMATION_OFFERED),
        DutyKind.SEND_AGAIN: (Role.HOLDER, Basis.PASSWORD_LAPSED),
        DutyKind.DECIDE_EXTENSION: (Role.REQUESTER, Basis.EXTENSION_PROPOSED),
        DutyKind.RESOLVE_ASTRAY: (Role.HOLDER, Basis.GONE_ASTRAY),
        DutyKind.DECIDE_REFUSAL: (Role.REQUESTER, Basis.REQUEST_REFUSED),
    }
)
NEXT_STEP: Mapping[State, frozenset[DutyKind]] = MappingProxyType(
    {
        State.REQUESTED: frozenset(ANSWERING),
        State.PREPARING: frozenset(ANSWERING),
        State.DISPATCHED: frozenset({DutyKind.CONFIRM_COPIES, DutyKind.TELL_POST_OUTCOME}),
        State.DISPUTED: frozenset(ANSWERING),
        State.LAPSED: frozenset(AFTER_LAPSE),
        State.FROZEN: frozenset({DutyKind.RESOLVE_ASTRAY}),
    }
)
"""What moves an exchange on, of which one is owed at any time; a state that is not here is an end."""
OWING = NEXT_STEP.keys() | {State.REFUSED}
"""In which states somebody may owe anything."""


def owed(
    kind: DutyKind, requester: CentreId, holder: CentreId, today: date, basis: Basis | None = None
) -> Owed:
    """A duty of the hub's own, from today; the other side awaits it."""
    role, cause = _OWNER[kind]
    owner, other = (requester, holder) if role is Role.REQUESTER else (holder, requester)
    return Owed(kind, owner, today, basis or cause, awaited_by=(other,))


def answer_of(kind: ExchangeKind) -> DutyKind:
    """As what its answer is owed at first, and again after a dispute: nothing was asked of who offers."""
    return DutyKind.SEND_OFFERED if kind is ExchangeKind.CHILD_INFORMATION else DutyKind.ANSWER


def missing(state: State, kind: ExchangeKind, way: DeliveryChannel | None) -> DutyKind | None:
    """Of an exchange that nobody owes a step in, the step that is to be owed; None at an end."""
    if state not in NEXT_STEP:
        return None
    if state in {State.REQUESTED, State.PREPARING, State.DISPUTED}:
        return DutyKind.SEND_OFFERED if kind is ExchangeKind.CHILD_INFORMATION else DutyKind.SEND_AGAIN
    if state is State.DISPATCHED and way is DeliveryChannel.REGISTERED_POST:
        return DutyKind.TELL_POST_OUTCOME
    (only,) = NEXT_STEP[state] - {DutyKind.TELL_POST_OUTCOME}
    return only
