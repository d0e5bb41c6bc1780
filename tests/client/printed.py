"""The commands that a text tells people to run, as they would copy them, and whether they run as printed."""

import re
import shlex
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import typer.main
from typer.exceptions import TyperException

from saikne.command import COMMANDS, GROUPS, application, manners
from saikne.command.choices import choices
from saikne.command.given import PERSON, amount, month
from saikne.command.numbering import number
from saikne.command.training import hours
from saikne.command.usage import usage_in_words

NUMBER = "0d3f6f0a-3f53-4b8e-9d0e-7c1f6a2b9c11"
VERBS = {name for name, _ in (*COMMANDS, *GROUPS)}
_BEGINS = re.compile(r"\bsaikne (?=[a-z])")
_ENDS = re.compile(r"[;)\n”]|[.,](?=\s|$)|\s\s|\s\(")
"""Where a command in a sentence is over; a path may hold points and commas."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def commands_in(text: str) -> Iterator[list[str]]:
    for begins in _BEGINS.finditer(text):
        rest = text[begins.end() :]
        hidden = _QUOTED.sub(lambda quoted: "q" * len(quoted[0]), rest)
        ends = _ENDS.search(hidden)
        words = shlex.split(rest[: ends.start() if ends else len(rest)])
        if words and words[0] in VERBS:
            yield words


def unfit(words: Sequence[str]) -> str | None:
    """Why a command cannot be run as printed: what it lacks is asked and answered, all else must fit."""
    return _unfit(tuple(words))


@cache
def _unfit(words: tuple[str, ...]) -> str | None:
    command: Any = typer.main.get_command(application(words[0]))
    left = list(words)
    while hasattr(command, "commands"):
        if not left or left[0] not in command.commands:
            return f"no such verb: {' '.join(words)}"
        command = command.commands[left.pop(0)]
    answering = patch.multiple(manners, answerable=lambda **_: True, asked=_answered)
    try:
        with answering:
            command.make_context(" ".join(words[: len(words) - len(left)]), left)
    except TyperException as wrong:
        return f"{' '.join(words)}: {usage_in_words(wrong)}"
    except typer.Exit as shown:  # --help
        return None if shown.exit_code == 0 else " ".join(words)
    return None


def _answered(parameter: Any, _: Any) -> list[str]:
    return [plausible(parameter)]


def plausible(parameter: Any) -> str:
    """What a person could type for a parameter."""
    annotation, info = parameter.type_descriptor.annotation, parameter.type_descriptor.parameter_info
    if values := choices(annotation):
        return values[0].value
    if info.metavar == PERSON:
        return "Ilze Kalna;vadītāja"
    of_kind = {UUID: NUMBER, date: "10.11.2026", datetime: "10.11.2026 09:15", int: "1", Path: __file__}
    of_reader = {number: NUMBER, amount: "36,00", hours: "6,5", month: "11.2026"}
    parts = getattr(annotation, "__args__", (annotation,))
    return of_reader.get(info.parser) or of_kind.get(parts[0], "x")


def verbs() -> Iterator[tuple[str, Any]]:
    """Every verb with its path."""
    whole: Any = typer.main.get_command(application())
    for name, command in whole.commands.items():
        if hasattr(command, "commands"):
            yield from ((f"{name} {below}", one) for below, one in command.commands.items())
        else:
            yield name, command


def closed_options() -> Iterator[tuple[str, type[StrEnum], tuple[StrEnum, ...]]]:
    """Every option and argument of every verb that takes values of a closed list."""
    for path, command in verbs():
        for parameter in command.params:
            if values := choices(parameter.type_descriptor.annotation):
                yield f"{path} {parameter.name}", type(values[0]), values
