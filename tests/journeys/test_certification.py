"""One certification for a set: read before it is sent, and the very same text lies in the archive."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from saikne import AnswerFile, HubRefusal, certification_preview, compose, prepare_answer
from saikne_schemas.manifests import AnswerManifest
from saikne_schemas.vocabulary import Derivative, FormType, MediaType
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import CERTIFIED, CHILD, Answered, Play, pdf, seven_zip

OFFICER = ("--officer", "Solvita Krēsliņa", "--position", "vadītāja", "--on", "2026-11-20")


def files(play: Play) -> list[Path]:
    folder = play.new_folder()
    folder.mkdir()
    plan, annex, signed = folder / "plan.pdf", folder / "annex.pdf", folder / "signed.asice"
    plan.write_bytes(pdf(f"{folder} 1"))
    annex.write_bytes(pdf(f"{folder} 2"))
    signed.write_bytes(b"PK\x03\x04" + bytes(100))
    return [plan, annex, signed]


def described(paths: list[Path]) -> list[str]:
    plan, annex, signed = paths
    return [f"iap:{CHILD}={plan}", f"other_child:{CHILD}={annex}", f"other_child:{CHILD}={signed}"]


async def lying_in_the_archive(play: Play, exchange: UUID) -> str:
    archive, into = (await play.fetch(exchange)).path, play.new_folder()
    assert seven_zip(archive, await play.texted(exchange), into).returncode == 0
    return (into / "apliecinajums.txt").read_bytes().decode()


async def test_what_is_previewed_lies_in_the_archive(play: Play) -> None:
    exchange, documents = await play.ask(), described(files(play))
    said = (*documents, *OFFICER, "--one-certification")
    previewed = (await done(play, play.holder, "certification-preview", *said))["inscription"]
    before = await play.traces(exchange)
    again = (await done(play, play.holder, "answer", str(exchange), *said, "--preview"))["inscription"]
    assert again == previewed
    assert await play.traces(exchange) == before
    _, printed = await told(play, play.holder, "certification-preview", *said)
    assert printed.splitlines() == previewed.splitlines()

    view = await done(play, play.holder, "answer", str(exchange), *said)
    assert view["state"] == "dispatched"
    assert await lying_in_the_archive(play, exchange) == previewed
    assert "dokumentu skaits: 2." in previewed
    assert "Amats: vadītāja, Biedrība „Ligzda”" in previewed
    assert "dok-03.asice: elektronisks oriģināls, pārsūtīts nemainīts." in previewed


async def test_certified_one_by_one_the_preview_is_the_same_too(play: Play) -> None:
    exchange = await play.ask()
    answered = await play.answer(exchange, copies=2)
    assert await lying_in_the_archive(play, exchange) == certification_preview(answered.manifest)


async def test_a_set_of_several_kinds_is_refused(play: Play) -> None:
    exchange, paths = await play.ask(), files(play)
    before = await play.traces(exchange)
    kinds = ((FormType.IAP, Derivative.COPY), (FormType.OTHER_CHILD, Derivative.EXTRACT))
    given = [
        AnswerFile(path, form, CHILD, derivative=kind)
        for path, (form, kind) in zip(paths[:2], kinds, strict=True)
    ]
    manifest = await prepare_answer(exchange, given, certification=CERTIFIED)
    with pytest.raises(HubRefusal, match=r"exchange\.certification-mixed"):
        await play.holder.tell(manifest)
    assert await play.traces(exchange) == before


async def test_a_signed_container_is_not_certified(play: Play) -> None:
    exchange, paths = await play.ask(), files(play)
    before = await play.traces(exchange)
    answered: Answered = await play.prepare(exchange)
    copy: dict[str, Any] = {"media_type": MediaType.ASICE}
    document = answered.manifest.documents[0].model_copy(update=copy)
    manifest = compose(AnswerManifest, exchange=exchange, documents=[document])
    with pytest.raises(HubRefusal, match=r"exchange\.signed-file-not-certified"):
        await play.holder.tell(manifest)
    assert await play.traces(exchange) == before
    assert await refused(play, play.holder, "certification-preview", *described(paths)) == (
        2,
        "input.refused",
    )
