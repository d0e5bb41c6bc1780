"""A plan of other bytes takes the place of one that was sent: told before it goes. Source: method S133."""

from typing import TYPE_CHECKING

from saikne.command.speech import Console

if TYPE_CHECKING:
    from saikne_schemas.plans import SupportPlanView

_SHOWN = 12
"""How many characters of a digest people compare."""


def tell_replaced(console: Console, before: "SupportPlanView", sha256: str) -> None:
    was = before.content.plan_sha256
    if before.content.sent_on is not None and was != sha256:
        console.warn("plan.replaced", before=was[:_SHOWN], after=sha256[:_SHOWN])
