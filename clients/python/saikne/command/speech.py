"""How the command speaks: one language a run, sentences for people or one JSON document, and exit codes.

With `--json` standard output holds one JSON document and nothing else, also when something was refused.
Progress, warnings and refusals for people go to standard error.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any

from typer.exceptions import TyperException

from saikne import sizes
from saikne.euros import euros
from saikne.problems import HubOutage, HubRefusal, LocalRefusal, SaikneProblem
from saikne.wording import CATALOGUE
from saikne_schemas.catalogue import LANGUAGES, Catalogue
from saikne_schemas.command_line import Exit
from saikne_schemas.latvian_values import latvian
from saikne_schemas.moments import for_people

_SPOKEN: ContextVar[str] = ContextVar("spoken", default=LANGUAGES[0])
_CATALOGUE: ContextVar[Catalogue] = ContextVar("catalogue", default=CATALOGUE)

_DAY_LONG = len("2026-11-30")
_NOT_SAID = dict.fromkeys(("entry", "path", "place", "home", "given", "found", "state"), "")

_TYPED = {"bases": "LegalBasis"}
"""By the fact of a refusal, of which closed list the values are that would fit."""


def speak_in(language: str) -> None:
    _SPOKEN.set(language)


def spoken() -> str:
    return _SPOKEN.get()


def speak_from(catalogue: Catalogue) -> None:
    """Of another command that stands on this library."""
    _CATALOGUE.set(catalogue)


def say(identifier: str, **facts: object) -> str:
    return _CATALOGUE.get().text(identifier, spoken(), **facts)


def known(identifier: str) -> bool:
    return _CATALOGUE.get().known(identifier, spoken())


def word(of: str, value: object) -> str:
    """A value of a closed list as people say it; unknown ones, from a newer hub, as they came."""
    identifier = f"{of}.{value}"
    return say(identifier) if known(identifier) else str(value)


def about(subject: str, spouse: int | None) -> str:
    """Whom a document is about."""
    return f"{subject} ({spouse})" if spouse else subject


def size(count: int) -> str:
    """Bytes as people read them."""
    return sizes.size(count, spoken())


class Console:
    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.indent: int | None = 1
        """None: one document a line, for a verb that prints several."""

    def tell(self, identifier: str, **facts: object) -> None:
        """A sentence for people; silent with `--json`."""
        self.line(say(identifier, **facts))

    def line(self, text: str) -> None:
        if not self.as_json:
            print(text)

    def warn(self, identifier: str, **facts: object) -> None:
        print(say(identifier, **facts), file=sys.stderr)

    def table(self, cells: Sequence[Sequence[str | date]]) -> None:
        """Columns in line; the last one as long as it is."""
        rows = [[for_people(one) if isinstance(one, date) else one for one in row] for row in cells]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)] if rows else []
        for row in rows:
            self.line(
                "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
            )

    def document(self, document: Any) -> None:
        """A JSON document, of most verbs the one of a run; silent without `--json`."""
        if self.as_json:
            print(json.dumps(_plain(document), ensure_ascii=False, indent=self.indent), flush=True)

    @contextmanager
    def transfer(self) -> Iterator[Callable[[str, int, int], None]]:
        """Bars for transfers, one a name, where somebody watches."""
        if self.as_json or not sys.stderr.isatty():
            yield lambda _name, _done, _total: None
            return
        from saikne.command.bars import bars

        with bars(spoken()) as move:
            yield move

    def refused(self, problem: SaikneProblem) -> None:
        """Say why something is asked for now."""
        _, title, _, _ = _described(problem)
        for text in (title, *each_fact(problem)):
            print(text, file=sys.stderr)

    def problem(self, problem: SaikneProblem) -> Exit:
        """Say what is wrong and what to do next."""
        code, title, detail, facts = _described(problem)
        kind = Exit.BAD_INPUT
        if isinstance(problem, HubRefusal):
            kind = Exit.REFUSED
        elif isinstance(problem, HubOutage):
            kind = Exit.OUT_OF_REACH
        if self.as_json:
            self.document({"problem": {"code": code, "title": title, "detail": detail, "facts": facts}})
            return kind
        for text in (title, detail):
            if text:
                print(text, file=sys.stderr)
        print(f"({code})", file=sys.stderr)
        return kind

    def interrupted(self) -> Exit:
        if self.as_json:
            told = {"title": say("command.interrupted"), "detail": say("command.interrupted.do"), "facts": {}}
            self.document({"problem": {"code": "command.interrupted", **told}})
        else:
            print(f"\n{say('command.interrupted')} {say('command.interrupted.do')}", file=sys.stderr)
        return Exit.INTERRUPTED

    def wrong_use(self, wrong: TyperException, message: str) -> Exit:
        """An option that is missing or unknown, a value that does not fit."""
        context = getattr(wrong, "ctx", None)
        path = context.command_path if context else "saikne"
        advice = say("usage.see", command=path)
        if self.as_json:
            problem = {"code": "usage.wrong", "title": message, "detail": advice, "facts": {}}
            self.document({"problem": problem})
        else:
            print(message, file=sys.stderr)
            print(advice, file=sys.stderr)
        return Exit.BAD_INPUT


def _described(problem: SaikneProblem) -> tuple[str, str, str | None, dict[str, Any]]:
    if isinstance(problem, HubRefusal):
        title, detail = _in_our_words(problem) or (problem.title, problem.detail)
        if listed := each_fact(problem):
            detail = "\n".join([*([detail] if detail else ()), *listed])
        if known(f"facts.{problem.code}"):
            detail = f"{detail}\n{_facts_in_words(problem)}" if detail else _facts_in_words(problem)
        if problem.clock_off_by:
            clock = say("clock.off", seconds=round(problem.clock_off_by.total_seconds()))
            detail = f"{detail}\n{clock}" if detail else clock
        return problem.code, title, detail, problem.facts
    if isinstance(problem, HubOutage):
        speaks = problem.title is not None and not problem.code.startswith("http.5")
        title = problem.title if speaks and problem.title else say("hub.outage")
        if problem.code == "hub.unreachable":
            return problem.code, title, say("hub.unreachable.do"), {"why": problem.detail}
        return problem.code, title, problem.detail or say("hub.outage.do"), {}
    if isinstance(problem, LocalRefusal):
        return _locally_refused(problem)
    raise problem


def each_fact(problem: SaikneProblem) -> list[str]:
    """A line for each of what a refusal of the hub lists, with what can be done about it."""
    if not isinstance(problem, HubRefusal) or not known(f"facts.each.{problem.code}"):
        return []
    (listed,) = (value for value in problem.facts.values() if isinstance(value, list))
    return [say(f"facts.each.{problem.code}", one=one) for one in listed]


def _in_our_words(problem: HubRefusal) -> tuple[str, str] | None:
    """Refusals that the hub words for programs, and the token endpoint in English only."""
    said = f"said.{problem.code}"
    return (say(said), say(f"{said}.do", reason=problem.title)) if known(said) else None


def _facts_in_words(problem: HubRefusal) -> str:
    """Which figures or parts are wrong, where people need them to go on."""
    room = problem.code.partition(".")[0]
    shown = {
        name: euros(value)
        if name.endswith("_cents")
        else ", ".join(
            _as_typed(name, one) or _as_day(one) or word(f"{room}.{name}", one)
            for one in (value if isinstance(value, list) else [value])
        )
        for name, value in problem.facts.items()
    }
    return say(f"facts.{problem.code}", **shown)


def _as_typed(fact: str, value: object) -> str | None:
    """Of a fact that says what may be typed instead, the word that is typed in the run's language."""
    if fact not in _TYPED:
        return None
    words = latvian(_TYPED[fact]).get(str(value)) if spoken() == LANGUAGES[0] else None
    return words[0] if words else str(value)


