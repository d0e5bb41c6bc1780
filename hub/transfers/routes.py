"""The orphans' courts over HTTP: every admitted caller may see whom to tell. Source: method S14, S81."""

from datetime import date
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from hub.kernel.clock import now, riga_day
from hub.kernel.ids import CentreId
from hub.plumbing.database import Database
from hub.transfers import store
from hub.transfers.courts import Court, Served, TerritoryUnknown
from hub.web.openapi import reads
from saikne_schemas.court_views import CourtView, TerritoryView

Territory = Annotated[
    str | None,
    QueryParameter(
        pattern=r"^LV-[0-9A-Z]{3}$", description="ISO 3166-2: only the court that serves this territory."
    ),
]
On = Annotated[date | None, QueryParameter(description="The day that is asked about; today if left out.")]


@get(
    "/v1/courts",
    operation_id="listCourts",
    summary="The orphans' courts and the territories they serve",
    tags=["transfers"],
    contract=reads(TerritoryUnknown),
)
async def list_courts(
    database: NamedDependency[Database],
    caller_centre: NamedDependency[CentreId],
    territory: Territory = None,
    on: On = None,
) -> list[CourtView]:
    """A territory that was merged into another is answered with the court of that other one."""
    day = on or riga_day(now())
    async with database.transaction([caller_centre]) as tx:
        known = await store.directory(tx)
    found = known.in_force(day)
    if territory is not None:
        serving = known.serving(territory, day)
        found = [(court, served) for court, served in found if court == serving]
    return [court_view(court, served) for court, served in found]


def court_view(court: Court, served: list[Served]) -> CourtView:
    return CourtView(
        code=court.code,
        name=court.name,
        registration_number=court.registration_number,
        e_address=court.e_address,
        email=court.email,
        postal_address=court.postal_address,
        checked_on=court.checked_on,
        territories=[
            TerritoryView(code=one.territory, name=one.name, valid_from=one.valid_from, valid_to=one.valid_to)
            for one in served
        ],
    )


ROUTES = (list_courts,)
