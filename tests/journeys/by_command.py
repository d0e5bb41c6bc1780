"""The command `saikne` on a centre's own computer, as a process of its own."""

import asyncio
import json
import os
import sys
from typing import Any

from saikne import Hub
from tests.journeys.play import Play


async def told(play: Play, hub: Hub, *arguments: str, language: str = "en") -> tuple[int, str]:
    """Exit code and all that is printed."""
    home = play.stage.home / "centres" / str(hub.credentials.centre)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from saikne.command import main; main()", *arguments),
        env={**os.environ, "SAIKNE_HOME": str(home), "SAIKNE_LANG": language, "SAIKNE_ATTEMPTS": "2"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def done(play: Play, hub: Hub, *arguments: str) -> Any:
    """What it prints for programs; it must succeed."""
    code, printed = await told(play, hub, *arguments, "--json")
    assert code == 0, printed
    return json.loads(printed)


async def refused(play: Play, hub: Hub, *arguments: str) -> tuple[int, str]:
    code, printed = await told(play, hub, *arguments, "--json")
    return code, json.loads(printed)["problem"]["code"]
