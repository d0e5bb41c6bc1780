"""What `saikne inbox` costs the computer of a centre, from its start to the prompt, and how often it asks."""

import asyncio
import os
import subprocess
import sys
from statistics import median

from tests.benchmarks.row import Row, Scale
from tests.benchmarks.scene import Scene

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


async def starting(scene: Scene, scale: Scale) -> Row:
    """The same command again and again, by a Python that keeps byte code; the first one writes it."""
    await scene.awaited(1, 1)
    home = scene.stage.home / "centres" / str(scene.callers[1].credentials.centre)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"SAIKNE_HOME": str(home), "SAIKNE_LANG": "en"}
    spent = [await asyncio.to_thread(_spent, environment) for _ in range(scale.pairs + 1)][1:]
    raw: dict[str, object] = {
        "seconds": [round(one, 3) for one in spent],
        "round_trips": int(await asyncio.to_thread(_asked, environment)),
    }
    return Row(
        "processor seconds of `saikne inbox` from start to prompt", median(spent), at_most=0.6, raw=raw
    )


def _spent(environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", "from saikne.command import main; main(['inbox'])"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime


def _asked(environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _COUNTED], env=environment, check=True, capture_output=True, text=True
    )
    return done.stderr
