"""What `saikne inbox` costs the computer of a centre, from its start to the prompt, and how often it asks."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.limits import inbox
from tests.benchmarks.limits.showing import Otherwise
from tests.benchmarks.row import Limit, Row, Scale
from tests.benchmarks.scene import Scene

_ROOT = Path(__file__).parents[2]
_COUNTED = """
import atexit, sys, httpx
from saikne.command import main
asked, send = [], httpx.AsyncHTTPTransport.handle_async_request
async def counted(self, request):
    asked.append(request.url.path)
    return await send(self, request)
httpx.AsyncHTTPTransport.handle_async_request = counted
atexit.register(lambda: print(len(asked), file=sys.stderr))
main(["inbox"])
"""


_INBOX = ("-c", "from saikne.command import main; main(['inbox'])")
_LEAST = ("-m", inbox.__name__)
_LIMIT = (
    "kept: Python with byte code, the centre's key, a token by a signed assertion, a list by a proof of"
    " possession, the same lines printed; loaded for it `http.client`, `ssl`, `json` and `cryptography`;"
    " left out: the command's verbs, help and languages, the library, schemas, answers checked, another"
    " try"
)


async def starting(scene: Scene, scale: Scale) -> Row:
    """The same command again and again, by a Python that keeps byte code; the first one writes it."""
    two = await scene.with_new_centres(2)  # of whom nobody has asked anything else
    await two.awaited(1, 1)
    home = scene.stage.home / "centres" / str(two.callers[1].credentials.centre)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"SAIKNE_HOME": str(home), "SAIKNE_LANG": "en"}
    turns = [
        [await asyncio.to_thread(_ran, command, environment) for command in (_INBOX, _LEAST)]
        for _ in range(scale.pairs + 1)
    ][1:]
    if any(ours.told != least.told for ours, least in turns):
        raise Otherwise("the inbox")
    spent, at_least = ([turn[place].seconds for turn in turns] for place in (0, 1))
    raw: dict[str, object] = {
        "seconds": [round(one, 3) for one in spent],
        "round_trips": int(await asyncio.to_thread(_asked, environment)),
    }
    limit = Limit(_LIMIT, median(at_least), {"seconds": [round(one, 3) for one in at_least]})
    what = "processor seconds of `saikne inbox` from start to prompt"
    return Row(what, median(spent), at_most=0.6, limit=limit, raw=raw)


@dataclass(frozen=True)
class _Run:
    seconds: float
    """Of the processor."""
    told: bytes


def _ran(command: Sequence[str], environment: dict[str, str]) -> _Run:
    command = [sys.executable, *command]
    with subprocess.Popen(command, env=environment, cwd=_ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return _Run(used.ru_utime + used.ru_stime, told)


def _asked(environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _COUNTED], env=environment, check=True, capture_output=True, text=True
    )
    return done.stderr
