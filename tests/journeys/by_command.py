"""The command `saikne` on a centre's own computer."""

import asyncio
import json
import os
from typing import Any
from uuid import UUID

from saikne import Hub
from tests.client.printed import commands_in, unfit
from tests.journeys.play import Play
from tests.peers.commands import ran


async def told(play: Play, hub: Hub, *arguments: str, language: str = "en") -> tuple[int, str]:
    """Exit code and all that is printed."""
    home = play.stage.home / "centres" / str(hub.credentials.centre)
    ended = await asyncio.to_thread(
        ran,
        "saikne",
        *arguments,
        environment={**os.environ, "SAIKNE_HOME": str(home), "SAIKNE_LANG": language, "SAIKNE_ATTEMPTS": "2"},
        together=True,
    )
    if "--json" not in arguments:
        assert [why for step in commands_in(ended.stdout) if (why := unfit(step))] == []
    return ended.returncode, ended.stdout


async def done(play: Play, hub: Hub, *arguments: str) -> Any:
    """What it prints for programs; it must succeed."""
    code, printed = await told(play, hub, *arguments, "--json")
    assert code == 0, printed
    return json.loads(printed)


async def to_do(play: Play, hub: Hub, about: UUID | str) -> list[str]:
    """The commands that `today` of a centre has about one exchange or matter; each can be run as printed."""
    shown = await done(play, hub, "today")
    rows = [one for those in shown.values() for one in those if one["concerns"] == str(about)]
    commands = [command for one in rows for command in (one["act"], *one["other_acts"])]
    assert len(commands) >= len(rows)
    assert [why for words in map(commands_in, commands) for step in words if (why := unfit(step))] == []
    return [command.removeprefix("saikne ").removesuffix(f" {about}") for command in commands]


async def refused(play: Play, hub: Hub, *arguments: str) -> tuple[int, str]:
    code, printed = await told(play, hub, *arguments, "--json")
    return code, json.loads(printed)["problem"]["code"]
