"""A child's move as a workflow: which statement is which step, and what is looked up for it.

Source: method S105-S114; the rules themselves stand in `child_move`.
"""

from typing import Any

from hub.evidence.event import EventKind
from hub.kernel import days
from hub.kernel.ids import CentreId
from hub.matters.workflow import Opening, Verb, Workflow
from hub.plumbing.database import Tx
from hub.transfers import child_move as rules
from hub.transfers import store
from hub.transfers.casework.exchanges import named_exchange
from hub.transfers.child_move import Action
from hub.transfers.courts import Directory, TerritoryUnknown
from hub.transfers.fitting_exchange import ExchangeDoesNotFit
from saikne_schemas.child_moves import (
    AcquaintanceHeld,
    BeginChildMove,
    CancelChildMove,
    ChildMove,
    ChildMoveView,
    ChildPlaced,
    FormerFamilyContact,
    IapArchived,
    IapAsked,
    InformedBefore,
    MeetingHeld,
)
from saikne_schemas.child_vocabulary import ChildMoveRole, ChildMoveState
from saikne_schemas.vocabulary import Workflow as Kind


async def courts(tx: Tx, _author: CentreId, _content: Any, said: BeginChildMove) -> Directory | None:
    """Where a territory is named, for only then is its court looked up."""
    return await store.directory(tx) if said.territory else None


_BEFORE = (*days.DONE, rules.AfterPlacement)
CHILD_MOVES: Workflow[ChildMove] = Workflow(
    kind=Kind.CHILD_MOVE,
    content=ChildMove,
    view=ChildMoveView,
    states=ChildMoveState,
    roles=ChildMoveRole,
    steps=rules.STEPS,
    opening=Opening(
        BeginChildMove,
        "beginChildMove",
        EventKind.CHILD_MOVE_BEGUN,
        ChildMoveState.PLANNED,
        rules.parties,
        rules.begin,
        (TerritoryUnknown,),
        courts,
    ),
    verbs=(
        Verb(
            InformedBefore,
            "informBeforeChildMove",
            EventKind.CHILD_MOVE_INFORMED,
            Action.INFORM,
            rules.inform,
            (*_BEFORE, ExchangeDoesNotFit, rules.InformationNotSent),
            named_exchange,
        ),
        Verb(
            MeetingHeld,
            "meetBeforeChildMove",
            EventKind.CHILD_MOVE_MET,
            Action.MEET,
            rules.meet,
            _BEFORE,
        ),
        Verb(
            AcquaintanceHeld,
            "acquaintBeforeChildMove",
            EventKind.CHILD_MOVE_ACQUAINTED,
            Action.ACQUAINT,
            rules.acquaint,
            _BEFORE,
        ),
        Verb(
            ChildPlaced,
            "placeChild",
            EventKind.CHILD_MOVE_PLACED,
            Action.PLACE,
            rules.place,
            days.DONE,
        ),
        Verb(
            IapAsked,
            "askForPlanOfMovedChild",
            EventKind.CHILD_MOVE_IAP_ASKED,
            rules.Action.ASK,
            rules.ask,
            (ExchangeDoesNotFit,),
            named_exchange,
        ),
        Verb(
            IapArchived,
            "archivePlanOfMovedChild",
            EventKind.CHILD_MOVE_IAP_ARCHIVED,
            rules.Action.ARCHIVE,
            rules.archive,
            days.DONE,
        ),
        Verb(
            FormerFamilyContact,
            "arrangeFormerFamilyContact",
            EventKind.CHILD_MOVE_CONTACT_ARRANGED,
            rules.Action.ARRANGE,
            rules.arrange,
            days.PLANNED,
        ),
        Verb(
            CancelChildMove,
            "cancelChildMove",
            EventKind.CHILD_MOVE_CANCELLED,
            Action.CANCEL,
            rules.cancel,
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
        }
    ),
)
