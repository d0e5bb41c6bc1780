"""A server's processes: what its first one and all that it has started have used, and how one is started."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from saikne_demo.stage import START_SECONDS, STOP_SECONDS, NotStarted, _free_port

_ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


def with_children(pid: int) -> list[Path]:
    """Their folders in /proc."""
    process = Path(f"/proc/{pid}")
    children = (process / f"task/{pid}/children").read_text().split()
    return [process, *(found for child in children for found in with_children(int(child)))]


def processor_seconds(pid: int) -> float:
    """By what the kernel has counted (proc(5)), in user and system mode."""
    return sum(map(_ticks, with_children(pid))) / _TICKS


def _ticks(process: Path) -> int:
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@dataclass(frozen=True)
class Beside:
    """A server that is measured beside the hub."""

    port: int
    pid: int


@contextmanager
def beside(module: ModuleType, environment: Mapping[str, str], log: Path) -> Iterator[Beside]:
    """A module of the benchmarks that serves at the address it is given."""
    port = _free_port()
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", module.__name__, f"127.0.0.1:{port}"],
            env=environment,
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _wait_until_open(process, port, log)
        yield Beside(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_open(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(round(START_SECONDS / 0.1)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise NotStarted(log.read_text(errors="replace")[-2000:])
