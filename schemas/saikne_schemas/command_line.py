"""Exit codes, language and characters of `hub`, `saikne` and `agis-sync`: what scripts and terminals rely on.

The codes are published in `schemas/README.md`. Stands on the standard library alone, because a command that
only prints a date must start at once.
"""

import codecs
import os
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from enum import IntEnum
from io import TextIOWrapper
from typing import Any

_WITHOUT = "saikne.without-marks"
_PLAIN = str.maketrans("„“”‚‘’«»–—−…·•\u00a0", '"""\'\'\'""---.**\u0020')
_UNKNOWN = "?"
_THUMBPRINT_LETTERS, _KEY_BEGINS = 43, 6


class Exit(IntEnum):
    """How a command ended. The list only grows."""

    DONE = 0
    REFUSED = 1
    """The hub was asked and said no, or what was looked at is not as it should be."""
    BAD_INPUT = 2
    """What was given on this side cannot be used: an option, a file, a setting, a name that nothing has."""
    OUT_OF_REACH = 3
    """Hub, database, register or another part does not answer: the same again may succeed later."""
    INTERRUPTED = 130
    """By a signal from the keyboard, as shells write it."""
    NOBODY_READS = 141
    """What was written to is gone, as after `| head`."""


def wished_language(words: Sequence[str], environment: Mapping[str, str], own: str) -> str:
    """By `--lang`, else by the command's own variable, else by the system's setting."""
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return language_of(words[place + 1])
        if word.startswith("--lang="):
            return language_of(word.removeprefix("--lang="))
    wishes = (environment.get(name) for name in (own, "LC_ALL", "LC_MESSAGES", "LANG"))
    return language_of(next((wish for wish in wishes if wish), ""))


def language_of(wish: str) -> str:
    """English for systems that speak it or nothing in particular; Latvian otherwise."""
    return "en" if wish.lower().startswith(("en", "c.", "posix")) or wish == "C" else "lv"


def without_language(words: Sequence[str]) -> list[str]:
    """The words of a command line without `--lang`, which may stand anywhere."""
    kept, skip = [], False
    for word in words:
        if not skip and word != "--lang" and not word.startswith("--lang="):
            kept.append(word)
        skip = word == "--lang"
    return kept


def speak_legibly(words: Sequence[str]) -> None:
    """Make sure that nothing a command prints can break it, whatever the terminal can show.

    A letter that the terminal lacks loses its marks (`ā` is shown as `a`). Documents for programs (`--json`)
    are UTF-8 everywhere (RFC 8259, 8.1).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_WITHOUT)
    if "--json" in words and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors=_WITHOUT)


class EndsQuietly:
    """Beside a group of commands: what it writes to may be closed before it has written all."""

    def invoke(self, ctx: Any) -> Any:
        try:
            outcome = super().invoke(ctx)  # type: ignore[misc]  # of the group it stands beside
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
            )  # or the buffer fails again at exit
            raise SystemExit(Exit.NOBODY_READS) from None
        return outcome


class NamesKeys:
    """Beside a command whose one argument names a key: a thumbprint (RFC 7638) may begin with a hyphen."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        keys = [word for word in args if "--" not in args and _is_key(word)]
        if keys:
            args = [*(word for word in args if word not in keys), "--", *keys]
        return super().parse_args(ctx, args)  # type: ignore[misc]  # of the command it stands beside


def _is_key(word: str) -> bool:
    """Whole, or its beginning; what begins with two hyphens is an option unless it is whole."""
    is_whole = len(word) == _THUMBPRINT_LETTERS
    return word.startswith("-") and (is_whole or (not word.startswith("--") and len(word) >= _KEY_BEGINS))


def version_line(command: str, distribution: str) -> str:
    """What `--version` prints: `saikne 1.2.0`."""
    from importlib.metadata import version

    return f"{command} {version(distribution)}"


def _without_marks(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_legible, error.object[error.start : error.end])), error.end


def _legible(letter: str) -> str:
    bare = unicodedata.normalize("NFKD", letter.translate(_PLAIN))
    shown = "".join(one for one in bare if one.isascii())
    return shown or ("" if unicodedata.combining(letter) else _UNKNOWN)


codecs.register_error(_WITHOUT, _without_marks)
