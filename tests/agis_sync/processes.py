"""The job as a process of its own, as a service manager sees it: its lines, its end, and signals."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.client.command_line import assert_promised
from tests.peers.commands import ran

Line = dict[str, Any]


@dataclass
class Ended:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Line]:
        return [json.loads(one) for one in self.out.splitlines()] if self.out.startswith("{") else []

    @property
    def summary(self) -> Line:
        return self.lines[-1]


class Process:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._said: list[bytes] = []

    async def line(self, event: str) -> Line:
        """Wait for an event of this kind."""
        assert self._process.stdout
        async for said in self._process.stdout:
            self._said.append(said)
            found: Line = json.loads(said)
            if found.get("event") == event:
                return found
        raise AssertionError(f"it ended without {event}: {b''.join(self._said).decode()}")

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ended(self) -> Ended:
        out, err = await self._process.communicate()
        text = (b"".join(self._said) + out).decode()
        return Ended(self._process.returncode or 0, text, err.decode())


@asynccontextmanager
async def started(home: Path, *arguments: str, **environment: str) -> AsyncIterator[Process]:
    """Start `agis-sync`; whatever happens, it does not outlive its test."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from agis_sync.command import main; main()",
        *arguments,
        env=_environment(home, environment),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _environment(home: Path, more: dict[str, str]) -> dict[str, str]:
    own = {"SAIKNE_HOME": str(home), "SAIKNE_LANG": "en", "SAIKNE_ATTEMPTS": "1"}
    return {"PATH": os.environ["PATH"], **own, **more}


async def run(home: Path, *arguments: str, **environment: str) -> Ended:
    """It runs to its end; what a signal does to it, `started` shows."""
    one = partial(ran, "agis-sync", *arguments, environment=_environment(home, environment))
    done = await asyncio.to_thread(one)
    ended = Ended(done.returncode, done.stdout, done.stderr)
    for line in ended.lines:
        assert_promised("agis-sync", ["failed"] if "problem" in line else arguments, line)
    return ended
