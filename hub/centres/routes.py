"""The directory: every admitted caller may see which centres there are. Source: method S1, S2.

The composition root says who calls (`caller_centre`); being admitted is enough. Contacts are not shown.
"""

from litestar import get
from litestar.di import NamedDependency

from hub.centres import store
from hub.centres.centre import Centre
from hub.kernel.ids import CentreId
from hub.plumbing.database import Database
from hub.web.openapi import reads
from saikne_schemas.views import CentreView


@get(
    "/v1/centres",
    operation_id="listCentres",
    summary="The centres of the hub",
    tags=["centres"],
    contract=reads(),
)
async def list_centres(
    database: NamedDependency[Database], caller_centre: NamedDependency[CentreId]
) -> list[CentreView]:
    async with database.transaction([caller_centre]) as tx:
        return [centre_view(centre) for centre in await store.directory(tx)]


def centre_view(centre: Centre) -> CentreView:
    return CentreView(
        id=centre.id,
        name=centre.name,
        legal_entity=centre.legal_entity,
        registration_number=centre.registration_number,
        role=centre.role.value,
        state=centre.state.value,
    )


ROUTES = (list_centres,)
