"""A person at a terminal: runs a command of ours, reads what it asks there and types the answers."""

import os
import pty
import re
import select
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.peers.commands import LOADED, run_in_place

Answering = Callable[[str], str]
"""From what the terminal shows since the last answer to the line that is typed."""
_PATIENCE_SECONDS = 60
_ASKED = re.compile(r"(?:> |Parole: )\Z")


def typed(
    command: str, *words: str, environment: Mapping[str, str], answering: Answering
) -> tuple[int, str, str]:
    """Exit code, what was printed, and what the terminal showed of questions and answers."""
    ours, theirs = pty.openpty()
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        place = os.ttyname(theirs)
        process = LOADED.Process(
            target=_at_terminal, args=((command, *words), dict(environment), Path.cwd(), str(out), place)
        )
        process.start()
        shown = _talk(ours, process.is_alive, answering)
        process.join()
        code = process.exitcode
        assert code is not None
        process.close()
        os.close(ours)
        os.close(theirs)
        return code, out.read_text(), shown


def _talk(ours: int, alive: Callable[[], bool], answering: Answering) -> str:
    whole, new, until = "", "", time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.05)
        if ready:
            piece = os.read(ours, 4096).decode(errors="replace")
            whole, new = whole + piece, new + piece
        elif not alive():
            return whole
        if _ASKED.search(new):
            os.write(ours, answering(new).encode() + b"\n")
            new = ""
    raise AssertionError(f"it neither asks nor ends:\n{whole}")


def _at_terminal(
    words: tuple[str, ...], environment: dict[str, str], where: Path, out: str, place: str
) -> None:
    os.setsid()
    terminal = os.open(place, os.O_RDWR)
    os.dup2(terminal, 0)
    sys.stdin = os.fdopen(terminal, encoding="utf-8", closefd=False)  # as Python does at its start
    sys.stderr = os.fdopen(os.dup(terminal), "w", encoding="utf-8", buffering=1)
    run_in_place(words[0], words[1:], environment, where, (out, place))
