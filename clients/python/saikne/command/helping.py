"""Help in the words of the run: what a verb and its options are for, its placeholders, defaults and headings.

What the library that prints it says in English of itself is put into words here, for every command alike.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args
from uuid import UUID

from typer.core import TyperCommand, TyperGroup

from saikne.command.choices import choices
from saikne.command.speech import known, say, spoken
from saikne_schemas.latvian_values import shown

_HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "Usage: ": "help.usage",
        "\nOptions:": "help.options",
        "\nArguments:": "help.arguments",
        "\nCommands:": "help.commands",
        "Show this message and exit.": "help.help",
    }
)
_IN_BRACKETS: Mapping[re.Pattern[str], str] = MappingProxyType(
    {
        re.compile(r"(?<=\[)required(?=\])|(?<=;)(?P<gap>\s+)required(?=\])"): "help.required",
        re.compile(r"(?<=\[)default:|(?<=;)(?P<gap>\s+)default:"): "help.default",
        re.compile(r"(?<=\[)env\s+var:"): "help.environment",
    }
)
"""What stands behind an option's help; lines are broken before it is put into words."""
_PLACEHOLDERS: Mapping[type, str] = MappingProxyType({str: "TEXT", int: "INTEGER", Path: "FILE", UUID: "ID"})
"""By what a parameter takes, where it has no placeholder of its own."""
_OWN_WORDS = re.compile(r"(\[[^\[\]]*: )\(([^()]*)\)(?=[];])")
"""A default that is said in our words stands in brackets for nobody."""


def put_into_words(command: TyperCommand | TyperGroup) -> None:
    """`help.init` helps with the verb, `help.init.name` with its option, `help.option.json` with all such."""
    verb_help = command.help or ""
    parameters: list[Any] = command.params
    for parameter in parameters:
        name = (parameter.name or "").replace("_", "-")
        identifier = next((one for one in (f"{verb_help}.{name}", f"help.option.{name}") if known(one)), None)
        if identifier:
            parameter.help = say(identifier)
        _say_what_it_takes(parameter)
    command.options_metavar = say("help.usage.options")
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = say("help.usage.command")
    if known(f"{verb_help}.example"):
        command.epilog = f"\b\n{say('help.example')}\n{say(f'{verb_help}.example')}"
    if known(verb_help):
        command.help = say(verb_help)


def _say_what_it_takes(parameter: Any) -> None:
    """Its placeholder and its default: values of closed lists by their words, all else by what it is."""
    if values := choices(parameter.type_descriptor.annotation):
        parameter.metavar = "|".join(shown(one, spoken()) for one in values)
        if isinstance(parameter.default, StrEnum):
            parameter.show_default = shown(parameter.default, spoken())
    elif parameter.metavar is None and not getattr(parameter, "is_flag", False):
        parameter.metavar = _PLACEHOLDERS.get(_kind(parameter.type_descriptor.annotation))
    if parameter.metavar is not None and known(f"metavar.{parameter.metavar}"):
        parameter.metavar = say(f"metavar.{parameter.metavar}")
    if getattr(parameter, "is_flag", False) and parameter.secondary_opts and parameter.default:
        parameter.show_default = parameter.opts[0]
    if parameter.param_type_name == "argument":
        parameter.display_type_rich = _nothing_more


def _kind(annotation: Any) -> Any:
    """What one of them is: of `list[Path] | None` a path."""
    while parts := [one for one in get_args(annotation) if one is not type(None)]:
        annotation = parts[0]
    return annotation


def _nothing_more(**_: object) -> str:
    """An argument's placeholder says what it is; its type in code says it once again."""
    return ""


def headings_in_words(text: str) -> str:
    text = _OWN_WORDS.sub(r"\1\2", text)
    if spoken() == "en":
        return text
    for english, identifier in _HEADINGS.items():
        text = text.replace(english, say(identifier))
    for pattern, identifier in _IN_BRACKETS.items():
        text = pattern.sub(partial(_in_its_gap, say(identifier)), text)
    return text


def _in_its_gap(said: str, found: "re.Match[str]") -> str:
    """The word, behind the space or the end of a line that stood before it."""
    return (found.groupdict().get("gap") or "") + said