def _locally_refused(problem: LocalRefusal) -> tuple[str, str, str | None, dict[str, Any]]:
    """The most particular sentence there is: by code and hint, else by code alone.

    Some name commands about an exchange (`.do.exchange`): only where it is known which one.
    """
    facts = {name: value for name, value in problem.facts.items() if value is not None}
    particular = next((facts[name] for name in ("why", "hint", "what") if name in facts), None)
    code = f"{problem.code}.{particular}" if known(f"{problem.code}.{particular}") else problem.code
    title = say(code, **_NOT_SAID | facts)
    ends = (".do.exchange", ".do") if "exchange" in facts else (".do",)
    advised = next((f"{of}{end}" for of in (code, problem.code) for end in ends if known(f"{of}{end}")), None)
    return code, title, say(advised, **_NOT_SAID | facts) if advised else None, facts


def _plain(document: Any) -> Any:
    if isinstance(document, list | tuple):
        return [_plain(item) for item in document]
    if isinstance(document, dict):
        return {str(name): _plain(value) for name, value in document.items()}
    if hasattr(document, "model_dump"):
        return document.model_dump(mode="json", by_alias=True)
    return document if isinstance(document, str | int | float | bool | None) else _text(document)


def _text(value: object) -> str:
    return str(value.resolve()) if isinstance(value, Path) else str(value)


def _as_day(value: object) -> str | None:
    """A day or a moment as people write days; None: it is none."""
    try:
        return for_people(date.fromisoformat(str(value)[:10])) if len(str(value)) >= _DAY_LONG else None
    except ValueError:
        return None
