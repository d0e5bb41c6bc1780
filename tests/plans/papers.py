"""A family's plan as a test needs it, in every condition, and the scene in which its centre acts."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hub.kernel.ids import CentreId
from hub.matters.workflow import Scene
from hub.plans.activities import added, drawn_up
from hub.plans.agreeing import confirmed, sent
from hub.workdays.calendars import Policy
from hub.workdays.seed import seed_calendars
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.plan_lists import PlanRole
from saikne_schemas.plans import ActivityAdded, Plan, PlanConfirmed, PlanSent, SupportPlan

CENTRE = CentreId(UUID(int=1, version=4))
TODAY = date(2026, 11, 20)


def scene() -> Scene:
    return Scene(
        now=datetime(2026, 11, 20, 9, tzinfo=UTC),
        today=TODAY,
        author=CENTRE,
        roles={CENTRE: PlanRole.CENTRE},
        calendars=seed_calendars(),
        policies={CENTRE: Policy.STATUTORY},
    )


def of(kind: type[Any], **changes: Any) -> Any:
    """A statement as its example says it, but for what is changed; `None` leaves a field out."""
    fields = {**EXAMPLES[kind], **changes}
    said = {name: value for name, value in fields.items() if value is not None}
    return kind.model_validate_json(json.dumps(said, default=str))


def new() -> Plan:
    return drawn_up(of(SupportPlan), scene(), None).content


def agreed() -> Plan:
    return confirmed(sent(new(), of(PlanSent), scene()).content, of(PlanConfirmed), scene()).content


def supplemented() -> Plan:
    return added(agreed(), of(ActivityAdded), scene()).content
