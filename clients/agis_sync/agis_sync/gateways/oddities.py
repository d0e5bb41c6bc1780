"""What lies in the register's folders and is no file of an agreed name: told of once, and left where it lies.

Source: features N10 (profile `file`); security.md threat 21. A name may hold a person's: of it only the shape
is told, with which somebody who has the folder open can find it. Does no I/O.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SHAPE_AT_MOST = 80
_ENTRY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[1-9][0-9]{0,6}"
_EXTRACT = r"extract\.\d{8}T\d{6}\.\d{6}Z\.[1-9]\d{0,6}"
_AGREED = {
    "out": re.compile(rf"{_ENTRY}\.(?:json|xml|sha256)"),
    "in": re.compile(rf"{_ENTRY}\.ack\.(?:json|sha256)|{_EXTRACT}\.(?:json|sha256)"),
}
_FOLDERS = {"out": frozenset[str](), "in": frozenset({"done"})}
_UNFINISHED = re.compile(r"\..*|.*(?:\.tmp|\.part|\.partial|\.filepart|~)", re.DOTALL)


class Oddity(StrEnum):
    NAME = "name"
    """Not a name that was agreed on."""
    UNFINISHED = "unfinished"
    """By its name somebody is still writing it, or was."""
    NOT_A_FILE = "not_a_file"
    """A folder, a link, a pipe or a device under a name that was agreed on."""


@dataclass(frozen=True)
class Lying:
    """One name in a folder; bytes that are no UTF-8 stand in it as surrogates."""

    name: str
    is_file: bool
    is_folder: bool = False


@dataclass(frozen=True)
class Odd:
    folder: str
    name: str
    why: Oddity

    @property
    def shape(self) -> str:
        """`Jānis Bērziņš 2.pdf` as `?xxxx ?xxxxxx 0.pdf`: letters, digits and strange symbols told apart."""
        body, _, ending = self.name.rpartition(".")
        known = bool(body) and re.fullmatch(r"[a-z0-9]{1,6}", ending) is not None
        shown = "".join(map(_shape, body if known else self.name)) + (f".{ending}" if known else "")
        long = len(shown) > SHAPE_AT_MOST
        return f"{shown[:SHAPE_AT_MOST]}… ({len(shown)})" if long else shown


def odd_ones(folder: str, lying: Iterable[Lying]) -> list[Odd]:
    """What of a folder's content is none of ours."""
    found = ((one, _why(folder, one)) for one in lying)
    return [Odd(folder, one.name, why) for one, why in found if why is not None]


def _why(folder: str, one: Lying) -> Oddity | None:
    if one.is_folder and one.name in _FOLDERS[folder]:
        return None
    if _AGREED[folder].fullmatch(one.name):
        return None if one.is_file else Oddity.NOT_A_FILE
    return Oddity.UNFINISHED if one.is_file and _UNFINISHED.fullmatch(one.name) else Oddity.NAME


def _shape(symbol: str) -> str:
    if not symbol.isascii() or not symbol.isprintable():
        return "?"
    if symbol.isalpha():
        return "x"
    return "0" if symbol.isdigit() else symbol
