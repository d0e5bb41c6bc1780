"""Health is asked of the database: without it the hub says so, and works again when it is back."""

import httpx


async def test_a_hub_with_its_database_is_well(web: httpx.AsyncClient) -> None:
    answer = await web.get("/v1/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_hub_without_its_database_says_when_to_ask_again(web_alone: httpx.AsyncClient) -> None:
    answer = await web_alone.get("/v1/health")
    assert (answer.status_code, answer.json()["code"]) == (503, "database.unavailable")
    assert int(answer.headers["retry-after"]) > 0


async def test_what_needs_no_database_is_answered_without_it(web_alone: httpx.AsyncClient) -> None:
    assert (await web_alone.get("/oauth/jwks")).status_code == 200
    assert (await web_alone.get("/.well-known/oauth-authorization-server")).status_code == 200
    assert (await web_alone.get("/problems/database.unavailable")).status_code == 200
