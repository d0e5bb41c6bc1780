"""A family's move done by people who type only what the command printed, and answer what it asks."""

import asyncio
import os
import re
from pathlib import Path
from uuid import UUID

import pytest

from saikne import Hub
from saikne_schemas.family_moves import FamilyMoveView
from tests.client.printed import commands_in
from tests.journeys.by_command import done
from tests.journeys.play import Play, pdf
from tests.peers.terminal import typed

BEGIN = (
    *("move", "begin", "--previous", "Ligzda", "--family", "AG-8801", "--child", "AG-8801-B1"),
    *("--agreement", "V-2026/41", "--agreed-on", "10.08.2026", "--territory", "LV-041"),
)
STEPS_AT_MOST = 25


class Worker:
    """Answers by what is asked for; a list ends with an empty line."""

    def __init__(self, file: Path) -> None:
        self.password = ""
        self._lines = iter(("",))
        self._answers = {
            "--channel": ("e-pasts",),
            "--received": ("20.08.2026 9.15",),
            "--proof": (str(file), ""),
            "--receipt": ("saiknē",),
            "--password": ("īsziņa",),
            "--spouses": ("1",),
            "--incomplete-because": ("nav sagatavots",),
            "--on": ("02.09.2026.",),
            "--reference": ("ARH-2026/18",),
            "--form": ("talrunis",),
            "--topic": ("1, kompetences",),
            "--to": ("kopijas",),
            "documents": (
                *(f"lieta:AG-8801={file}", f"kompetencu-parskats:1:AG-8801={file}"),
                *(f"atbalsta-plāns:AG-8801={file}", f"iap:AG-8801-B1={file}", ""),
            ),
        }

    def __call__(self, shown: str) -> str:
        if "Parole: " in shown:
            return self.password
        if asked := re.findall(r"\((\S+)\):\r?\n", shown):
            name = asked[-1] if asked[-1].startswith("--") else "documents"
            self._lines = iter(self._answers[name])
            if "e-adrese" in shown:
                return "e-adrese"
        return next(self._lines)


async def at_terminal(play: Play, hub: Hub, worker: Worker, words: list[str]) -> str:
    """What it printed; it must end well."""
    home = play.stage.home / "centres" / str(hub.credentials.centre)
    here = {**os.environ, "SAIKNE_HOME": str(home), "SAIKNE_LANG": "lv"}
    code, out, shown = await asyncio.to_thread(typed, "saikne", *words, environment=here, answering=worker)
    assert code == 0, f"{words}\n{shown}\n{out}"
    return out


async def owed(play: Play, hub: Hub, about: set[str]) -> list[list[str]]:
    """The acts that `today` prints for a centre about these numbers, the most urgent first."""
    shown = await done(play, hub, "today")
    acts = [duty["act"] for group in shown.values() for duty in group if duty["concerns"] in about]
    return [words for act in acts for words in commands_in(act)]


@pytest.mark.usefixtures("_in_a_folder")
async def test_a_move_ends_by_what_is_printed_alone(play: Play, tmp_path: Path) -> None:
    file = tmp_path / "dokuments.pdf"
    file.write_bytes(pdf(str(file)))
    worker, walked = Worker(file), []
    for hub, name in ((play.requester, "Ieva Priede"), (play.holder, "Solvita Krēsliņa")):
        await done(play, hub, "profile", "--name", name, "--position", "sociālā darbiniece")
    matter = (await done(play, play.requester, *BEGIN))["matter"]
    for _ in range(STEPS_AT_MOST):
        move = (await play.requester.matter(FamilyMoveView, UUID(matter))).content
        about = {matter, *([str(move.copies)] if move.copies else [])}
        steps = [
            (hub, words) for hub in (play.holder, play.requester) for words in await owed(play, hub, about)
        ]
        if not steps:
            break
        hub, words = steps[0]
        while words:
            if words[0] == "open":
                assert move.copies
                worker.password = await play.texted(move.copies)
            walked.append(words[0] if words[0] != "move" else words[1])
            out = await at_terminal(play, hub, worker, words)
            still = words in await owed(play, hub, about)
            words = next(commands_in(out), []) if still or words[0] == "open" else []
    assert walked[0] == "notice"
    assert set(walked) == {
        *("notice", "request-copies", "answer", "download", "open", "confirm"),
        *("registered", "court-told", "talked", "archived"),
    }
    assert len(walked) == len(set(walked)), walked
    for hub in (play.requester, play.holder):
        assert (await hub.matter(FamilyMoveView, UUID(matter))).state == "closed"
        assert await owed(play, hub, about) == []


@pytest.fixture
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
