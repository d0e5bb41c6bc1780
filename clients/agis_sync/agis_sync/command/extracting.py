"""`agis-sync extract`: what the register holds, page by page to the hub, which compares the two.

Source: features N10 (reconciliation); method S80. The same page again gets the same answer, so a run that was
interrupted is given again with the extract's moment and goes on. Nothing is put right by itself.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from agis_sync.command.connection import hub_connection
from agis_sync.command.ways import Way, by_a_way
from saikne.command.manners import verb
from saikne.command.speech import Console
from saikne.problems import LocalRefusal
from saikne_schemas.command_line import Exit

if TYPE_CHECKING:
    from agis_sync.gateways import Gateway

FromPage = Annotated[int, typer.Option("--from-page", min=1)]


class PageWithoutMoment(LocalRefusal):
    """Only the first page can be asked for without saying of which extract."""

    code = "extract.page-without-moment"


@verb
@by_a_way
async def extract(
    console: Console,
    way: Way,
    *,
    taken_at: Annotated[str | None, typer.Option("--taken-at", metavar="MOMENT")] = None,
    from_page: FromPage = 1,
) -> None:
    """Bring an extract to the hub, from its first page or from where an earlier run broke off."""
    from agis_sync.gateways.findings import Unanswered

    console.indent = None
    moment = None if taken_at is None else _moment(taken_at)
    if from_page > 1 and moment is None:
        raise PageWithoutMoment
    gateway = way.gateway()
    try:
        await _bring(console, gateway, from_page, moment)
    except Unanswered as why:
        console.problem(why)
        raise typer.Exit(Exit.OUT_OF_REACH) from why
    finally:
        await gateway.close()


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901  # refused below, as one without an offset is
    if moment.tzinfo is None:
        raise typer.BadParameter(written, param_hint="--taken-at")
    return moment


async def _bring(console: Console, gateway: "Gateway", page: int, taken_at: datetime | None) -> None:
    async with hub_connection() as hub:
        last = False
        while not last:
            try:
                found = await gateway.extract(page, taken_at)
                taken = await hub.send_extract(found)
            except Exception:
                if taken_at is not None:
                    console.warn("extract.go-on", taken_at=taken_at.isoformat(), page=page)
                raise
            console.tell("extract.page", page=page)
            console.document({"event": "page", **taken.model_dump(mode="json")})
            taken_at, last, page = found.taken_at, found.last, page + 1
    if taken.compared is None:
        console.tell("extract.awaited", pages=", ".join(map(str, taken.awaited)))
    else:
        compared = taken.compared
        console.tell("extract.whole", found=compared.found, still_open=compared.still_open)
