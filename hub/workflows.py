"""Every workflow between centres beside the request for copies, gathered from the rooms that own them."""

from typing import Any

from hub.agreements.agreement import AGREEMENTS
from hub.matters.workflow import Workflow
from hub.plans.casework import SUPPORT_PLANS
from hub.siblings.contact import SIBLING_CONTACTS
from hub.training.training import TRAININGS
from hub.transfers.casework.child_moves import CHILD_MOVES
from hub.transfers.casework.family_moves import FAMILY_MOVES

WORKFLOWS: tuple[Workflow[Any], ...] = (
    AGREEMENTS,
    TRAININGS,
    FAMILY_MOVES,
    CHILD_MOVES,
    SUPPORT_PLANS,
    SIBLING_CONTACTS,
)
