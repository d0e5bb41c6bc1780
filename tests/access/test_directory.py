"""Every admitted caller sees which centres there are and to whose key one seals, not how they are reached."""

from datetime import UTC, datetime
from uuid import uuid4

import httpx
from litestar import Litestar
from litestar.di import Provide

from hub.access.routes import list_centres
from hub.access.store import admit_key
from hub.plumbing.database import Database
from saikne.keys import Algorithm, CentreKey
from saikne_schemas.enrolment import KeyUse
from tests.centres.test_casework import admit


async def test_the_directory_names_centres_and_no_contacts(owner: Database, database: Database) -> None:
    centre = await admit(owner, name="Zemgales centrs")
    opens = CentreKey.generate(KeyUse.ENCRYPTION, Algorithm.ES256)
    async with owner.transaction() as tx:
        await admit_key(tx, centre=centre.id, key=opens.public(), now=datetime(2026, 3, 2, tzinfo=UTC))
    overseer = await admit(owner, name="Bērnu aizsardzības centrs", oversight=True)
    app = Litestar(
        [list_centres],
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
        {
            "id": str(overseer.id),
            "name": "Bērnu aizsardzības centrs",
            "role": "oversight",
            "encryption_keys": [],
            **common,
        },
        {
            "id": str(centre.id),
            "name": "Zemgales centrs",
            "role": "centre",
            "encryption_keys": [{"kid": opens.kid, "jwk": {**opens.public_jwk(), "kid": opens.kid}}],
            **common,
        },
    ]
    assert "example" not in answer.text
