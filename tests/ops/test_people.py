"""`hub person` as an operator uses it, for what the pages leave to him: a centre's first key."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
import typer
from typer.testing import CliRunner

from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.ops import people
from hub.people import store
from hub.people.casework import keys
from hub.people.office import Counter
from hub.people.person import PersonRole
from hub.plumbing.database import APP_ROLE, Database
from hub.signing.public_key import fingerprint
from tests.conftest import Cluster
from tests.ops.test_centres import Operator
from tests.people.devices import Device
from tests.people.persons import somebody


@pytest.fixture
def operator(cluster: Cluster, database_name: str, tmp_path: Path) -> Operator:
    return Operator(cluster.url(database_name), tmp_path)


def at_the_hub(operator: Operator, centre: UUID, deed: Callable[[Counter], Awaitable[object]]) -> None:
    """As the application does it for one of its people."""

    async def do() -> None:
        database = Database(operator.url, role=APP_ROLE)
        async with database.transaction([CentreId(centre)]) as tx:
            await deed(Counter(tx, clock.now()))
        await database.close()

    asyncio.run(do())


def said(operator: Operator, *words: str, answer: str = "", expect: int = 0) -> str:
    app = typer.Typer()
    app.add_typer(people.app, name="person")
    environment = {"HUB_DATABASE_URL": operator.url, "HUB_LANG": "en"}
    ended = CliRunner().invoke(app, ["person", *words], input=answer, env=environment)
    assert ended.exit_code == expect, ended.output
    return str(ended.output)


def test_the_first_key_is_approved_by_what_is_read_out_and_its_end_is_told(operator: Operator) -> None:
    centre = operator.admit()
    device = Device(somebody(CentreId(centre), PersonRole.COORDINATOR, "lv"))

    async def offered(counter: Counter) -> None:
        await store.add(counter.tx, device.person, counter.now)
        await keys.offer(counter, device.person, device.file(), "darba dators")

    at_the_hub(operator, centre, offered)
    printed, at = fingerprint(device.kid), ("--centre", str(centre))
    assert "There is no such key" in said(operator, "approve", printed[:18], *at, "--yes", expect=2)
    shown = said(operator, "approve", printed[:24], *at, answer="n\n", expect=1)
    assert device.person.name in shown
    assert printed in shown.replace("\n    ", " ")
    assert "people.key.approved" not in operator.chain(centre)
    assert "is approved" in said(operator, "approve", printed[:24], *at, answer="y\n")
    assert operator.chain(centre)[-1] == "people.key.approved"
    said(operator, "approve", device.kid, *at, "--yes", expect=2)
    said(operator, "suspend", str(device.person.id), *at)
    assert operator.chain(centre)[-2:] == ["people.key.ended", "people.person.suspended"]
