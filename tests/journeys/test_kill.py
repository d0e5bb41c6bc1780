"""Killed by SIGKILL at any step and started again, hub and worker finish the story they were in."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Thread
from uuid import UUID

from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.parcels.casework import sweep
from hub.plumbing.blobs import Blobs
from hub.plumbing.database import Database
from saikne import compose, send_answer
from saikne_demo.stage import ZEMGALE
from saikne_schemas.manifests import Dispatch
from saikne_schemas.vocabulary import DeliveryChannel, PasswordChannel
from tests.journeys.play import Answered, Play, chain_of, until

BIG_BYTES = 40_000_000


@dataclass
class PowerCut:
    """Kills the hub when it is told to, and starts it again beside everything else."""

    play: Play
    _starting: Thread | None = field(default=None)

    def now(self) -> None:
        self.play.stage.kill("serve")
        self._starting = Thread(target=self.play.stage.start, args=("serve",))
        self._starting.start()

    def halfway(self, *numbers: int) -> None:
        """As a progress of bytes: (number,) done, total."""
        *_, done, total = numbers
        if self._starting is None and done >= total / 2:
            self.now()

    async def over(self) -> None:
        assert self._starting is not None, "nothing was killed"
        await asyncio.to_thread(self._starting.join)


async def told_once(play: Play, exchange: UUID, rounds: int = 1) -> None:
    """Every statement is kept once, every chain holds, and one text was delivered for each identity."""
    for hub in (play.requester, play.holder):
        statements = await hub.statements(exchange)
        kinds = [statement.kind for statement in statements]
        assert kinds == ["saikne.request/1", "saikne.answer/1", "saikne.dispatch/1", "saikne.confirmation/1"]
        assert (await chain_of(hub))[1].holds
    texts = [m for m in play.stage.phone.messages if m.reference.startswith(f"{exchange}:")]
    assert len(texts) == rounds


async def test_killed_while_it_takes_a_request_the_hub_has_it_once(fragile: Play) -> None:
    request, cut = fragile.request(), PowerCut(fragile)
    asking = asyncio.create_task(fragile.requester.tell(request))
    await asyncio.sleep(0)
    cut.now()
    accepted = await asking
    await cut.over()
    assert await fragile.requester.tell(request) == accepted
    answered = await fragile.answer(accepted.exchange)
    await fragile.finish(answered)
    await told_once(fragile, accepted.exchange)


async def test_killed_in_mid_upload_and_before_dispatch_the_answer_goes_on(fragile: Play) -> None:
    answered = await fragile.prepare(await fragile.ask(), size_bytes=BIG_BYTES)
    declared = await fragile.holder.tell(answered.manifest)
    during = PowerCut(fragile)
    await send_answer(fragile.holder, answered.manifest, answered.files, progress=during.halfway)
    await during.over()
    assert await fragile.holder.tell(answered.manifest) == declared
    before_dispatch = PowerCut(fragile)
    before_dispatch.now()
    await fragile.dispatch(answered)
    await before_dispatch.over()
    await fragile.finish(answered)
    await told_once(fragile, answered.exchange)
    await what_was_left_is_swept(fragile, answered)


async def test_killed_while_it_makes_the_archive_whole_the_hub_dispatches_once(fragile: Play) -> None:
    answered = await fragile.prepare(await fragile.ask(), size_bytes=BIG_BYTES)
    await fragile.send(answered)
    dispatch, cut = compose(Dispatch, exchange=answered.exchange, round=1), PowerCut(fragile)
    sending = asyncio.create_task(fragile.holder.tell(dispatch))
    sealed = partial(asyncio.to_thread, fragile.objects, answered.exchange)
    await until(sealed, lambda found: len(found) >= 2, pause_seconds=0.001)  # now the digest is being made
    cut.now()
    accepted = await sending
    await cut.over()
    assert await fragile.holder.tell(dispatch) == accepted
    await fragile.finish(answered)
    await told_once(fragile, answered.exchange)
    await what_was_left_is_swept(fragile, answered)


async def test_killed_in_mid_download_the_archive_arrives_whole(fragile: Play) -> None:
    answered = await fragile.answer(await fragile.ask(), size_bytes=BIG_BYTES)
    cut = PowerCut(fragile)
    into = fragile.new_folder().with_suffix(".zip")
    fetched = await fragile.requester.download(answered.exchange, into, progress=cut.halfway)
    await cut.over()
    opened = await fragile.open(fetched.path, await fragile.texted(answered.exchange))
    confirmation = fragile.confirmation(answered.exchange, 1, opened)
    before = PowerCut(fragile)
    before.now()
    accepted = await fragile.requester.tell(confirmation)
    await before.over()
    assert await fragile.requester.tell(confirmation) == accepted
    await told_once(fragile, answered.exchange)


async def test_a_worker_that_is_down_brings_the_password_when_it_is_back(fragile: Play) -> None:
    fragile.stage.kill("worker")
    answered = await fragile.answer(await fragile.ask())
    assert not [m for m in fragile.stage.phone.messages if m.reference.startswith(str(answered.exchange))]
    await asyncio.to_thread(fragile.stage.start, "worker")
    await fragile.finish(answered)
    await told_once(fragile, answered.exchange)


async def test_a_worker_killed_while_it_sends_is_followed_by_one_that_sends_once(fragile: Play) -> None:
    with deaf() as (port, callers):
        silent = {
            "HUB_SMS_URL": f"http://127.0.0.1:{port}/messages",
            "HUB_SMTP_URL": f"smtp://127.0.0.1:{port}",
        }
        with settings(fragile, silent):
            await worker_again(fragile)
            answered = await fragile.answer(
                await fragile.ask((DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.SMS))
            )
            await until(lambda: asyncio.sleep(0, len(callers)), lambda count: count >= 3)
            fragile.stage.kill("worker")
    fragile.stage.phone.lose_answers()
    await asyncio.to_thread(fragile.stage.start, "worker")
    await fragile.finish(answered)
    mail = await fragile.mailed(str(ZEMGALE.archive_email), answered.exchange)
    assert len(mail.attachments) == 1
    await told_once(fragile, answered.exchange)


async def worker_again(play: Play) -> None:
    play.stage.kill("worker")
    await asyncio.to_thread(play.stage.start, "worker")


@contextmanager
def settings(play: Play, more: dict[str, str]) -> Iterator[None]:
    play.stage.environment.update(more)
    try:
        yield
    finally:
        for name in more:
            del play.stage.environment[name]


@contextmanager
def deaf() -> Iterator[tuple[int, list[socket.socket]]]:
    """A server that takes every call and says nothing: its port, and who is waiting."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        callers: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    callers.append(server.accept()[0])
                except OSError:
                    return

        accepting = Thread(target=accept)
        accepting.start()
        try:
            yield server.getsockname()[1], callers
        finally:
            server.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for caller in callers:
                caller.close()


async def what_was_left_is_swept(play: Play, answered: Answered) -> None:
    """Two days later nothing lies in the object store but what rows name."""
    database = Database(str(play.stage.database_url), pool_size=1)
    blobs = Blobs.from_url((play.stage.home / "objects").as_uri())
    centres = [CentreId(hub.credentials.centre) for hub in (play.requester, play.holder)]
    await sweep(database, blobs, centres, clock.now() + timedelta(days=3))
    await database.close()
    rows = await play.sql("SELECT path FROM hub.segment WHERE exchange_id = $1", answered.exchange)
    kept = {str(path.relative_to(play.stage.home / "objects")) for path in play.objects(answered.exchange)}
    assert kept == {row[0] for row in rows}
