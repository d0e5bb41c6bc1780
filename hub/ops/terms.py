"""`hub deadline` and `hub transfer-date`: terms from the command line, one result a line, streamed.

Source: method S75, S76, S78. Needs no database and loads none unless one is configured. A bad date ends the
run with exit code 2; the results already printed stand.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from hub.ops.console import JsonOption, LangOption, fail, language, say
from hub.transfers.effective_date import MoveDate, move_date
from hub.workdays.calendars import Calendars, Policy, YearNotKnown
from hub.workdays.deadlines import LONGEST_TERM_WORKING_DAYS, BothTerms, both
from saikne_schemas.moments import for_people

LONGEST_LINE_BYTES = 256

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Dates = Annotated[
    list[str] | None,
    typer.Argument(metavar="DATE", help="Dates as YYYY-MM-DD; - reads them from standard input."),
]
CalendarOption = Annotated[Policy, typer.Option("--calendar", help="The calendar that binds.")]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Say why, for people.")]


class NotADate(ValueError):  # noqa: N818  # said as a person would
    """Not of the form YYYY-MM-DD, or no such day."""


@dataclass(frozen=True, slots=True)
class Given:
    """A date as it was given, and where: `argument` or `line`, counted from one."""

    place: str
    number: int
    written: str


def deadline(
    dates: Dates = None,
    *,
    days: Annotated[int, typer.Option("--days", min=1, max=LONGEST_TERM_WORKING_DAYS, help="Working days.")],
    calendar: CalendarOption = Policy.STATUTORY,
    as_json: JsonOption = False,
    explain: ExplainOption = False,
    lang: LangOption = None,
) -> None:
    """The last day of a term in working days; the day of the event is not counted."""
    calendars, source = calendars_for_command()
    speech = language(lang)
    binding = calendars.of(calendar)
    unconfirmed: set[int] = set()

    def tell(day: date) -> str:
        terms = both(day, days, calendars, calendar)
        if as_json:
            return _json(deadline_json(terms, source))
        unconfirmed.update(p.day.year for p in terms.own.explanation if not binding.confirmed(p.day.year))
        return "\n".join([terms.due_on.isoformat(), *(_why_due(terms, speech) if explain else [])])

    answer(dates or [], speech, tell)
    _warn(unconfirmed, speech)


def transfer_date(
    dates: Dates = None,
    *,
    calendar: CalendarOption = Policy.STATUTORY,
    as_json: JsonOption = False,
    explain: ExplainOption = False,
    lang: LangOption = None,
) -> None:
    """When a family's move takes effect, by the day on which the previous centre received the notice."""
    calendars, source = calendars_for_command()
    speech = language(lang)
    unconfirmed: set[int] = set()

    def tell(day: date) -> str:
        move = move_date(day, calendars.of(calendar))
        if as_json:
            return _json(move_json(move, move_date(day, calendars.other(calendar)), source))
        unconfirmed.update(set() if move.confirmed else {day.year})
        return "\n".join([_plain(move), *(_why_effective(move, speech) if explain else [])])

    answer(dates or [], speech, tell)
    _warn(unconfirmed, speech)


def calendars_for_command() -> tuple[Calendars, str]:
    """The calendars of a running database, otherwise the seed; and the word for which of the two."""
    if _database_may_answer():
        from hub.ops.database import read_calendars

        found = read_calendars()
        if found is not None:
            return found, "database"
    from hub.workdays.seed import seed_calendars

    return seed_calendars(), "seed"


def _database_may_answer() -> bool:
    """Asked without loading `settings` or a database driver: most calls need neither."""
    if os.environ.get("HUB_DATABASE_URL"):
        return True
    from platformdirs import user_data_path

    home = Path(os.environ.get("HUB_HOME") or user_data_path("saikne-hub"))
    return (home / "postgres" / "postmaster.pid").exists()


