"""An answer that a command line lacks is asked of whoever sits at the terminal; never of a program.

What is answered is taken as if it had been typed: by the same readers, with the same refusals. A pipe, a
script and `--json` get the refusal, which names the option and what it takes.
"""

import shlex
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import typer
from typer.exceptions import TyperException

from saikne.command.choices import choices
from saikne.command.given import COMMAND_LINE, PERSON, SHORTEST
from saikne.command.numbering import number
from saikne.command.speaking_for import spoken_for
from saikne.command.speech import say, spoken
from saikne.command.usage import is_yes_or_no, usage_in_words
from saikne.problems import HubRefusal, SaikneProblem
from saikne_schemas.latvian_values import shown

LACKING: Mapping[str, str] = MappingProxyType(
    {
        "agreements.qualified-signature-needed": "proof",
        "exchange.asked-already": "despite",
        "transfers.child-moves-already": "despite",
        "transfers.family-moves-already": "despite",
        "transfers.notice-without-evidence": "proof",
    }
)
"""By the hub's code the parameter that would meet its refusal."""
UNFIT: Mapping[str, str] = MappingProxyType(
    {"exchange.cannot-send": "receipt", "exchange.basis-does-not-fit": "legal_basis"}
)
"""By the hub's code the parameter that is to be given otherwise; the refusal names the `ways` or `bases`."""
FALLS_WITH: Mapping[str, tuple[str, ...]] = MappingProxyType({"receipt": ("password",)})
"""What was given beside a parameter and is void when that is given anew."""
_OFFERED = 20
"""Numbers in a list at most; any other can be typed."""


def left(refusal: SaikneProblem) -> Collection[str] | None:
    """What a refusal leaves to choose from, where it says so."""
    facts = refusal.facts if isinstance(refusal, HubRefusal) else {}
    return facts.get("ways") or facts.get("bases")


def spoken_already(wanted: str | None) -> list[Path] | date | None:
    """What need not be asked, since it was said of the outside centre's deed; None: it was not."""
    outside = spoken_for()
    if outside is None:
        return None
    return {"proof": outside.proofs or None, "on": outside.on}.get(wanted or "")


def answerable(*, as_json: bool) -> bool:
    """Whether somebody can be asked: input is a terminal, and no document is wanted."""
    return not as_json and sys.stdin is not None and sys.stdin.isatty()


def lacking(refusal: SaikneProblem, given: Mapping[str, Any]) -> str | None:
    """The parameter that would meet a refusal, if it was not given or cannot stand as it was."""
    if isinstance(refusal, HubRefusal):
        if (unfit := UNFIT.get(refusal.code)) in given:
            return unfit
        wanted = LACKING.get(refusal.code)
        return wanted if wanted is not None and wanted in given and not given[wanted] else None
    return getattr(refusal, "lacks", None)


def asked(parameter: Any, context: Any, among: Collection[str] | None = None) -> list[str]:
    """What somebody types for a parameter, until it fits; offered is what is `among` these, or all."""
    offers = [one for one in _offers(parameter, context) if among is None or one[0] in among]
    _show(say("question.asks", what=_what(parameter)))
    for place, (_, told) in enumerate(offers, start=1):
        _show(f"{place:>4}  {told}")
    while True:
        typed = _typed(parameter, offers)
        if not typed:
            continue
        try:
            read(parameter, context, typed)
        except TyperException as wrong:
            _show(usage_in_words(_about(wrong, parameter)))
        else:
            return typed


def answer_to(name: str, among: Collection[str] | None = None) -> dict[str, Any]:
    """The value that somebody gives for a parameter of the verb that runs, and what falls with it."""
    from typer._click.globals import get_current_context  # where typer keeps it

    context = get_current_context()
    parameter = next(one for one in context.command.params if one.name == name)
    fallen = dict.fromkeys(FALLS_WITH.get(name, ()))
    return {**fallen, name: read(parameter, context, asked(parameter, context, among))}


def read(parameter: Any, context: Any, typed: list[str]) -> Any:
    """The value that these words mean for a parameter."""
    return parameter.process_value(context, typed if takes_several(parameter) else typed[0])


def as_typed(parameter: Any, answer: Sequence[str], words: Sequence[str]) -> list[str]:
    """The command line with an answer in it: options first, since after `--` there are none."""
    if parameter.param_type_name == "argument":
        return [*words, *answer]
    return [*(f"{parameter.opts[0]}={one}" for one in answer), *words]


def takes_several(parameter: Any) -> bool:
    return bool(getattr(parameter, "multiple", False)) or parameter.nargs != 1


def _what(parameter: Any) -> str:
    """What an option or argument is for, and how it is spelled on a command line."""
    name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.display_name_raw
    return f"{(parameter.help or '').rstrip('.')} ({name})".strip()


def _typed(parameter: Any, offered: Sequence[tuple[str, str]]) -> list[str]:
    """One answer, or several: on a line each where they are files or written freely, up to an empty one."""
    if parameter.metavar in (PERSON, say(f"metavar.{PERSON}")):
        return [f"{_line(say('question.name'))};{_line(say('question.position'))}"]
    if parameter.metavar in (COMMAND_LINE, say(f"metavar.{COMMAND_LINE}")):
        return shlex.split(_line(say("question.line")))
    if not takes_several(parameter):
        return [_chosen(line, offered)] if (line := _line()) else []
    if offered:
        return [
            _chosen(one.strip(), offered) for one in _line(say("question.several")).split(",") if one.strip()
        ]
    answers: list[str] = []
    while line := _line(say("question.next") if answers else say("question.each")):
        answers.append(line)
    return answers


def _chosen(line: str, offered: Sequence[tuple[str, str]]) -> str:
    """By its place in the list, by the words it is shown by, or as typed."""
    place = int(line) if line.isdecimal() and len(line) < SHORTEST else 0
    if 0 < place <= len(offered):
        return offered[place - 1][0]
    return next((value for value, told in offered if told.casefold() == line.casefold()), line)


def _offers(parameter: Any, context: Any) -> Iterator[tuple[str, str]]:
    """What there is to choose from, each with the words it is shown by."""
    for value in choices(parameter.type_descriptor.annotation):
        yield value.value, shown(value, spoken())
    if is_yes_or_no(parameter):
        yield from (("true", say("word.yes")), ("false", say("word.no")))
    if parameter.type_descriptor.parameter_info.parser is number:
        from saikne.command.open_numbers import open_numbers

        with suppress(SaikneProblem):  # the hub's answer comes to the verb itself
            yield from open_numbers(context.command_path.split(), parameter.name, _OFFERED)


def _about(wrong: TyperException, parameter: Any) -> TyperException:
    if getattr(wrong, "param", None) is None and hasattr(wrong, "param"):
        wrong.param = parameter
    return wrong


def _line(prompt: str = "") -> str:
    """What is typed; the end of input ends the command."""
    print(f"{prompt}> ", end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.strip()


def _show(text: str) -> None:
    print(text, file=sys.stderr)
