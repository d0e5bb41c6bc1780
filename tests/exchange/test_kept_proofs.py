"""Proofs on the hub whose worker is the test: an answer that is lost on its way, and what the night takes."""

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from hub.parts import Parts
from hub.timetable import _recurring
from saikne import HubOutage, HubRefusal
from tests.exchange.cut_line import CutLine
from tests.journeys.play import Play, pdf


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf(str(tmp_path)))
    return path


def objects(play: Play, proof: UUID) -> list[Path]:
    return list((play.stage.home / "objects").rglob(f"{proof}-*"))


async def a_night(parts: Parts) -> None:
    for name, _, work in _recurring(parts):
        if name.endswith(".sweep"):
            await work()


async def grows_old(play: Play, proof: UUID, age: timedelta) -> None:
    await play.sql("UPDATE hub.proof SET sealed_at = now() - $2::interval WHERE id = $1", proof, age)
    written = time.time() - age.total_seconds()
    for path in objects(play, proof):
        os.utime(path, (written, written))


async def test_a_proof_whose_commit_was_not_heard_of_is_still_there(
    quiet: Play, line: CutLine, letter: Path
) -> None:
    proof = uuid4()
    await quiet.requester.centres()
    line.cut_commit(2)
    with pytest.raises(HubOutage):
        await quiet.requester.send_proof(letter, proof)
    assert line.cut == 1
    ref = await quiet.requester.send_proof(letter, proof)
    assert (ref.id, len(objects(quiet, proof))) == (proof, 1)
    assert await quiet.requester.fetch_proof(proof, letter.parent / "back")


async def test_the_night_takes_what_no_statement_named_in_seven_days(
    quiet: Play, parts: Parts, letter: Path
) -> None:
    proof, named, young = [(await quiet.requester.send_proof(letter)).id for _ in range(3)]
    await quiet.sql("UPDATE hub.proof SET concerns = id, named_at = now() WHERE id = $1", named)
    for each, days in ((proof, 8), (named, 8), (young, 6)):
        await grows_old(quiet, each, timedelta(days=days))
    await a_night(parts)
    with pytest.raises(HubRefusal) as refusal:
        await quiet.requester.proof(proof)
    assert refusal.value.code == "proofs.not-found"
    assert [len(objects(quiet, each)) for each in (proof, named, young)] == [0, 1, 1]
    told = await quiet.sql(
        "SELECT convert_from(body, 'UTF8')::json->'proofs'->>0 FROM hub.event WHERE kind = $1",
        "proofs.proof.erased",
    )
    assert [row[0] for row in told] == [str(proof)]
    sent_again = await quiet.requester.send_proof(letter, proof)
    assert (await quiet.requester.proof(sent_again.id)).named_in is None
