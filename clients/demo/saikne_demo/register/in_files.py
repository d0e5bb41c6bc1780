"""The register as a folder: entries lie in `out/`, acknowledgements in `in/`, as `register_files` has them.

Source: domain 3.3 (profile `file`); features N10. An entry counts when its `.sha256` is there; its files are
taken away once the register has them. Files of another name are left alone. What each fault does here stands
in `faults`.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from uuid import UUID

from saikne_demo.register.book import Book, unreadable
from saikne_demo.register.faults import Deed, Fault, Faults
from saikne_demo.register.over_http import treatment
from saikne_schemas.register_entries import RegisterAnswer
from saikne_schemas.register_files import (
    FileDamage,
    FileDamaged,
    answer_files,
    entry_names,
    read_entry_files,
)
from saikne_schemas.register_words import RegisterResult

_STEM = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([1-9][0-9]{0,6})")
_NOT_NOW = frozenset({Fault.DOWN, Fault.BUSY, Fault.SLOW, Fault.ERROR_BEFORE})


class RegisterFolder:
    """One call of `work` is a round; `start` has rounds made until `stop`. Rounds never overlap."""

    def __init__(self, folder: Path, book: Book, faults: Faults) -> None:
        self.out, self.into = folder / "out", folder / "in"
        for one in (self.out, self.into):
            one.mkdir(parents=True, exist_ok=True)
        self._book, self._faults = book, faults
        self._owed: dict[str, RegisterAnswer] = {}
        self._round = Lock()
        self._stopping = Event()

    def work(self) -> int:
        """Read what is there and acknowledge it; returns how many entries were read."""
        with self._round:
            self._deliver_owed()
            stems = sorted(path.name.removesuffix(".sha256") for path in self.out.glob("*.sha256"))
            return sum(self._took(of) for of in stems if _STEM.fullmatch(of))

    def start(self, every_seconds: float = 0.1) -> None:
        """Work in a thread of its own."""
        self._stopping.clear()
        self._thread = Thread(target=self._go_on, args=(every_seconds,), name="register-folder")
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _go_on(self, every_seconds: float) -> None:
        while not self._stopping.wait(every_seconds):
            self.work()

    def _took(self, of: str) -> bool:
        try:
            entry = read_entry_files(of, self._lying(of))
        except FileDamaged as damaged:
            if damaged.why is not FileDamage.INCOMPLETE:
                key, _, revision = of.partition(".")
                self._acknowledge(unreadable(UUID(key), int(revision)))
                self._remove(of)
            return False
        fault = self._faults.next(Deed.SEND)
        if fault in _NOT_NOW:
            return False
        answer = self._book.take(entry, treatment(fault, self._faults.manners))
        if fault is not Fault.ERROR_AFTER:
            self._remove(of)
        if fault not in {Fault.ERROR_AFTER, Fault.BREAKS_OFF}:
            self._acknowledge(answer, half=fault is Fault.WRONG_DIGEST)
        if fault in {Fault.ACKNOWLEDGES_LATE, Fault.DUPLICATE, Fault.WRONG_DIGEST}:
            self._owed[of] = answer
        return True

    def _deliver_owed(self) -> None:
        owed, self._owed = self._owed, {}
        for of, promised in owed.items():
            now = self._book.ask(promised.key)
            if now is None or now.revision != promised.revision:
                continue
            if promised.result is now.result is RegisterResult.IN_PROGRESS:
                self._owed[of] = promised
            else:
                self._acknowledge(now)

    def _acknowledge(self, answer: RegisterAnswer, *, half: bool = False) -> None:
        files = answer_files(answer)
        for name, content in files.items():
            cut = half and name.endswith(".json")
            _put(self.into / name, content[: len(content) // 2] if cut else content)

    def _lying(self, of: str) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for name in entry_names(of):
            with suppress(FileNotFoundError):
                found[name] = (self.out / name).read_bytes()
        return found

    def _remove(self, of: str) -> None:
        for name in reversed(entry_names(of)):
            (self.out / name).unlink(missing_ok=True)


def _put(path: Path, content: bytes) -> None:
    """A file of this name is whole or is not there."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
