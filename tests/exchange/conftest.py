"""A hub whose worker is the test itself: what it promised is kept by hand, at the moment that matters."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hub.kernel.ids import CentreId, ExchangeId
from hub.parts import Parts, assemble
from hub.plumbing.database import Database
from hub.settings import Settings
from hub.signing.keyring import Keyring
from saikne import Patience
from saikne_demo.stage import LIGZDA, ZEMGALE
from tests.conftest import Cluster
from tests.exchange.bureau import RECEIVED, Bureau, request_for_copies
from tests.exchange.cut_line import CutLine
from tests.journeys.conftest import playing
from tests.journeys.play import Play
from tests.peers.stage import Stage

SILENCE = {"HUB_UPLOAD_SILENCE": "PT4S"}


@pytest.fixture(scope="session")
def line() -> Iterator[CutLine]:
    """The way from the hub to its database, which a test may cut."""
    with CutLine() as line:
        yield line


@pytest.fixture(scope="session")
def quiet_stage(
    cluster: Cluster, template: str, line: CutLine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    name = asyncio.run(cluster.create(template))
    line.leads_to(cluster.url(name))
    with Stage(tmp_path_factory.mktemp("quiet"), database_url=line.url, environment=SILENCE) as stage:
        stage.set_up()
        stage.start("serve")
        yield stage
    asyncio.run(cluster.drop(name))


@pytest.fixture(scope="session")
async def quiet(quiet_stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    """The centres of a story, whose programs try everything once."""
    folder = tmp_path_factory.mktemp("quiet-play")
    async with playing(quiet_stage, folder, Patience(attempts=1)) as play:
        yield play


@pytest.fixture(scope="session")
async def parts(quiet_stage: Stage) -> AsyncIterator[Parts]:
    """The same hub as the worker knows it."""
    mailbox = quiet_stage.mailbox
    settings = Settings(
        home=quiet_stage.home,
        database_url=quiet_stage.database_url,
        public_url=quiet_stage.url,
        smtp_url=f"smtp://{mailbox.host}:{mailbox.port}",
    )
    parts = assemble(settings)
    yield parts
    await parts.close()


@pytest.fixture
def bureau(database: Database, owner: Database, tmp_path: Path) -> Bureau:
    return Bureau(database, owner, Keyring(tmp_path / "keys"))


@pytest.fixture
async def requester(bureau: Bureau) -> CentreId:
    return await bureau.admit("Zemgale", "50008021661", ZEMGALE)


@pytest.fixture
async def holder(bureau: Bureau) -> CentreId:
    return await bureau.admit("Ligzda", "40003521600", LIGZDA)


@pytest.fixture
async def asked(bureau: Bureau, requester: CentreId, holder: CentreId) -> ExchangeId:
    return await bureau.ask(RECEIVED, request_for_copies(requester, holder))
