"""The price ceiling of a year, stated once, and the month of training for the report (method S37, S65)."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saikne.command.connection import connected, said_once
from saikne.command.correcting import tell_remedies
from saikne.command.given import amount, day
from saikne.command.given import month as month_of
from saikne.command.manners import verb
from saikne.command.matters import Matter, state
from saikne.command.speech import Console, say, word
from saikne.euros import euros
from saikne.home import write_private
from saikne.statements import compose
from saikne_schemas.moments import for_people
from saikne_schemas.training_lists import CeilingCorrection, CeilingWithdrawal

if TYPE_CHECKING:
    from saikne_schemas.tables import Cell
    from saikne_schemas.training_reports import TrainingLine, TrainingReport

_Euros = Annotated[int, typer.Option("--amount", parser=amount, metavar="EUR")]
_SHOWN = ("other_name", "reference", "invoice", "own_participants", "amount_cents", "paid_on", "due_on")
_COLUMNS = (
    *("place", "role", "other_name", "reference", "family", "kind", "ended_on", "attended_minutes"),
    *("participants", "own_participants", "average_cents", "amount_cents", "invoice", "invoiced_on"),
    *("paid_on", "due_on", "matter"),
)


@verb
async def ceiling(
    console: Console,
    *,
    year: Annotated[int, typer.Option("--year")],
    cents: _Euros,
    contract: Annotated[str, typer.Option("--contract")],
    signed_on: Annotated[date, typer.Option(parser=day, metavar="YYYY-MM-DD")],
) -> None:
    """State the most that this centre may charge for a participant in a year."""
    from saikne_schemas.price_ceilings import PriceCeiling, PriceCeilingView

    async with connected() as hub:
        statement = compose(
            PriceCeiling,
            centre=hub.credentials.centre,
            year=year,
            ceiling_cents=cents,
            contract=contract,
            signed_on=signed_on,
        )
        accepted = await said_once(hub.tell, statement)
        view = await hub.matter(PriceCeilingView, accepted.matter)
    console.tell("training.ceiling-stated", matter=accepted.matter, year=year, amount=euros(cents))
    tell_remedies(console, view, "training ceiling")
    console.document(accepted)


@verb
async def correct_ceiling(
    console: Console,
    matter: Matter,
    *,
    cents: _Euros,
    reason: Annotated[CeilingCorrection, typer.Option("--reason")],
) -> None:
    """Correct the amount; what was agreed and invoiced before stays."""
    from saikne_schemas.price_ceilings import CorrectCeiling, PriceCeilingView

    async with connected() as hub:
        before = (await hub.matter(PriceCeilingView, matter)).content.ceiling_cents
    said = compose(CorrectCeiling, matter=matter, ceiling_cents=cents, reason=reason)
    await state(console, said, act="training correct-ceiling")
    console.tell("training.ceiling-corrected", amount=euros(cents), before=euros(before))


@verb
async def withdraw_ceiling(
    console: Console, matter: Matter, *, reason: Annotated[CeilingWithdrawal, typer.Option("--reason")]
) -> None:
    """Take back what was stated in error; the year can then be stated anew."""
    from saikne_schemas.price_ceilings import WithdrawCeiling

    await state(console, compose(WithdrawCeiling, matter=matter, reason=reason))


@verb
async def report(
    console: Console,
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", parser=month_of)],
    *,
    to: Annotated[Path | None, typer.Option("--csv", metavar="FILE")] = None,
) -> None:
    """A month of training between centres for the financial report: costs, income, what is still owed."""
    async with connected() as hub:
        found = await hub.training_report(month)
    if to is not None:
        _write_csv(found, to)
        console.tell("training.report.written", file=to)
        console.document(found)
        return
    console.tell("training.report.head", month=found.month, at=found.as_of)
    for total in found.sums:
        those = [line for line in found.lines if line.place is total.place]
        said = {"trainings": total.trainings, "participants": total.own_participants}
        console.line("")
        console.line(say(f"training.report.{total.place.value}", amount=euros(total.amount_cents), **said))
        if those:
            heads = [say(f"training.report.column.{name}") for name in _SHOWN]
            console.table([["", *heads], *(["", *_cells(line, _SHOWN)] for line in those)])
    console.document(found)


def _cells(line: "TrainingLine", columns: tuple[str, ...]) -> list[str]:
    return [str(one) if one is not None else "-" for one in _values(line, columns, euros)]


def _plain(cents: int) -> str:
    """As a Latvian spreadsheet takes it for a number."""
    return f"{cents // 100},{cents % 100:02}"


def _values(
    line: "TrainingLine", columns: tuple[str, ...], money: Callable[[int], str] = _plain
) -> "Iterator[Cell]":
    for name in columns:
        value = getattr(line, name)
        if value is None:
            yield None
        elif name.endswith("_cents"):
            yield money(value)
        elif isinstance(value, date):
            yield for_people(value)
        elif name in {"place", "role", "kind"}:
            yield word("training.report.place" if name == "place" else f"training.{name}", value.value)
        else:
            yield value if isinstance(value, int) else str(value)


def _write_csv(found: "TrainingReport", to: Path) -> None:
    """One line a training, and one for the sum of each place."""
    from saikne_schemas.tables import table

    heading = [say(f"training.report.column.{name}") for name in ("month", *_COLUMNS)]
    write_private(to, table(heading, _rows(found)))


def _rows(found: "TrainingReport") -> "Iterator[list[Cell]]":
    for total in found.sums:
        for line in found.lines:
            if line.place is total.place:
                yield [found.month, *_values(line, _COLUMNS)]
        sums: dict[str, Cell] = {
            "own_participants": total.own_participants,
            "amount_cents": _plain(total.amount_cents),
        }
        name = say("training.report.sum", place=word("training.report.place", total.place.value))
        of_place: list[Cell] = [name if column == "place" else sums.get(column) for column in _COLUMNS]
        yield [found.month, *of_place]


VERBS = (
    ("ceiling", ceiling),
    ("correct-ceiling", correct_ceiling),
    ("withdraw-ceiling", withdraw_ceiling),
    ("report", report),
)
