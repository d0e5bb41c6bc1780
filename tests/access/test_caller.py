"""Who is let in, and who is told why not."""

from tests.access.centre_system import CentreSystem
from tests.access.conftest import SmallHub


async def test_a_reading_call_with_a_bound_token_is_let_in(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    uri = f"{hub.url}/v1/things/a"
    answer = await hub.http.get(uri, headers=centre.bearing(token, "GET", uri))
    assert answer.json() == {"name": "a", "centre": str(centre.centre), "scopes": ["exchange"]}


async def test_s(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    uri = f"{hub.url}/v1/things"
    answer = await hub.http.post(uri, headers=centre.signed(token, "POST", uri, b"{}"), content=b"{}")
    assert answer.json()["body"] == "{}", answer.text
