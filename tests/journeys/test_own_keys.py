"""The hub's own keys are changed while two servers and two workers go on; a missing one loses nothing."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import httpx
import pytest

from hub.signing.keyring import LOOK_SECONDS
from saikne import compose, verify_acceptance, wire_bytes
from saikne_schemas.manifests import Dispatch
from saikne_schemas.proofs import OpenProof
from tests.conftest import Cluster
from tests.journeys.conftest import PATIENT, playing
from tests.journeys.play import Answered, ByHand, Play, pdf, until
from tests.peers.commands import Begun, ran
from tests.peers.stage import Stage


@pytest.fixture(scope="module")
async def busy(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Play]:
    """An installation of two servers and two workers, with keys of its own."""
    name = await cluster.create(template)
    stage = Stage(tmp_path_factory.mktemp("busy"), database_url=cluster.url(name), processes=2)
    await asyncio.to_thread(stage.set_up)
    await asyncio.to_thread(stage.start)
    start_another_worker(stage)
    async with playing(stage, tmp_path_factory.mktemp("busy-play"), PATIENT) as play:
        yield play
    await asyncio.to_thread(stage.stop)
    await cluster.drop(name)


def start_another_worker(stage: Stage) -> None:
    stage._running["worker-2"] = Begun(
        "hub", "worker", environment=stage._environment(), log=stage.log("worker-2")
    )


@contextmanager
def frozen(stage: Stage) -> Iterator[None]:
    """Nothing that is promised is kept meanwhile."""
    workers = [stage._running[name].pid for name in ("worker", "worker-2")]
    for worker in workers:
        os.killpg(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        for worker in workers:
            os.killpg(worker, signal.SIGCONT)


async def key(play: Play, *words: str) -> list[dict[str, Any]]:
    """`hub key …` as the operator runs it beside the hub."""
    said = ("hub", "key", *words, "--json")
    ended = await asyncio.to_thread(partial(ran, *said, environment=play.stage._environment()))
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


async def newest(play: Play, kind: str) -> str:
    found = await key(play, "own")
    return next(str(one["kid"]) for one in found if (one["kind"], one["state"]) == (kind, "newest"))


async def send_proof(play: Play) -> UUID:
    folder = play.new_folder()
    folder.mkdir()
    (folder / "proof.pdf").write_bytes(pdf(str(folder)))
    return (await play.requester.send_proof(folder / "proof.pdf")).id


async def open_proof(caller: ByHand, proof: UUID) -> httpx.Response:
    return await caller.post(f"/v1/proofs/{proof}/open", wire_bytes(compose(OpenProof, proof=proof)))


async def opens(play: Play, proof: UUID) -> bool:
    """Whether the proof's archive opens by the password that the hub gives, to the file that was sent."""
    return (await play.requester.fetch_proof(proof, play.new_folder())).read_bytes().startswith(b"%PDF-")


async def prepared(play: Play) -> Answered:
    """Declared and sent, not dispatched: its password stands wrapped, and nobody has it."""
    answered = await play.prepare(await play.ask())
    await play.send(answered)
    return answered


class Statements:
    """What two centres go on stating meanwhile, from several tasks at once."""

    def __init__(self, play: Play) -> None:
        self._play, self._over, self.made = play, asyncio.Event(), 0
        self.proofs: list[UUID] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._go_on()) for _ in range(2)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await asyncio.gather(*self._tasks)

    async def _go_on(self) -> None:
        while not self._over.is_set():
            self.proofs.append(await send_proof(self._play))
            await self._play.ask()
            self.made += 1


