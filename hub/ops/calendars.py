"""`hub calendar`: what the operator sees and changes of the calendars. Every change makes a new edition.

Source: domain 6.2. `show` also answers without a database; the others need the owner's connection.
"""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from hub.kernel.clock import iso, now
from hub.kernel.documents import JsonObject
from hub.ops.bad_news import refuse
from hub.ops.console import JsonOption, LangOption, language, say
from hub.ops.owner import as_owner
from hub.ops.terms import CalendarOption, calendars_for_command
from hub.workdays.calendars import Calendar, DayKind, Policy, SpecialDay, YearNotKnown
from hub.workdays.changes import Entry
from saikne_schemas.moments import for_people

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hub.plumbing.database import Tx
    from hub.workdays.store import Change

Answer = TypeVar("Answer")

_LONGEST_LIST = 12

app = typer.Typer(no_args_is_help=True, help="The calendars of working days.")

Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DATE")]
Year = Annotated[int, typer.Argument(metavar="YEAR")]
Source = Annotated[str, typer.Option("--source", help="What it rests on: an order's number, a law.")]
By = Annotated[str, typer.Option("--by", help="Who enters it.")]


@app.command()
def show(
    year: Year,
    *,
    calendar: CalendarOption = Policy.MOVED,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """The days of a year that are not what their weekday says."""
    calendars, source = calendars_for_command()
    chosen = calendars.of(calendar)
    if year not in chosen.years:
        refuse(YearNotKnown(year=year), language(lang))
    shown = year_json(chosen, year, source)
    if as_json:
        print(json.dumps(shown, ensure_ascii=False))
        return
    state = say("calendar.confirmed" if shown["confirmed"] else "calendar.unconfirmed", language(lang))
    print(f"{year}\t{calendar.value}\t{chosen.version}\t{source}\t{state}")
    for row in shown["days"]:
        print("\t".join([row["date"], row["kind"], row["other_half"] or "", row["name"]]).rstrip())


@app.command("set")
def set_(
    day: Day,
    kind: DayKind,
    *,
    source: Source,
    by: By,
    other: Annotated[
        datetime | None,
        typer.Option("--with", formats=["%Y-%m-%d"], help="Of a move: the day it is swapped with."),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Of a public holiday: its name.")] = "",
    lang: LangOption = None,
) -> None:
    """Enter a public holiday, or a move as a whole: the day off --with the Saturday worked instead."""
    from hub.workdays import store

    wish = SpecialDay(day.date(), kind, name, other.date() if other else None)
    _change(language(lang), lambda tx: store.set_day(tx, wish, Entry(by, source, now())))


@app.command()
def unset(day: Day, *, source: Source, by: By, lang: LangOption = None) -> None:
    """Let a day, and the other half of its move, follow the week again."""
    from hub.workdays import store

    _change(language(lang), lambda tx: store.unset_day(tx, day.date(), Entry(by, source, now())))


@app.command()
def confirm(
    year: Year,
    *,
    source: Source,
    by: By,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="It is not known after all.")] = False,
    lang: LangOption = None,
) -> None:
    """Say that all moved and proclaimed days of a year are known and entered, also when there are none."""
    from hub.workdays import store

    _change(
        language(lang),
        lambda tx: store.confirm_year(tx, year, Entry(by, source, now()), confirmed=not withdraw),
    )


@app.command()
def history(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Every edition of the calendars: who changed what, when and why."""
    from hub.workdays import store

    for change in as_owner([], store.history, language(lang)):
        if as_json:
            print(json.dumps(change_json(change), ensure_ascii=False))
        else:
            facts = [str(change.edition), for_people(change.entered_at), change.entered_by, change.source]
            print("\t".join([*facts, _summary(change)]))


def year_json(calendar: Calendar, year: int, source: str) -> JsonObject:
    days = [calendar.special[day] for day in sorted(calendar.special) if day.year == year]
    return {
        "year": year,
        "calendar": calendar.policy.value,
        "calendar_version": calendar.version,
        "calendar_source": source,
        "confirmed": calendar.confirmed(year),
        "days": [
            {
                "date": special.day.isoformat(),
                "kind": special.kind.value,
                "name": special.name,
                "other_half": special.other_half.isoformat() if special.other_half else None,
            }
            for special in days
        ],
    }


def change_json(change: "Change") -> JsonObject:
    return {
        "edition": change.edition,
        "entered_at": iso(change.entered_at),
        "entered_by": change.entered_by,
        "source": change.source,
        "days": {day.isoformat(): kind.value if kind else None for day, kind in change.days},
        "confirmed": {str(year): confirmed for year, confirmed in change.years},
    }


def _summary(change: "Change") -> str:
    told = [f"{day.isoformat()} {kind.value if kind else '-'}" for day, kind in change.days]
    told += [f"{year} {'confirmed' if confirmed else 'unconfirmed'}" for year, confirmed in change.years]
    more = len(told) - _LONGEST_LIST
    return "; ".join(told[:_LONGEST_LIST]) + (f"; +{more}" if more > 0 else "")


def _change(speech: str, deed: "Callable[[Tx], Awaitable[int]]") -> None:
    async def changed(tx: "Tx") -> tuple[int, int]:
        edition = await deed(tx)
        return edition, await _terms_that_move(tx)

    edition, terms = as_owner([], changed, speech)
    print(say("calendar.changed", speech, edition=edition))
    if terms:
        print(say("calendar.terms_move", speech, count=terms))


async def _terms_that_move(tx: "Tx") -> int:
    """How many the worker will find to end later: it looks for itself, so nothing is lost between."""
    from hub.duties import store as duties
    from hub.duties.recount import recount
    from hub.workdays import store

    calendars, found, after = await store.load(tx), 0, None
    while rows := await duties.counted_before(tx, calendars.edition, after=after, limit=1000):
        found += sum(recount(row, calendars).moves for row in rows)
        after = rows[-1].id
    return found
