"""A whole installation for the journeys: one hub and one worker, three centres and an overseer."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from saikne import Credentials, HubOutage, Patience
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.enrolment import Contacts, LegalEntity
from tests.conftest import Cluster
from tests.journeys.asking_again import AskingAgain
from tests.journeys.play import ByHand, Play
from tests.peers.stage import Stage

ATTACHMENT_BYTES = 100_000
"""A larger archive goes by link; small enough for small documents to be larger."""


class Waiting(Patience):
    """For a hub that was killed and comes up again in seconds: asked each second, or when it says itself."""

    def pause_after(self, attempt: int, outage: HubOutage) -> timedelta | None:
        pause = super().pause_after(attempt, outage)
        if pause is None or outage.retry_after is not None:
            return pause
        return min(pause, timedelta(seconds=1))


PATIENT = Waiting(attempts=200, first_pause=timedelta(seconds=0.2), longest_pause=timedelta(seconds=12))


@pytest.fixture(scope="session")
def stage(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    name = asyncio.run(cluster.create(template))
    with Stage(
        tmp_path_factory.mktemp("stage"),
        database_url=cluster.url(name),
        environment={"HUB_ATTACHMENT_BYTES": str(ATTACHMENT_BYTES)},
    ) as stage:
        stage.set_up()
        stage.start()
        yield stage
    asyncio.run(cluster.drop(name))


@pytest.fixture(scope="session")
async def play(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    async with playing(stage, tmp_path_factory.mktemp("play")) as play:
        yield play


@pytest.fixture(scope="session")
async def fragile(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    """A stage on a database server of its own, to be killed, stopped and filled up.

    Outside of the run's own folder, which the next run of the tests on this machine closes to other users.
    """
    home = Path(tempfile.mkdtemp(prefix="saikne-fragile-"))
    stage = Stage(home)
    await asyncio.to_thread(stage.set_up)
    await asyncio.to_thread(stage.start)
    async with playing(stage, tmp_path_factory.mktemp("fragile-play"), PATIENT) as play:
        yield play
    await asyncio.to_thread(stage.stop)
    shutil.rmtree(home)


@pytest.fixture
async def caller(play: Play) -> ByHand:
    """The requester, its requests worded by hand."""
    return await play.by_hand(play.requester)


@asynccontextmanager
async def playing(stage: Stage, folder: Path, patience: Patience | None = None) -> AsyncIterator[Play]:
    """Enrol the centres of a story and connect them."""
    requester = await centre(stage, "Zemgale", "50008021661", ZEMGALE)
    holder = await centre(stage, "Ligzda", "40003521600", LIGZDA)
    stranger = await centre(stage, "Svešais", "40008000102", Contacts(notices="centrs@svesais.example"))
    overseer = await centre(stage, "BAC", "90000038741", Contacts(notices="bac@bac.example"), oversight=True)
    async with AsyncExitStack() as open_now:
        hubs = [
            await open_now.enter_async_context(AskingAgain(one, patience=patience))
            for one in (requester, holder, stranger, overseer)
        ]
        http = await open_now.enter_async_context(httpx.AsyncClient(trust_env=False))
        yield Play(stage, hubs[0], hubs[1], hubs[2], hubs[3], folder=folder, http=http)


async def centre(
    stage: Stage, name: str, number: str, contacts: Contacts, *, oversight: bool = False
) -> Credentials:
    entity = LegalEntity(name=f"Biedrība „{name}”", registration_number=number)
    installation = await stage.enrol(name, legal_entity=entity, contacts=contacts, oversight=oversight)
    return installation.credentials()
