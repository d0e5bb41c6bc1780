"""What a call to the hub asks for while it goes on, of whoever carries it out (`calls`).

A call is a generator, as httpx's auth flows are: it decides and does nothing itself. It yields what is to be
done and is told what came of it, and when that was; what went wrong is raised where it waits.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar

from saikne.blocks import Progress, silent

T = TypeVar("T")
Headers = dict[str, str]
Query = Mapping[str, str | list[str]]
"""Behind an address; what may stand several times has a list."""


@dataclass(frozen=True)
class FileBody:
    """A file on its way to the hub, by digest and size known beforehand."""

    path: Path
    media_type: str
    sha256: bytes
    bytes: int
    progress: Progress = silent


@dataclass(frozen=True)
class Request:
    """To be sent; what comes of it is the answer, its body read."""

    method: str
    url: str
    headers: Headers
    content: bytes | FileBody | None = None


@dataclass(frozen=True)
class Pause:
    """To be made; nothing comes of it."""

    duration: timedelta


class Need(Enum):
    TIME = auto()
    """Nothing but to be told when it is."""
    TOKEN = auto()
    """What comes of `Tokens.held`: calls side by side ask for it in turn, so that one token is fetched."""
    OTHERS = auto()
    """The hub is out of reach. True if another call was trying and it is back; false if nobody else tries,
    and whoever asks now tries for all."""


Step = Request | Pause | Need
Flow = Generator[Step, tuple[Any, datetime], T]
