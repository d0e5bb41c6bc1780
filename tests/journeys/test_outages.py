"""A full disk, a lost database, a lost object store in mid-upload: told as outages, survived by a retry."""

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from hub.plumbing import embedded
from saikne import HubOutage, send_answer
from tests.journeys.play import Answered, Play, until
from tests.peers.stage import Stage

DOCUMENT_BYTES = 3_000_000
ON_DISK_AT_MOST = 1_000_000


@pytest.fixture
async def declared(fragile: Play) -> Answered:
    answered = await fragile.prepare(await fragile.ask(), size_bytes=DOCUMENT_BYTES)
    await fragile.holder.tell(answered.manifest)
    return answered


async def send(play: Play, answered: Answered, halfway: Callable[[], None]) -> None:
    """The client library sends; when half of the document is out, something happens."""
    happened = False

    def watch(_no: int, done: int, total: int) -> None:
        nonlocal happened
        if done >= total / 2 and not happened:
            happened = True
            halfway()

    view = await send_answer(play.holder, answered.manifest, answered.files, progress=watch)
    assert happened
    assert view.answer is not None
    assert all(document.sealed_at for document in view.answer.documents)


async def finishes(play: Play, answered: Answered) -> None:
    """One object a document, one event for it, and the story goes on to its end."""
    assert len(play.objects(answered.exchange)) == len(answered.files)
    sealed = await play.sql(
        "SELECT count(*) FROM hub.event WHERE about_id = $1 AND kind = 'exchange.document.sealed'",
        answered.exchange,
    )
    assert sealed[0][0] == len(answered.files)
    await play.dispatch(answered)
    assert (await play.finish(answered)).state.value == "confirmed"


def processes(stage: Stage, name: str) -> list[int]:
    """A process of the stage with all its children: they share its group."""
    group = stage._running[name].pid
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if int((entry / "stat").read_text().rpartition(")")[2].split()[2]) == group:
                found.append(int(entry.name))
        except (OSError, ValueError):
            continue
    return found


@contextmanager
def disk_full(stage: Stage) -> Iterator[None]:
    """The hub can write no file beyond a size, as on a disk or a quota that is used up."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in processes(stage, "serve")}
    for pid, (_, most) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (ON_DISK_AT_MOST, most))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


async def test_a_full_disk_is_an_outage_and_leaves_nothing_half_written(
    fragile: Play, declared: Answered
) -> None:
    with disk_full(fragile.stage), pytest.raises(HubOutage) as full:
        await fragile.send(declared)
    assert full.value.code == "blobs.full"
    assert full.value.retry_after is not None
    assert fragile.objects(declared.exchange) == []
    rows = await fragile.sql("SELECT 1 FROM hub.segment WHERE exchange_id = $1", declared.exchange)
    assert rows == []
    await fragile.send(declared)
    await finishes(fragile, declared)


async def test_a_database_that_stops_in_mid_upload_is_waited_for(fragile: Play, declared: Answered) -> None:
    directory = fragile.stage.home / "postgres"
    caller = await fragile.by_hand(fragile.holder)

    def stop() -> None:
        """Fast shutdown: whoever is connected is told so and put out."""
        os.kill(int((directory / "postmaster.pid").read_text().split()[0]), signal.SIGINT)

    async def start_again() -> None:
        await until(lambda: asyncio.sleep(0, embedded.is_running(directory)), lambda running: not running)
        embedded.stop(directory)
        refused = await caller.get(f"/v1/exchanges/{declared.exchange}")
        await asyncio.to_thread(embedded.start, directory)
        assert (refused.status_code, refused.json()["code"]) == (503, "database.unavailable")
        assert refused.headers["retry-after"] == "2"

    await asyncio.gather(send(fragile, declared, stop), start_again())
    await finishes(fragile, declared)


async def test_a_database_that_crashes_in_mid_upload_forgets_no_proof_unnoticed(
    fragile: Play, declared: Answered
) -> None:
    caller = await fragile.by_hand(fragile.holder)
    path = f"/v1/exchanges/{declared.exchange}"
    bearing = caller.system.bearing(caller.token, "GET", caller.uri(path))
    assert (await caller.http.get(caller.uri(path), headers=bearing)).status_code == 200
    (backend,) = (
        await fragile.sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'saikne-hub' LIMIT 1")
    )[0]

    await send(fragile, declared, lambda: os.kill(backend, signal.SIGKILL))
    again = await caller.http.get(caller.uri(path), headers=bearing)
    assert again.json()["code"] in {"access.memory-lost", "access.proof-invalid"}
    await finishes(fragile, declared)


@pytest.fixture
async def bucket(fragile: Play) -> AsyncIterator[ThreadedMotoServer]:
    """The fragile hub on an S3 store instead of a disk."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    (await fragile.http.put(f"{endpoint}/segments-of-all")).raise_for_status()
    settings = {
        "HUB_OBJECTS_URL": "s3://segments-of-all/hub",
        "AWS_ACCESS_KEY_ID": "hub",
        "AWS_SECRET_ACCESS_KEY": "hub",
        "AWS_REGION": "eu-north-1",
        "AWS_ENDPOINT_URL": endpoint,
    }
    fragile.stage.environment.update(settings)
    await restarted(fragile)
    yield server
    for name in settings:
        del fragile.stage.environment[name]
    await restarted(fragile)
    server.stop()


async def restarted(play: Play) -> None:
    for name in ("serve", "worker"):
        play.stage.kill(name)
    await asyncio.to_thread(play.stage.start)


async def test_an_object_store_that_goes_away_in_mid_upload_is_waited_for(
    fragile: Play, bucket: ThreadedMotoServer
) -> None:
    answered = await fragile.prepare(await fragile.ask(), size_bytes=DOCUMENT_BYTES)
    await fragile.holder.tell(answered.manifest)
    host, port = bucket.get_host_and_port()
    caller = await fragile.by_hand(fragile.holder)
    path = f"/v1/exchanges/{answered.exchange}/rounds/1/documents/1"
    bucket.stop()
    refused = await caller.put(path, answered.files[1].read_bytes())
    assert (refused.status_code, refused.json()["code"]) == (503, "blobs.unavailable")
    assert refused.headers["retry-after"]
    other = ThreadedMotoServer(ip_address=host, port=port, verbose=False)

    async def come_back() -> None:
        await asyncio.to_thread(other.start)

    try:
        await asyncio.gather(fragile.send(answered), come_back())
        await fragile.dispatch(answered)
        assert (await fragile.finish(answered)).state.value == "confirmed"
        listing = await fragile.http.get(
            f"http://{host}:{port}/segments-of-all?prefix=hub/segments/{answered.exchange}/"
        )
        assert listing.text.count("<Key>") == len(answered.files) + 3
        unfinished = await fragile.http.get(f"http://{host}:{port}/segments-of-all?uploads")
        assert unfinished.text.count("<UploadId>") == 0
    finally:
        other.stop()
        bucket.start()
