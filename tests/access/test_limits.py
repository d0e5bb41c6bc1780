"""A centre's share of a process, over real HTTP: told when to come again, and nobody else's is touched."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hub.plumbing.database import Database
from hub.web import limits
from hub.web.limits import Limits
from saikne_schemas.vocabulary import Scope
from tests.access.centre_system import CentreSystem
from tests.access.conftest import SmallHub, serving

SHARE = Limits(calls=6, statements=3)


@pytest.fixture
async def strict(
    database: Database, owner: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SmallHub]:
    monkeypatch.setattr(limits, "WINDOW", timedelta(minutes=5))
    monkeypatch.setattr(limits, "HELD_BACK_SECONDS", 0)
    async with serving(database, owner, tmp_path / "keys", SHARE) as small:
        yield small


async def told(hub: SmallHub, centre: CentreSystem, token: str, count: int, *, stating: bool) -> list[str]:
    codes = []
    for _ in range(count):
        if stating:
            uri, body = f"{hub.url}/v1/things", b"{}"
            headers = centre.signed(token, "POST", uri, body)
            answer = await hub.http.post(uri, content=body, headers=headers)
        else:
            uri = f"{hub.url}/v1/things/name"
            answer = await hub.http.get(uri, headers=centre.bearing(token, "GET", uri))
        if answer.status_code == 429:
            assert 0 < int(answer.headers["retry-after"]) <= 300
        codes.append("taken" if answer.is_success else answer.json()["code"])
    return codes


async def test_calls_and_statements_beyond_a_share_are_told_when_to_come_again(strict: SmallHub) -> None:
    busy, quiet = await strict.enrol(Scope.EXCHANGE), await strict.enrol(Scope.EXCHANGE)
    token, other = await busy.token(strict.http), await quiet.token(strict.http)
    assert await told(strict, busy, token, 4, stating=True) == ["taken"] * 3 + ["limits.statements"]
    assert await told(strict, busy, token, 3, stating=False) == ["taken"] * 2 + ["limits.calls"]
    assert await told(strict, quiet, other, 3, stating=True) == ["taken"] * 3


async def test_nobody_uses_up_a_centres_share_by_naming_it(strict: SmallHub) -> None:
    centre, thief = await strict.enrol(Scope.EXCHANGE), await strict.enrol(Scope.EXCHANGE)
    token = await centre.token(strict.http)
    assert await told(strict, thief, token, 9, stating=False) == ["access.proof-invalid"] * 9
    forged = f"{token[:-4]}AAAA"
    assert set(await told(strict, centre, forged, 9, stating=False)) == {"access.token-invalid"}
    assert await told(strict, centre, token, 6, stating=False) == ["taken"] * 6


async def test_what_is_beyond_a_share_costs_the_database_nothing(strict: SmallHub, owner: Database) -> None:
    centre = await strict.enrol(Scope.EXCHANGE)
    token = await centre.token(strict.http)

    async def noted() -> int:
        async with owner.transaction() as tx:
            found = await tx.exec_driver_sql("SELECT count(*) FROM hub.seen")
            return int(found.scalar_one())

    await told(strict, centre, token, 6, stating=False)
    before = await noted()
    await asyncio.gather(*(told(strict, centre, token, 3, stating=False) for _ in range(3)))
    assert await noted() == before
