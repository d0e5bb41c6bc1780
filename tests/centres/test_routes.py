"""Every admitted caller sees which centres there are, and nothing of how they are reached."""

from uuid import uuid4

import httpx
from litestar import Litestar
from litestar.di import Provide

from hub.centres.routes import ROUTES
from hub.plumbing.database import Database
from tests.centres.test_casework import admit


async def test_the_directory_names_centres_and_no_contacts(owner: Database, database: Database) -> None:
    centre = await admit(owner, name="Zemgales centrs")
    overseer = await admit(owner, name="Bērnu aizsardzības centrs", oversight=True)
    app = Litestar(
        ROUTES,
        dependencies={
            "database": Provide(lambda: database, sync_to_thread=False),
            "caller_centre": Provide(uuid4, sync_to_thread=False),
        },
    )
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar says more of its scopes
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        answer = await client.get("/v1/centres")
    common = {
        "legal_entity": "Biedrība “Baltā māja”",
        "registration_number": "50008021661",
        "state": "active",
    }
    assert answer.json() == [
        {"id": str(overseer.id), "name": "Bērnu aizsardzības centrs", "role": "oversight", **common},
        {"id": str(centre.id), "name": "Zemgales centrs", "role": "centre", **common},
    ]
    assert "example" not in answer.text
