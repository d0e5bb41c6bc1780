"""A child's move as a workflow: which statement is which step, and what is looked up for it.

Source: method S105-S114; the rules themselves stand in `child_move`.
"""

from hub.evidence.event import EventKind
from hub.kernel import days
from hub.matters.workflow import Opening, Verb, Workflow, knowing
from hub.transfers import child_move as rules
from hub.transfers import childs_copies
from hub.transfers.casework.named import asked_plan, courts, named_exchange
from hub.transfers.child_move import Action
from hub.transfers.copies import CopiesHaveEnded, CopiesUnderWay
from hub.transfers.courts import TerritoryUnknown
from hub.transfers.fitting_exchange import ExchangeDoesNotFit
from saikne_schemas.child_moves import (
    AcquaintanceHeld,
    BeginChildMove,
    CancelChildMove,
    ChildMove,
    ChildMoveView,
    ChildPlaced,
    FormerFamilyContact,
    GiveUpIap,
    IapArchived,
    IapAsked,
    InformedBefore,
    MeetingHeld,
)
from saikne_schemas.child_vocabulary import ChildMoveRole, ChildMoveState
from saikne_schemas.vocabulary import Workflow as Kind

_BEFORE = (*days.DONE, rules.AfterPlacement)
CHILD_MOVES: Workflow[ChildMove] = Workflow(
    kind=Kind.CHILD_MOVE,
    content=ChildMove,
    view=ChildMoveView,
    states=ChildMoveState,
    forgets_in=frozenset({ChildMoveState.CLOSED, ChildMoveState.CANCELLED}),
    awaited=rules.awaited,
    roles=ChildMoveRole,
    steps=rules.STEPS,
    opening=Opening(
        statement=BeginChildMove,
        operation="beginChildMove",
        event=EventKind.CHILD_MOVE_BEGUN,
        state=ChildMoveState.PLANNED,
        parties=rules.parties,
        rule=knowing(courts, rules.begin),
        once=rules.ONCE,
        refuses=(TerritoryUnknown,),
    ),
    verbs=(
        Verb(
            statement=InformedBefore,
            operation="informBeforeChildMove",
            event=EventKind.CHILD_MOVE_INFORMED,
            action=Action.INFORM,
            rule=knowing(named_exchange, rules.inform),
            refuses=(*_BEFORE, ExchangeDoesNotFit, rules.InformationNotSent),
        ),
        Verb(
            statement=MeetingHeld,
            operation="meetBeforeChildMove",
            event=EventKind.CHILD_MOVE_MET,
            action=Action.MEET,
            rule=rules.meet,
            refuses=_BEFORE,
        ),
        Verb(
            statement=AcquaintanceHeld,
            operation="acquaintBeforeChildMove",
            event=EventKind.CHILD_MOVE_ACQUAINTED,
            action=Action.ACQUAINT,
            rule=rules.acquaint,
            refuses=_BEFORE,
        ),
        Verb(
            statement=ChildPlaced,
            operation="placeChild",
            event=EventKind.CHILD_MOVE_PLACED,
            action=Action.PLACE,
            rule=rules.place,
            refuses=days.DONE,
        ),
        Verb(
            statement=IapAsked,
            operation="askForPlanOfMovedChild",
            event=EventKind.CHILD_MOVE_IAP_ASKED,
            action=rules.Action.ASK,
            rule=knowing(named_exchange, childs_copies.ask),
            refuses=(ExchangeDoesNotFit,),
        ),
        Verb(
            statement=GiveUpIap,
            operation="giveUpPlanOfMovedChild",
            event=EventKind.MOVE_COPIES_GIVEN_UP,
            action=rules.Action.GIVE_UP,
            rule=knowing(asked_plan, childs_copies.give_up),
            refuses=(CopiesUnderWay, CopiesHaveEnded),
        ),
        Verb(
            statement=IapArchived,
            operation="archivePlanOfMovedChild",
            event=EventKind.CHILD_MOVE_IAP_ARCHIVED,
            action=rules.Action.ARCHIVE,
            rule=rules.archive,
            refuses=days.DONE,
        ),
        Verb(
            statement=FormerFamilyContact,
            operation="arrangeFormerFamilyContact",
            event=EventKind.CHILD_MOVE_CONTACT_ARRANGED,
            action=rules.Action.ARRANGE,
            rule=rules.arrange,
            refuses=days.PLANNED,
        ),
        Verb(
            statement=CancelChildMove,
            operation="cancelChildMove",
            event=EventKind.CHILD_MOVE_CANCELLED,
            action=Action.CANCEL,
            rule=rules.cancel,
        ),
    ),
    notices=frozenset(
        {
            "begun",
            "informed",
            "met",
            "acquainted",
            "placed",
            "asked",
            "archived",
            "arranged",
            "cancelled",
            "closed",
            *("copies_withdrawn", "copies_awaited", "copies_given_up"),
        }
    ),
)
