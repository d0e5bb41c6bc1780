"""The library's example is a program that works: against a whole hub, as a process of its own."""

import asyncio
import hashlib
import os
import sys
from base64 import b64decode
from pathlib import Path
from uuid import UUID

from saikne_schemas.vocabulary import ExchangeState
from tests.journeys.play import Play

EXAMPLE = Path(__file__).parents[2] / "clients" / "python" / "example.py"


async def test_the_example_asks_waits_checks_and_confirms(play: Play, tmp_path: Path) -> None:
    home = play.stage.home / "centres" / str(play.requester.credentials.centre)
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, str(EXAMPLE), "Ligzda", "AG-7702", str(tmp_path)),
        env={**os.environ, "SAIKNE_HOME": str(home)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    exchange = UUID((await program.stdout.readline()).decode().strip())
    answered = await play.answer(exchange)
    said, _ = await program.communicate((await play.texted(exchange)).encode() + b"\n")
    last = (await play.requester.statements(exchange))[-1]
    assert said.decode().split()[-2:] == ["confirmed", hashlib.sha256(b64decode(last.manifest)).hexdigest()]
    assert (program.returncode, await play.state(exchange)) == (0, ExchangeState.CONFIRMED)
    assert {path.read_bytes() for path in (tmp_path / "copies").glob("dok-*")} == {
        path.read_bytes() for path in answered.files.values()
    }
