"""Values of closed lists as they are typed, listed and asked for: shown in the run's language, read in both.

The words are those of `saikne_schemas.latvian_values`. An option says only of which list it takes a value;
`verb` gives it the reader made here.
"""

import copy
import inspect
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args, get_origin

import typer

from saikne.command.speech import say, spoken
from saikne_schemas.latvian_values import meant, shown


def choices(annotation: Any) -> tuple[StrEnum, ...]:
    """What there is to choose from: of a closed list, a part of one, or several of its values."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return tuple(annotation)
    if get_origin(annotation) is Literal:
        return tuple(one for one in get_args(annotation) if isinstance(one, StrEnum))
    return next((found for one in get_args(annotation) if (found := choices(one))), ())


def listed(values: Sequence[StrEnum]) -> str:
    """Values in the words of the run."""
    return ", ".join(shown(one, spoken()) for one in values)


def closed(parameter: inspect.Parameter) -> inspect.Parameter:
    """The same parameter, read in either language if it takes values of a closed list."""
    kind, *details = get_args(parameter.annotation) or (parameter.annotation,)
    values = choices(kind)
    info = next((one for one in details if hasattr(one, "parser")), None)
    if not values or info is None or info.parser is not None:
        return parameter
    info = copy.copy(info)
    info.parser, info.autocompletion = reader(values), _completion(values)
    return parameter.replace(annotation=Annotated[kind, info])


def reader(values: tuple[StrEnum, ...]) -> Callable[[str], StrEnum]:
    """Reads one of these values."""

    def read(written: str) -> StrEnum:
        value = meant(type(values[0]), written)
        if value not in values:
            raise typer.BadParameter(say("usage.choices", choices=listed(values)))
        return value

    return read


def _completion(values: tuple[StrEnum, ...]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        words = dict.fromkeys(word for one in values for word in (shown(one, spoken()), one.value))
        return [word for word in words if word.startswith(incomplete)]

    return complete
