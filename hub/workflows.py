"""Every workflow between centres beside the request for copies, gathered from the rooms that own them."""

from dataclasses import replace
from typing import Any

from hub.agis.casework.halting import NOTICES
from hub.agis.casework.preparing import REGISTRATIONS, move_cancelled
from hub.agreements.agreement import AGREEMENTS
from hub.matters.workflow import Workflow
from hub.plans.casework.plans import SUPPORT_PLANS
from hub.siblings.contact import SIBLING_CONTACTS
from hub.training.casework.ceilings import CEILINGS
from hub.training.casework.trainings import TRAININGS
from hub.transfers.casework.child_moves import CHILD_MOVES
from hub.transfers.casework.family_moves import FAMILY_MOVES
from hub.transfers.family.steps import Action

MOVES = replace(
    FAMILY_MOVES,
    verbs=(
        *(
            replace(verb, beside=move_cancelled) if verb.action is Action.CANCEL else verb
            for verb in FAMILY_MOVES.verbs
        ),
        *REGISTRATIONS,
    ),
    notices=FAMILY_MOVES.notices | NOTICES,
)
"""A family's move with what its new centre says about registering it by machine."""

WORKFLOWS: tuple[Workflow[Any], ...] = (
    AGREEMENTS,
    TRAININGS,
    MOVES,
    CHILD_MOVES,
    SUPPORT_PLANS,
    SIBLING_CONTACTS,
    CEILINGS,
)
