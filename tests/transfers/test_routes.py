"""Every admitted caller sees the orphans' courts, of today or of another day."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide

from hub.plumbing.database import Database
from hub.transfers import store
from hub.transfers.courts import entered
from hub.transfers.routes import ROUTES
from hub.web.problems import HANDLERS
from saikne_schemas.court_views import CourtView


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar(
        ROUTES,
        dependencies={
            "database": Provide(lambda: database, sync_to_thread=False),
            "caller_centre": Provide(uuid4, sync_to_thread=False),
        },
        exception_handlers=HANDLERS,
    )
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar says more of its scopes
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        yield client


@pytest.mark.parametrize(("on", "courts"), [("2025-06-30", 43), ("2026-01-01", 42), ("2021-06-30", 0)])
async def test_the_courts_of_a_day_are_listed(http: httpx.AsyncClient, on: str, courts: int) -> None:
    answer = await http.get("/v1/courts", params={"on": on})
    assert len(answer.json()) == courts


async def test_without_a_day_the_courts_of_today_are_listed(http: httpx.AsyncClient) -> None:
    found = [CourtView.model_validate(one) for one in (await http.get("/v1/courts")).json()]
    assert len(found) == 42
    assert all(one.valid_to is None for court in found for one in court.territories)


async def test_the_court_of_a_territory_is_shown_with_what_the_operator_entered(
    http: httpx.AsyncClient, owner: Database
) -> None:
    async with owner.transaction() as tx:
        known = await store.to_change(tx)
        given = {"registration_number": "90000038741", "email": "b@example.org", "postal_address": "Iela 1"}
        await store.put_court(tx, entered(known.court("LV-059"), given, date(2026, 1, 12)))
    answer = await http.get("/v1/courts", params={"territory": "LV-102", "on": "2026-07-01"})
    assert answer.json() == [
        {
            "code": "LV-059",
            "name": "Madonas novada bāriņtiesa",
            "registration_number": "90000038741",
            "e_address": "_DEFAULT@90000038741",
            "email": "b@example.org",
            "postal_address": "Iela 1",
            "checked_on": "2026-01-12",
            "territories": [
                {
                    "code": "LV-059",
                    "name": "Madonas novads",
                    "valid_from": "2021-07-01",
                    "valid_to": None,
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"territory": "LV-999"}, 404, "transfers.territory-unknown"),
        ({"territory": "Madona"}, 400, "http.refused"),
        ({"on": "yesterday"}, 400, "http.refused"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    http: httpx.AsyncClient, query: dict[str, str], status: int, code: str
) -> None:
    answer = await http.get("/v1/courts", params=query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
