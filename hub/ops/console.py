"""How an operator's command speaks and asks: its language, a sentence, a document, a question, an end.

Source: `saikne_schemas.command_line`, which all commands share. Loads nothing but what it needs to speak.
"""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.core import TyperCommand

from saikne_schemas.command_line import Exit, NamesKeys, wished_language

LANGUAGE_VARIABLE = "HUB_LANG"
_YES = {"y", "yes", "j", "jā", "ja"}

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
LangOption = Annotated[str | None, typer.Option("--lang", envvar=LANGUAGE_VARIABLE, help="lv or en.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask: the fingerprints were compared.")]


class KeyCommand(NamesKeys, TyperCommand):
    """A command whose argument names a key."""


def language(chosen: str | None) -> str:
    """Of a run: by `--lang` or HUB_LANG, else by the system's setting."""
    return wished_language(["--lang", chosen] if chosen else [], os.environ, LANGUAGE_VARIABLE)


def say(message: str, speech: str, **facts: object) -> str:
    """A sentence of the catalogue; loaded only when there is something to say to a person."""
    from hub.wording.catalogue import text

    return text(message, speech, **facts)


def fail(why: str, code: int = Exit.BAD_INPUT) -> NoReturn:
    print(why, file=sys.stderr)
    raise typer.Exit(code)


def put(document: dict[str, object]) -> None:
    print(json.dumps(document, ensure_ascii=False))


def plain(value: object) -> str:
    """On one line, and without what a terminal would obey: some of it was written by others."""
    if isinstance(value, list):
        return ", ".join(plain(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values())
    return "".join(each if each.isprintable() else "\ufffd" for each in str(value))


def ask(question: str, speech: str) -> None:
    """Go on only after a yes; what is asked goes to standard error, so that results stay clean."""
    print(
        f"{say(question, speech)} [{'j' if speech == 'lv' else 'y'}/N] ", end="", file=sys.stderr, flush=True
    )
    answered = sys.stdin.buffer.readline(64).decode("utf-8", "replace")
    if not answered:
        fail("\n" + say("centres.confirm-needed", speech))
    if answered.strip().lower() not in _YES:
        fail(say("centres.declined", speech), Exit.REFUSED)
