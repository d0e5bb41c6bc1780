"""A contract about training as a test needs it, and the scene in which its centres act."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hub.kernel.ids import CentreId
from hub.matters.workflow import Scene
from hub.training.contract import proposed
from hub.workdays.calendars import Policy
from hub.workdays.seed import seed_calendars
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.training import Invoice, Training, TrainingContract
from saikne_schemas.training_lists import TrainingRole

TRAINER, FAMILYS = CentreId(UUID(int=1, version=4)), CentreId(UUID(int=2, version=4))
TODAY = date(2026, 4, 10)


def scene(author: CentreId = TRAINER, today: date = TODAY) -> Scene:
    return Scene(
        now=datetime(today.year, today.month, today.day, 9, tzinfo=UTC),
        today=today,
        author=author,
        roles={TRAINER: TrainingRole.TRAINER, FAMILYS: TrainingRole.FAMILYS},
        calendars=seed_calendars(),
        policies={TRAINER: Policy.STATUTORY, FAMILYS: Policy.STATUTORY},
    )


def of(kind: type[Any], /, **changes: Any) -> Any:
    """A statement as its example says it, but for what is changed; `None` leaves a field out."""
    fields = {**EXAMPLES[kind], **changes}
    said = {name: value for name, value in fields.items() if value is not None}
    return kind.model_validate_json(json.dumps(said, default=str))


def agreed(**changes: Any) -> Training:
    """A contract in force: two sessions on 14 and 21 March, six hours, at most 45 euros a participant."""
    return proposed(of(TrainingContract, **changes), scene()).content


def ended(**changes: Any) -> Training:
    return agreed(**changes).model_copy(update={"ended_on": date(2026, 3, 21)})


def an_invoice(**changes: Any) -> Invoice:
    invoice: Invoice = of(Invoice, **changes)
    return invoice
