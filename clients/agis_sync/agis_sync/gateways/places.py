"""Where files for the register lie: what a place can do, and how a folder does it.

Source: features N10 (profile `file`). A file appears under its name whole or not at all. Knows nothing of
what the files mean.
"""

import asyncio
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from agis_sync.gateways.findings import Trouble, Unanswered
from saikne_schemas.register_files import EXTRACT_BYTES

READ_BYTES = EXTRACT_BYTES + 1
"""More than the longest file has; of a longer one so much is read, and then refused."""

T = TypeVar("T")


class Place(Protocol):
    """Files below one root; every failure but a file's absence is `Unanswered`."""

    async def names(self, folder: str) -> list[str]:
        """Of what lies in a folder."""

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

    async def names(self, folder: str) -> list[str]:
        return await _on_disk(lambda: sorted(one.name for one in (self._root / folder).iterdir()))

    async def read(self, path: str) -> bytes | None:
        def whole() -> bytes | None:
            try:
                with (self._root / path).open("rb") as file:
                    return file.read(READ_BYTES)
            except FileNotFoundError:
                return None

        return await _on_disk(whole)

    async def write(self, path: str, content: bytes) -> None:
        await _on_disk(lambda: _write_whole(self._root / path, self._root / unfinished(path), content))

    async def move(self, path: str, to: str) -> None:
        def moved() -> None:
            if (self._root / path).exists():
                (self._root / path).replace(self._root / to)

        await _on_disk(moved)

    async def remove(self, path: str) -> None:
        await _on_disk(lambda: (self._root / path).unlink(missing_ok=True))

    async def make(self, folder: str) -> None:
        await _on_disk(lambda: (self._root / folder).mkdir(exist_ok=True))

    async def close(self) -> None:
        """Nothing is held open."""


def _write_whole(path: Path, meanwhile: Path, content: bytes) -> None:
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
    except OSError as error:
        raise Unanswered(Trouble.AWAY) from error