def answer(given: list[str], speech: str, tell: Callable[[date], str]) -> None:
    """One result for each date, each out before the next is read."""
    if not given:
        fail(say("terms.no-date", speech))
    for one in given_dates(given):
        try:
            result = tell(_day(one.written))
        except NotADate:
            fail(_at(one, speech, say("terms.not-a-date", speech, written=one.written)))
        except YearNotKnown as refusal:
            fail(_at(one, speech, say(f"{refusal.code}.detail", speech, **refusal.facts)))
        print(result, flush=True)


def given_dates(arguments: list[str]) -> Iterator[Given]:
    for number, written in enumerate(arguments, start=1):
        if written == "-":
            yield from _lines()
        else:
            yield Given("argument", number, written)


def deadline_json(terms: BothTerms, source: str) -> dict[str, object]:
    own, other = terms.own, terms.other
    return {
        "date": own.start.isoformat(),
        "working_days": own.working_days,
        "due_on": own.due_on.isoformat(),
        "alt_due_on": other.due_on.isoformat(),
        "calendar": own.policy.value,
        "calendar_version": own.version,
        "calendar_source": source,
        "confirmed": own.confirmed,
        "alt_calendar": other.policy.value,
        "alt_calendar_version": other.version,
        "alt_confirmed": other.confirmed,
        "explanation": [passed.as_json() for passed in own.explanation],
    }


def move_json(own: MoveDate, other: MoveDate, source: str) -> dict[str, object]:
    return {
        "date": own.notice_on.isoformat(),
        "on_time": own.on_time,
        "effective_on": own.effective_on.isoformat(),
        "latest_if_continued": _iso(own.latest_if_continued),
        "latest_on_time_notice": own.latest_on_time_notice.isoformat(),
        "last_working_days": [day.isoformat() for day in own.last_working_days],
        "calendar": own.policy.value,
        "calendar_version": own.version,
        "calendar_source": source,
        "confirmed": own.confirmed,
        "alt_on_time": other.on_time,
        "alt_latest_if_continued": _iso(other.latest_if_continued),
        "alt_latest_on_time_notice": other.latest_on_time_notice.isoformat(),
        "alt_calendar": other.policy.value,
        "alt_calendar_version": other.version,
        "alt_confirmed": other.confirmed,
    }


def _lines() -> Iterator[Given]:
    number = 0
    while line := sys.stdin.buffer.readline(LONGEST_LINE_BYTES):
        number += 1
        written = line.decode("utf-8-sig", "replace").strip()
        if written:
            yield Given("line", number, written)


def _day(written: str) -> date:
    if not _DATE.fullmatch(written):
        raise NotADate
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise NotADate from error


def _at(one: Given, speech: str, why: str) -> str:
    return f"{say(f'terms.{one.place}', speech, number=one.number)}: {why}"


def _plain(move: MoveDate) -> str:
    state = "on_time" if move.on_time else "late"
    return f"{state}\t{move.effective_on.isoformat()}\t{_iso(move.latest_if_continued) or ''}"


def _why_due(terms: BothTerms, speech: str) -> Iterator[str]:
    weekdays = say("terms.weekdays", speech).split()
    for passed in terms.own.explanation:
        number = f"{passed.counted:>3}." if passed.counted else "   –"
        kind = say(f"workdays.kind.{passed.why.value}", speech)
        name = f" ({passed.name})" if passed.name else ""
        yield f"{number} {for_people(passed.day)} {weekdays[passed.day.weekday()]:<3} {kind}{name}"
    if terms.alt_due_on != terms.due_on:
        yield say("terms.other-calendar", speech, day=terms.alt_due_on)


def _why_effective(move: MoveDate, speech: str) -> Iterator[str]:
    yield say(
        "terms.month-end",
        speech,
        days=", ".join(for_people(day) for day in move.last_working_days),
        latest=move.latest_on_time_notice,
    )
    if move.latest_if_continued:
        yield say("terms.right-to-continue", speech, day=move.latest_if_continued)


def _warn(unconfirmed: set[int], speech: str) -> None:
    if unconfirmed:
        years = ", ".join(str(year) for year in sorted(unconfirmed))
        print(say("terms.unconfirmed", speech, years=years), file=sys.stderr)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)
