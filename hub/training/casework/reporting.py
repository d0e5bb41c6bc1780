"""A centre's month of training, from one question to the database. Source: method S65, S102-S104."""

from datetime import UTC, datetime, time

from hub.centres import store as centres
from hub.kernel.clock import RIGA
from hub.kernel.ids import CentreId
from hub.kernel.months import month_of
from hub.matters.casework.records import Desk
from hub.training import store
from hub.training.report import Known, lines, sums
from saikne_schemas.spelling import KEPT
from saikne_schemas.training import Training
from saikne_schemas.training_lists import TrainingRole
from saikne_schemas.training_reports import TrainingReport


async def report(desk: Desk, centre: CentreId, month: str) -> TrainingReport:
    """As it stands now, also of a month that is not over."""
    first, after = month_of(month)
    began = datetime.combine(first, time(), RIGA).astimezone(UTC)
    rows = await store.held_trainings(desk.tx, centre, began)
    names, _ = await centres.named(desk.tx, {one for row in rows for one in row["parties"]})
    every = []
    for row in rows:
        (other,) = (one for one in row["parties"] if one != centre)
        content = Training.model_validate(row["content"], context=KEPT)
        role = TrainingRole(row["role"])
        every.append(Known(row["matter_id"], role, other, names[other], content, row["due_on"]))
    told = lines(every, month, after)
    return TrainingReport(month=month, as_of=desk.now, centre=centre, lines=told, sums=sums(told))
