"""What was given to a command and does not fit, in words: by types, fields and rules, never by a message."""

from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from saikne.command.choices import choices, listed
from saikne.command.speech import known, say
from saikne_schemas.rules import Broken

FILES_OF_FIELDS = ("facts", "identity", "manifest")
"""Parameters that are files in which the fields stand by their own names."""


class CommandUnknown(TyperException):
    """There is no verb of this name; `near` are spelled nearly so."""

    exit_code = 2

    def __init__(self, name: str, near: list[str], ctx: Any) -> None:
        super().__init__(name)
        self.name, self.near, self.ctx = name, near, ctx


class KnowsItsVerbs(TyperGroup):
    """A group that says itself which verb it lacks; typer has no type for that."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if not (ctx.resilient_parsing or name.startswith("-") or self.get_command(ctx, name)):
            raise CommandUnknown(name, get_close_matches(name, self.commands), ctx)
        return super().resolve_command(ctx, args)


def usage_in_words(wrong: TyperException) -> str:
    """An option that is missing or unknown, a value that does not fit."""
    from typer._click import exceptions as click  # where typer keeps the types of what it raises

    parameter = getattr(wrong, "param", None)
    name = parameter.get_error_hint() if parameter is not None else str(getattr(wrong, "param_hint", ""))
    if isinstance(wrong, click.NoArgsIsHelpError):
        return wrong.format_message()
    if isinstance(wrong, click.MissingParameter):
        lacking = getattr(wrong, "lacking", None) or ([parameter] if parameter is not None else [])
        return "\n".join(map(_missing_in_words, lacking)) or say("usage.missing", name=name)
    if isinstance(wrong, click.NoSuchOption):
        return say("usage.unknown-option", name=wrong.option_name)
    if isinstance(wrong, typer.BadParameter):
        return say("usage.bad-value", name=name, message=_value_in_words(wrong, parameter))
    if isinstance(wrong, CommandUnknown):
        near = say("usage.near", names=", ".join(map(repr, wrong.near))) if wrong.near else ""
        return f"{say('usage.unknown-command', name=repr(wrong.name))}{near}"
    return say("usage.wrong", message=wrong.format_message())


def _missing_in_words(parameter: Any) -> str:
    """What is missing, what it is for, and what it may be."""
    missing = say("usage.missing", name=parameter.get_error_hint())
    what = f"{missing} ({parameter.help.rstrip('.')})" if parameter.help else missing
    values = choices(parameter.type_descriptor.annotation)
    return f"{what}\n  {say('usage.choices', choices=listed(values))}" if values else what


def wrong_fields(error: Any) -> str:
    """Each wrong field of a document with what it should be."""
    lines = []
    for wrong in error.errors(include_url=False, include_input=False):
        names = [str(part) for part in wrong["loc"] if isinstance(part, str)]
        field = names[-1] if names else ""
        shown = _in_file(wrong["loc"]) or " ".join(map(_place_in_words, wrong["loc"]))
        what = say(f"input.{field}") if known(f"input.{field}") else _rule_in_words(wrong)
        lines.append(f"  {shown}: {what}" if shown else f"  {what}")
    return "\n".join(lines)


def _in_file(place: tuple[str | int, ...]) -> str:
    """As it is written in the file that was given; nothing where none was."""
    from typer._click.globals import get_current_context  # where typer keeps it

    context = get_current_context(silent=True)
    given = context is not None and any(context.params.get(one) for one in FILES_OF_FIELDS)
    return ".".join(map(str, place)) if given else ""


def _place_in_words(part: str | int) -> str:
    """A field by the option that gives it, else by its word; of several things the number, from one on."""
    from typer._click.globals import get_current_context  # where typer keeps it

    if isinstance(part, int):
        return f"{part + 1}."
    context = get_current_context(silent=True)
    options = {one.name: one.opts[0] for one in context.command.params} if context is not None else {}
    option = next((options[one] for one in (part, part.removesuffix("s")) if one in options), "")
    if option.startswith("--"):
        return option
    return say(f"field.{part}") if known(f"field.{part}") else part


def is_yes_or_no(parameter: Any) -> bool:
    annotation = parameter.type_descriptor.annotation
    return bool in getattr(annotation, "__args__", (annotation,))


def _value_in_words(wrong: typer.BadParameter, parameter: Any) -> str:
    """What a value should be: one of a list, or by the library's rule that it broke; else as it was said."""
    if parameter is not None and (values := choices(parameter.type_descriptor.annotation)):
        return say("usage.choices", choices=listed(values))
    if parameter is not None and is_yes_or_no(parameter):
        return say("usage.choices", choices=f"{say('word.yes')}, {say('word.no')}")
    errors = getattr(wrong.__cause__, "errors", None)
    return _rule_in_words(errors(include_url=False)[0]) if errors else wrong.message


def _rule_in_words(wrong: Any) -> str:
    """A rule of the wire documents, or a bound of what a field holds."""
    kind, facts = wrong["type"], wrong.get("ctx", {})
    if known(f"input.type.{kind}"):
        return say(f"input.type.{kind}", **facts)
    broken = facts.get("error")
    if isinstance(broken, Broken) and known(f"rule.{broken.rule}"):
        return say(f"rule.{broken.rule}")
    return str(broken or wrong["msg"])
