"""AĢIS beside the hub, for people: an extract handed in, differences looked at and decided, a month's report.

Source: method S80; features N10. Both sides are shown beside each other and nothing is put right by itself.
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from saikne.command.connection import connected, said_once
from saikne.command.given import By, person
from saikne.command.given import month as month_of
from saikne.command.manners import verb
from saikne.command.speech import Console, say, word
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne_schemas.brought import brought
from saikne_schemas.moments import for_people
from saikne_schemas.register_words import DifferenceResolution
from saikne_schemas.tables import table

if TYPE_CHECKING:
    from saikne_schemas.reconciliation import Compared, DifferenceView, RegisterReport, ReportCounts
    from saikne_schemas.register_entries import RegisterExtract

_SIDES = ("new", "effective_on", "registered_on", "register_id", "revision", "key")
_COUNTS = (
    *("due", "in_time", "late", "working_days_late", "open", "overdue", "by_machine", "by_hand"),
    *("corrected", "withdrawn", "rejected", "needs_person"),
    *("differences_found", "differences_open", "differences_vanished"),
)


class ExtractsMixed(LocalRefusal):
    """Pages of one extract were taken at one moment, and each comes once."""

    code = "extract.mixed"


@verb
async def register_compare(
    console: Console, file: Annotated[list[Path], typer.Argument(metavar="FILE...")]
) -> None:
    """Hand in an extract of the register, page by page, to be compared."""
    from saikne_schemas.register_entries import RegisterExtract
    from saikne_schemas.register_files import EXTRACT_BYTES

    pages = [brought(one, EXTRACT_BYTES).document(RegisterExtract) for one in file]
    _of_one_extract(pages)
    async with connected() as hub:
        taken = [await hub.send_extract(page) for page in sorted(pages, key=lambda page: page.page)]
    compared = next((one.compared for one in taken if one.compared is not None), None)
    if compared is None:
        missing = ", ".join(map(str, taken[-1].awaited))
        console.tell("extract.awaited", pages=missing)
    else:
        _tell_compared(console, compared)
    console.document(taken)


def _of_one_extract(pages: "list[RegisterExtract]") -> None:
    moments, numbers = {page.taken_at for page in pages}, [page.page for page in pages]
    if len(moments) > 1 or len(set(numbers)) < len(numbers):
        raise ExtractsMixed(given=", ".join(map(for_people, sorted(moments))))


def _tell_compared(console: Console, compared: "Compared") -> None:
    console.tell("extract.compared", entries=compared.entries, pages=compared.pages)
    console.tell("extract.found", found=compared.found)
    for name in ("still_open", "vanished", "elsewhere"):
        if count := getattr(compared, name):
            console.tell(f"extract.{name}", count=count)
    if compared.news:
        console.tell("extract.news", count=len(compared.news))
    if compared.found:
        console.tell("extract.look")


@verb
async def register_differences(
    console: Console, *, everything: Annotated[bool, typer.Option("--all")] = False
) -> None:
    """Where AĢIS and the hub differ, both sides beside each other."""
    from saikne_schemas.reconciliation import DifferenceState

    async with connected() as hub:
        wanted = None if everything else DifferenceState.OPEN
        items = [item async for item in hub.differences(wanted)]
        names = {one.id: one.name for one in await hub.centres()}
        own = hub.credentials.centre
    if not items:
        console.tell("differences.empty")
    for item in items:
        _tell_difference(console, item, None if item.centre == own else names.get(item.centre))
    console.document(items)


def _tell_difference(console: Console, item: "DifferenceView", centre: str | None) -> None:
    console.line(f"{item.id}  {word('difference-kind', item.kind.value)}")
    if centre is not None:
        console.tell("difference.centre", centre=centre)
    if item.matter is not None:
        console.tell("difference.matter", matter=item.matter)
    console.tell("difference.found", at=item.found_at, seen=item.seen_at)
    here, there = item.at_hub, item.in_register
    stands = word("standing", here.standing.value) if here else say("difference.unknown-here")
    entry = word("entry-state", there.state.value) if there else say("difference.absent-there")
    rows = [["", say("difference.at-hub"), say("difference.in-register")], ["", stands, entry]]
    for name in _SIDES:
        left, right = _shown(here, name), _shown(there, name)
        if (left, right) != ("-", "-"):
            mark = " !" if left != right and "-" not in {left, right} else ""
            rows.append([say(f"difference.{name}") + mark, left, right])
    console.table([["  " + first, *others] for first, *others in rows])
    if item.how is not None:
        by = item.resolved_by.name if item.resolved_by else "-"
        console.tell(
            "difference.resolved", how=word("difference-how", item.how.value), by=by, at=_closed(item)
        )
    elif item.closed_at is not None:
        console.tell("difference.vanished", at=_closed(item))
    console.line("")


def _shown(side: Any, name: str) -> str:
    value = getattr(side, name, None)
    if isinstance(value, date):
        return for_people(value)
    return "-" if value is None else str(value)


def _closed(item: "DifferenceView") -> datetime | str:
    return item.closed_at or "-"


@verb
async def register_difference_resolve(
    console: Console,
    difference: Annotated[UUID, typer.Argument(metavar="ID")],
    *,
    how: Annotated[DifferenceResolution, typer.Option("--how")],
    by: By,
) -> None:
    """Say what follows from a difference; neither side is changed by it."""
    from saikne_schemas.reconciliation import ResolveDifference

    decision = compose(ResolveDifference, difference=difference, how=how, decided_by=person(by))
    async with connected() as hub:
        taken = await said_once(hub.tell, decision)
    console.tell("difference.taken", how=word("difference-how", taken.how.value))
    console.tell(f"difference.next.{taken.how.value}")
    console.document(taken)


@verb
async def register_report(
    console: Console,
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", parser=month_of)],
    *,
    to: Annotated[Path | None, typer.Option("--csv", metavar="FILE")] = None,
) -> None:
    """A month's registrations in AĢIS: in time, late, open, and what differed."""
    async with connected() as hub:
        report = await hub.register_report(month)
    console.tell("report.head", month=report.month, at=report.as_of)
    many = len(report.centres) > 1
    console.table([[say(f"report.{name}"), str(getattr(report.total, name))] for name in _COUNTS])
    for how, count in report.total.differences_resolved.items():
        console.line(f"  {word('difference-how', how.value)}: {count}")
    if many:
        console.tell("report.centres")
        heads = ("due", "in_time", "late", "open", "differences_open")
        lines = [["", *(say(f"report.{name}") for name in heads)]]
        lines += [[one.name, *(str(getattr(one, name)) for name in heads)] for one in report.centres]
        console.table(lines)
    names = {one.centre: one.name for one in report.centres}
    for late in report.late:
        when = late.registered_on or say("report.not-yet")
        of = f"  {names.get(late.centre, late.centre)}" if many else ""
        console.tell(
            "report.line", matter=late.matter, due=late.due_on, on=when, days=late.working_days_late, of=of
        )
    if to is not None:
        _write_csv(report, to)
        console.tell("report.written", file=to)
    console.document(report)


def _write_csv(report: "RegisterReport", to: Path) -> None:
    """One line a centre, and one for all."""
    resolved = [f"resolved_{how.value}" for how in DifferenceResolution]
    lines: list[list[str | int]] = [
        [report.month, str(one.centre), one.name, *_figures(one)] for one in report.centres
    ]
    lines.append([report.month, "", "", *_figures(report.total)])
    to.write_bytes(table(["month", "centre", "name", *_COUNTS, *resolved], lines))


def _figures(counts: "ReportCounts") -> list[int]:
    resolved = counts.differences_resolved
    return [
        *(getattr(counts, name) for name in _COUNTS),
        *(resolved.get(how, 0) for how in DifferenceResolution),
    ]
