"""The price ceiling of a centre's year as a workflow, and its place: one a year.

The place is taken as it is stated and given back as it is withdrawn, in the transaction of the statement.
Source: method S37.
"""

from collections.abc import Sequence
from uuid import UUID

from hub.evidence.event import EventKind
from hub.kernel.days import DateInTheFuture, DateOutOfRange
from hub.kernel.ids import CentreId
from hub.matters.casework.matters import identity_of
from hub.matters.casework.records import Desk
from hub.matters.workflow import Held, Opening, Scene, Verb, Workflow, knowing
from hub.training import store
from hub.training.ceiling import (
    STEPS,
    Action,
    CeilingStatedAlready,
    SameCeiling,
    YearsCeiling,
    corrected,
    parties,
    stated,
    withdrawn,
)
from saikne_schemas.price_ceilings import (
    Ceiling,
    CorrectCeiling,
    PriceCeiling,
    PriceCeilingView,
    WithdrawCeiling,
)
from saikne_schemas.training_lists import CeilingRole, CeilingState
from saikne_schemas.vocabulary import Workflow as Kind


async def take_place(desk: Desk, author: CentreId, said: PriceCeiling) -> UUID | None:
    """The matter that states this year already, if one does."""
    known = YearsCeiling(said.year, said.ceiling_cents, said.contract)
    return await store.take(desk.tx, author, identity_of(author, said.id), known)


async def change(desk: Desk, ceiling: Held[Ceiling], cents: Sequence[int], scene: Scene) -> None:
    for one in cents:
        await store.change(desk.tx, scene.author, ceiling.identity, one)


async def give_back(desk: Desk, ceiling: Held[Ceiling], _: Sequence[None], scene: Scene) -> None:
    await store.take_back(desk.tx, scene.author, ceiling.identity)


CEILINGS: Workflow[Ceiling] = Workflow(
    kind=Kind.PRICE_CEILING,
    content=Ceiling,
    view=PriceCeilingView,
    states=CeilingState,
    roles=CeilingRole,
    steps=STEPS,
    at_rest=frozenset({CeilingState.IN_FORCE}),
    opening=Opening(
        statement=PriceCeiling,
        operation="stateCeiling",
        event=EventKind.CEILING_STATED,
        state=CeilingState.IN_FORCE,
        parties=parties,
        rule=knowing(take_place, stated),
        refuses=(CeilingStatedAlready, DateInTheFuture, DateOutOfRange),
    ),
    verbs=(
        Verb(
            statement=CorrectCeiling,
            operation="correctCeiling",
            event=EventKind.CEILING_CORRECTED,
            action=Action.CORRECT,
            rule=corrected,
            refuses=(SameCeiling,),
            beside=change,
        ),
        Verb(
            statement=WithdrawCeiling,
            operation="withdrawCeiling",
            event=EventKind.CEILING_WITHDRAWN,
            action=Action.WITHDRAW,
            rule=withdrawn,
            beside=give_back,
        ),
    ),
    notices=frozenset(),
)
