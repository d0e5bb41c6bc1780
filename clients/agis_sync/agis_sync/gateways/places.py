"""Where files for the register lie: what a place can do, and how a folder does it.

Source: features N10 (profile `file`). A file appears under its name whole or not at all. Knows nothing of
what the files mean.
"""

import asyncio
import errno
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from agis_sync.gateways.findings import Trouble, Unanswered
from agis_sync.gateways.oddities import Lying
from saikne_schemas.register_files import EXTRACT_BYTES

READ_BYTES = EXTRACT_BYTES + 1
"""More than the longest file has; of a longer one so much is read, and then refused."""

T = TypeVar("T")


class Place(Protocol):
    """Files below one root; every failure but a file's absence is `Unanswered`.

    Whatever is not a plain file is never opened, nor followed: a pipe would be waited for, and a link may
    lead anywhere. That and a file that may not be read are trouble of that file alone (`ODD_FILE`).
    """

    async def lying(self, folder: str) -> list[Lying]:
        """What lies in a folder, by name."""

    async def read(self, path: str) -> bytes | None:
        """A file's content; none where it is not there."""

    async def write(self, path: str, content: bytes) -> None:
        """Put a file there whole, whatever was there before."""

    async def move(self, path: str, to: str) -> None:
        """Give a file another name; what is not there any more was moved by somebody else."""

    async def remove(self, path: str) -> None:
        """Take a file away, where it is there."""

    async def make(self, folder: str) -> None:
        """Make a folder, where it is not there."""

    async def close(self) -> None: ...


def unfinished(path: str) -> str:
    """The name of a file until it is whole; two writers never share one."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.{secrets.token_hex(6)}"


class Folder:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def lying(self, folder: str) -> list[Lying]:
        def listed() -> list[Lying]:
            with os.scandir(self._root / folder) as found:
                return sorted(map(_lying, found), key=lambda one: one.name)

        return await _on_disk(listed)

    async def read(self, path: str) -> bytes | None:
        return await _on_disk(lambda: _whole(self._root / path))

    async def write(self, path: str, content: bytes) -> None:
        await _on_disk(lambda: _write_whole(self._root / path, self._root / unfinished(path), content))

    async def move(self, path: str, to: str) -> None:
        def moved() -> None:
            if _is_plain(self._root / path):
                (self._root / path).replace(self._root / to)

        await _on_disk(moved)

    async def remove(self, path: str) -> None:
        def removed() -> None:
            if _is_plain(self._root / path):
                (self._root / path).unlink(missing_ok=True)

        await _on_disk(removed)

    async def make(self, folder: str) -> None:
        await _on_disk(lambda: (self._root / folder).mkdir(exist_ok=True))

    async def close(self) -> None:
        """Nothing is held open."""


def _lying(found: os.DirEntry[str]) -> Lying:
    return Lying(found.name, found.is_file(follow_symlinks=False), found.is_dir(follow_symlinks=False))


def _is_plain(path: Path) -> bool:
    """Whether there is a file; `ODD_FILE` where something else has its name."""
    try:
        if stat.S_ISREG(path.lstat().st_mode):
            return True
    except FileNotFoundError:
        return False
    raise Unanswered(Trouble.ODD_FILE)


def _whole(path: Path) -> bytes | None:
    """Looked at before it is opened, and again as it was opened: nothing is waited for."""
    if not _is_plain(path):
        return None
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise Unanswered(Trouble.ODD_FILE) from None
    with open(file, "rb") as opened:  # noqa: PTH123  # a descriptor, and no path any more
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise Unanswered(Trouble.ODD_FILE)
        return opened.read(READ_BYTES)


def _write_whole(path: Path, meanwhile: Path, content: bytes) -> None:
    _is_plain(path)
    try:
        with meanwhile.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        meanwhile.replace(path)
    finally:
        meanwhile.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name too outlives a power cut
    finally:
        os.close(folder)


async def _on_disk(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Unanswered(Trouble.FOLDERS) from error
    except PermissionError as error:
        raise Unanswered(Trouble.ACCESS) from error
    except (IsADirectoryError, FileExistsError) as error:
        raise Unanswered(Trouble.ODD_FILE) from error
    except OSError as error:
        odd = error.errno in {errno.ELOOP, errno.ENAMETOOLONG}
        raise Unanswered(Trouble.ODD_FILE if odd else Trouble.AWAY) from error