async def test_all_keys_are_renewed_and_the_old_wrapping_key_retired_under_way(busy: Play) -> None:
    caller = await busy.by_hand(busy.requester)
    accepted = await busy.requester.tell(busy.request())
    proof, answered = await send_proof(busy), await prepared(busy)
    old = await newest(busy, "wrapping")
    async with Statements(busy) as statements:
        scopes = " ".join(scope.value for scope in busy.requester.credentials.scopes)
        before_renewal = replace(caller, token=await caller.system.token(busy.http, scopes))
        await key(busy, "renew", "token")
        assert (await before_renewal.get(f"/v1/proofs/{proof}")).status_code == 200
        for kind in ("receipt", "wrapping"):
            await key(busy, "renew", kind)
        [done] = await key(busy, "rewrap")
        before = statements.made
        await key(busy, "retire", old, "--yes")
        await until(lambda: asyncio.sleep(0, statements.made), lambda made: made > before + 1)
    assert done["done"]["proofs"] >= 1
    assert done["done"]["passwords"] >= 1
    assert [one["kid"] for one in await key(busy, "own") if one["kind"] == "wrapping"] == [done["kid"]]
    assert verify_acceptance(accepted.acceptance, await busy.requester.jwks())
    for kept in (proof, statements.proofs[0], statements.proofs[-1]):
        assert await opens(busy, kept)
    await busy.dispatch(answered)
    assert (await busy.finish(answered)).state.value == "confirmed"
    assert await busy.sql("SELECT entrypoint FROM queue.pgqueuer WHERE status = 'failed'") == []


@contextmanager
def lost(play: Play, name: str) -> Iterator[Path]:
    """A key's file is gone for a while; whoever holds it in memory notices within a second."""
    file = play.stage.home / "keys" / f"{name}.json"
    away = file.rename(play.stage.home / "away")
    try:
        yield file
    finally:
        away.rename(file)


async def test_a_missing_key_is_an_outage_by_name_and_what_it_covers_waits(busy: Play) -> None:
    caller, holder = await busy.by_hand(busy.requester), await busy.by_hand(busy.holder)
    proof, answered = await send_proof(busy), await prepared(busy)
    dispatch = wire_bytes(compose(Dispatch, exchange=answered.exchange, round=1))
    place = f"/v1/exchanges/{answered.exchange}/dispatch"
    name = f"wrapping-{await newest(busy, 'wrapping')}"
    await key(busy, "renew", "wrapping")
    with lost(busy, name):
        refused = await until(lambda: open_proof(caller, proof), lambda said: said.status_code != 200)
        for answer in (refused, await holder.post(place, dispatch)):
            assert (answer.status_code, answer.json()["code"], answer.json()["key"]) == (
                503,
                "keys.missing",
                name,
            )
            assert answer.headers["retry-after"] == "60"
        assert await busy.state(answered.exchange) == "preparing"
    holder = await busy.by_hand(busy.holder)
    assert await opens(busy, proof)
    assert (await holder.post(place, dispatch)).status_code == 200
    assert (await busy.finish(answered)).state.value == "confirmed"


async def test_a_promised_password_waits_for_the_key_that_covers_it(busy: Play) -> None:
    answered, name = await prepared(busy), f"wrapping-{await newest(busy, 'wrapping')}"
    await key(busy, "renew", "wrapping")
    with ExitStack() as away:
        with frozen(busy.stage):
            await busy.dispatch(answered)
            away.enter_context(lost(busy, name))
            await asyncio.sleep(LOOK_SECONDS)  # then a worker that has the key in memory looks again
        await until(partial(waiting, busy, answered.exchange), lambda met: met == [f"keys.missing {name}"])
    assert (await busy.finish(answered)).state.value == "confirmed"


async def waiting(play: Play, exchange: UUID) -> list[str]:
    """What the operator sees beside the promise to bring a password."""
    said = ("hub", "jobs", "list", "--waiting", "--json")
    listed = await asyncio.to_thread(partial(ran, *said, environment=play.stage._environment()))
    assert listed.returncode == 0, listed.stderr
    jobs = [json.loads(line) for line in listed.stdout.splitlines()]
    return [job["why"] for job in jobs if job["payload"]["exchange"] == str(exchange)]
