"""A month's duties in figures: a centre's own, or for oversight those of every centre.

Source: method S17. What is untold because it is small is shown as such, never as nought.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saikne.command.connection import connected
from saikne.command.given import month as month_of
from saikne.command.manners import verb
from saikne.command.speech import Console, say, word
from saikne.home import write_private

if TYPE_CHECKING:
    from saikne_schemas.duty_reports import DutyFigures, DutyReport, KindFigures
    from saikne_schemas.tables import Cell

_COLUMNS = ("due", "in_time", "late", "overdue", "open", "in_time_percent", "median_working_days")
_OWN = frozenset({"overdue", "open"})
"""Columns that oversight does not have."""


@verb
async def duty_report(
    console: Console,
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", parser=month_of)],
    *,
    to: Annotated[Path | None, typer.Option("--csv", metavar="FILE")] = None,
) -> None:
    """A month's duties by kind: how many, how many in time, how long they took."""
    async with connected() as hub:
        report = await hub.duty_report(month)
    if to is not None:
        _write_csv(report, to)
        console.tell("duty-report.written", file=to)
        console.document(report)
        return
    columns = [name for name in _COLUMNS if report.at_least is None or name not in _OWN]
    console.tell("duty-report.head", month=report.month, at=report.as_of)
    heads = ["", *(say(f"duty-report.{name}") for name in columns)]
    lines = [[_kind(one), *_shown(one, columns)] for one in report.kinds]
    console.table([heads, *lines, [say("duty-report.all"), *_shown(report.total, columns)]])
    if report.at_least is not None:
        console.line("")
        of_centres = [[one.name, *_shown(one, columns)] for one in report.centres]
        console.table([[say("duty-report.centres"), *heads[1:]], *of_centres])
        console.tell("duty-report.untold", at_least=report.at_least)
    if not all(one.by_method for one in report.kinds):
        console.tell("duty-report.by-hub")
    console.tell("duty-report.median")
    console.document(report)


def _kind(one: "KindFigures") -> str:
    return word("duty", one.kind.value) + ("" if one.by_method else " *")


def _shown(figures: "DutyFigures", columns: Iterable[str]) -> list[str]:
    values = {name: getattr(figures, name) for name in columns}
    return [_in_words(name, value) for name, value in values.items()]


def _in_words(name: str, value: int | None) -> str:
    if value is None:
        return "-"
    return f"{value} %" if name == "in_time_percent" else str(value)


def _write_csv(report: "DutyReport", to: Path) -> None:
    """One line a figure's place: a centre and a kind, or all of them."""
    from saikne_schemas.tables import table

    heading = ["month", "centre", "name", "kind", *_COLUMNS, "by_method"]
    write_private(to, table(heading, _rows(report)))


def _rows(report: "DutyReport") -> "Iterator[list[Cell]]":
    def row(centre: str, name: str, figures: "DutyFigures", of: "KindFigures | None" = None) -> "list[Cell]":
        kind, whose = (of.kind.value, str(of.by_method).lower()) if of else ("", "")
        return [report.month, centre, name, kind, *(getattr(figures, one) for one in _COLUMNS), whose]

    for of in report.centres:
        for one in of.kinds:
            yield row(str(of.centre), of.name, one, one)
        yield row(str(of.centre), of.name, of)
    if report.at_least is not None:
        for one in report.kinds:
            yield row("", "", one, one)
        yield row("", "", report.total)
