"""Files that people bring: how one becomes bytes, text or JSON, and why one is not taken.

The one door of client, job and hub command. UTF-8 is read with or without a byte-order mark, UTF-16 and
UTF-32 with one, and lines may end in any way. Nothing is guessed and nothing is passed over: a code page
(Windows-1257) is refused, because read as another it would seal a wrong name without a word, and a name that
stands twice is told instead of the last one counting. Tables are `saikne_schemas.tables`.
"""

import codecs
import errno
import json
import math
import os
import stat
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

LONGEST_BYTES = 16 * 1024**2
"""Of a file that is read whole; what may be longer is read in blocks from `opened`."""
DEEPEST = 32
"""Objects and lists within each other."""

Model = TypeVar("Model", bound="BaseModel")

_MARKS = (  # the longer first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}
_NO_FILE = {errno.EISDIR, errno.ENXIO, errno.ENODEV, errno.ENOTSUP}


class FileFault(StrEnum):
    """Why a file is not taken."""

    MISSING = "missing"
    FORBIDDEN = "forbidden"
    NOT_A_FILE = "not_a_file"
    """A directory, a device, a pipe: what may never end, or never begin."""
    UNREADABLE = "unreadable"
    """The disk says no."""
    TOO_LONG = "too_long"
    EMPTY = "empty"
    ENCODING = "encoding"
    NUL = "nul"
    """A zero character: a file of another kind, or UTF-16 without its mark."""
    NOT_JSON = "not_json"
    NAME_TWICE = "name_twice"
    TOO_DEEP = "too_deep"
    NOT_A_NUMBER = "not_a_number"
    """NaN, Infinity, or a number too large to count with."""
    HALF_A_CHARACTER = "half_a_character"
    """A lone surrogate, which no text can hold."""
    OPEN_QUOTE = "open_quote"
    HEADING_TWICE = "heading_twice"
    HEADING_UNKNOWN = "heading_unknown"
    HEADING_MISSING = "heading_missing"
    CELLS = "cells"
    """A row with more cells than the heading has."""


class FileFaulty(Exception):  # noqa: N818  # the trade's word
    """The file is not taken; `why` says it to a machine, `place` says where: a line, or a name in it."""

    code = "file.refused"
    """With `why` behind another full stop it is what people and programs are told."""

    def __init__(self, why: FileFault, *, path: str = "", place: object = "") -> None:
        super().__init__(f"{path or 'file'}: {why.value} {place}".rstrip())
        self.why, self.path, self.place = why, path, str(place)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file holds, and its path for who must put it right."""

    content: bytes
    path: str = ""

    def text(self) -> str:
        """As it was written, line ends too."""
        encoding = next((name for mark, name in _MARKS if self.content.startswith(mark)), "utf-8")
        try:
            text = self.content.decode(encoding)
        except UnicodeDecodeError as error:
            line = _line(self.content[: error.start].decode("latin-1"))
            raise self.fault(FileFault.ENCODING, line) from None
        if "\0" in text:
            raise self.fault(FileFault.NUL, _line(text.partition("\0")[0]))
        return text

    def json(self) -> Any:
        """Each name once, finite numbers, whole characters, and not deeper than anything of ours is."""
        text = self.text()
        if not text.strip():
            raise self.fault(FileFault.EMPTY)
        try:
            found = json.loads(
                text,
                object_pairs_hook=self._each_once,
                parse_constant=self._number,
                parse_float=self._number,
            )
        except json.JSONDecodeError as error:
            raise self.fault(FileFault.NOT_JSON, _line(text[: error.pos])) from None
        except ValueError:  # a whole number of thousands of digits
            raise self.fault(FileFault.NOT_A_NUMBER, "…") from None
        except RecursionError:
            raise self.fault(FileFault.TOO_DEEP) from None
        self._look_through(found, DEEPEST)
        return found

    def document(self, kind: type[Model]) -> Model:
        """As a document; pydantic's own ValidationError where the JSON is sound but is not one."""
        return kind.model_validate_json(
            json.dumps(self.json(), ensure_ascii=False), by_alias=True, by_name=False
        )

    def fault(self, why: FileFault, place: object = "") -> FileFaulty:
        return FileFaulty(why, path=self.path, place=place)

    def _each_once(self, members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) < len(members):
            counted = Counter(name for name, _ in members)
            raise self.fault(FileFault.NAME_TWICE, _shown(max(counted, key=lambda name: counted[name])))
        return found

    def _number(self, written: str) -> float:
        number = float(written)
        if not math.isfinite(number):
            raise self.fault(FileFault.NOT_A_NUMBER, written[:40])
        return number

    def _look_through(self, value: Any, left: int) -> None:
        if isinstance(value, str):
            if not value.isascii() and _shown(value) != value:
                raise self.fault(FileFault.HALF_A_CHARACTER, _shown(value)[:40])
            if "\0" in value:
                raise self.fault(FileFault.NUL)
            return
        if isinstance(value, dict | list):
            if not left:
                raise self.fault(FileFault.TOO_DEEP)
            within = [*value, *value.values()] if isinstance(value, dict) else value
            for one in within:
                self._look_through(one, left - 1)


def opened(path: Path) -> BinaryIO:
    """An ordinary file, to be read in blocks; never waits, as a pipe or a device would make it."""
    with _refusing(path):
        file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))  # noqa: SIM115
        ordinary = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    if not ordinary:
        file.close()
        raise FileFaulty(FileFault.NOT_A_FILE, path=str(path))
    return file


def brought(path: Path, at_most: int = LONGEST_BYTES) -> Brought:
    """An ordinary file, read whole."""
    with opened(path) as file, _refusing(path):
        content = file.read(at_most + 1)
    if len(content) > at_most:
        raise FileFaulty(FileFault.TOO_LONG, path=str(path), place=at_most // 1024)
    return Brought(content, str(path))


def piped(at_most: int = 64 * 1024) -> Brought:
    """The first line of what another program hands over on standard input."""
    return Brought(sys.stdin.buffer.readline(at_most), "-")


@contextmanager
def _refusing(path: Path) -> "Iterator[None]":
    """What the disk says, in the words of a file."""
    try:
        yield
    except PermissionError as error:
        raise FileFaulty(FileFault.FORBIDDEN, path=str(path)) from error
    except OSError as error:
        fault = FileFault.UNREADABLE
        if error.errno in _ABSENT:
            fault = FileFault.MISSING
        elif error.errno in _NO_FILE:
            fault = FileFault.NOT_A_FILE
        raise FileFaulty(fault, path=str(path)) from error
    except ValueError as error:  # a name with a zero in it
        raise FileFaulty(FileFault.MISSING, path=str(path).replace("\0", "\ufffd")) from error


def _line(before: str) -> int:
    """The number of a line, whatever ends the lines before it."""
    return before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1


def _shown(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
