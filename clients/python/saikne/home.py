"""Where a centre keeps what is its own: `SAIKNE_HOME`, or the platform's place for a user's data.

Nothing in it is readable by others, and nothing is overwritten by accident: a file appears whole or not at
all. Names of families and children never come here, not even as names of files.
"""

import os
import secrets
from pathlib import Path

from saikne.problems import LocalRefusal

PRIVATE_FILE = 0o600
PRIVATE_DIRECTORY = 0o700
OTHERS = 0o077


class AlreadyThere(LocalRefusal):
    """A file that would be overwritten."""

    code = "home.already-there"


def home_directory(chosen: Path | None = None) -> Path:
    if chosen is not None:
        return chosen
    if named := os.environ.get("SAIKNE_HOME"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("saikne", appauthor=False)


def write_private(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a file whole, for the owner only. Refuses to overwrite unless told to replace."""
    make_private(path.parent)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            unfinished.replace(path)
        else:
            _appear(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def make_private(directory: Path) -> None:
    """Make a directory, and those above it that are missing, for the owner only."""
    missing = [one for one in (directory, *directory.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)


def close_to_others(home: Path) -> None:
    """Take from others what a directory of this name that was there before let them see."""
    if home.is_dir() and not is_private(home):
        home.chmod(PRIVATE_DIRECTORY)


def is_private(path: Path) -> bool:
    """Whether only the owner may read it; systems without such modes are believed."""
    return os.name != "posix" or not path.stat().st_mode & OTHERS


def _appear(unfinished: Path, path: Path) -> None:
    """Give a finished file its name, unless the name is taken: in one step, so that no race decides."""
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        raise AlreadyThere(path=str(path)) from None
