"""Our commands as processes of their own, each forked from one that has loaded them: what a person types.

To load the code takes a second, or four for a hub, to fork none. What hangs on the beginning of a process
(what is loaded, the encoding of a terminal, its input, signals) is tested with Python started anew.
"""

import atexit
import os
import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from io import TextIOWrapper
from multiprocessing import get_context, set_start_method
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

_MAINS = {"hub": "hub.ops.cli", "saikne": "saikne.command", "agis-sync": "agis_sync.command"}
_How = tuple[str, tuple[str, ...], dict[str, str], Path, tuple[str, str]]
"""The command, its words, its environment, where, and into which files it prints."""
LOADED = get_context("forkserver")
LOADED.set_forkserver_preload(
    [
        "tests.peers.compiled",
        *(*_MAINS.values(), "saikne.hub", "saikne.statements", "agis_sync.running"),
        *("hub.ops.database", "hub.ops.schema", "hub.signing.keyring", "hub.tables"),
        *("hub.app", "hub.ops.figures", "hub.timetable", "granian", "uvloop"),
        # What verbs load when they run.
        *("saikne.court_letter", "saikne.journal"),
        *(f"saikne.command.{name}" for name in ("answering", "child_moves", "matters", "moves", "owed")),
        *(f"saikne.command.{name}" for name in ("paper", "receiving", "signed_files")),
        *("anyio._backends._asyncio", "http_message_signatures.algorithms", "httpcore", "pyzipper"),
    ]
)


def ran(
    command: str, *words: str, environment: Mapping[str, str], together: bool = False
) -> CompletedProcess[str]:
    """What it printed and how it ended; `together`: errors are told among the rest, as on a terminal."""
    ended = ran_to_bytes(command, *words, environment=environment, together=together)
    return CompletedProcess(ended.args, ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def ran_to_bytes(
    command: str, *words: str, environment: Mapping[str, str], together: bool = False
) -> CompletedProcess[bytes]:
    with TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        into = (str(out), str(out if together else err))
        process = LOADED.Process(
            target=run_in_place, args=(command, words, dict(environment), Path.cwd(), into)
        )
        process.start()
        process.join()
        code = process.exitcode
        assert code is not None
        process.close()
        return CompletedProcess(
            [command, *words], code, out.read_bytes(), b"" if together else err.read_bytes()
        )


class Begun:
    """A command that goes on, with its group of processes, until told to stop: as `subprocess.Popen`."""

    def __init__(self, command: str, *words: str, environment: Mapping[str, str], log: Path) -> None:
        self._command = [command, *words]
        ours, theirs = LOADED.Pipe(duplex=False)
        into = (str(log), str(log))
        self._process = LOADED.Process(
            target=_in_its_own_group, args=(theirs, command, words, dict(environment), Path.cwd(), into)
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid
        theirs.close()
        with ours:
            ours.recv()
        _BEGUN.append(self)

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            assert timeout is not None
            raise TimeoutExpired(self._command, timeout)
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)


_BEGUN: list[Begun] = []


@atexit.register
def _end_all() -> None:
    """Nothing outlives the tests, which wait at their end for what they have begun."""
    for one in _BEGUN:
        if one.poll() is None:
            os.killpg(one.pid, signal.SIGKILL)


def _in_its_own_group(begun: Connection, *how: *_How) -> None:
    os.setsid()
    set_start_method("fork", force=True)  # as it is where Python starts anew
    with begun:
        begun.send(None)
    run_in_place(*how)


def run_in_place(
    command: str, words: tuple[str, ...], environment: dict[str, str], where: Path, into: tuple[str, str]
) -> None:
    """Become the command; what it prints and its errors go into these files."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(where)
    for number, path in enumerate(into, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    for stream in (sys.stdout, sys.stderr):  # as Python does it at its start
        assert isinstance(stream, TextIOWrapper)
        stream.reconfigure(encoding=environment.get("PYTHONIOENCODING", "utf-8"), errors=stream.errors)
    sys.argv = [command, *words]
    import_module(_MAINS[command]).main()
