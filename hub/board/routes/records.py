"""One record as a page, and what proves it as files: for the people of its parties, and nobody else."""

import asyncio
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import TypeAdapter

from hub.board.board import Board
from hub.board.casework.filing import sheet
from hub.board.casework.record import receipt_of, show, signed_in_it
from hub.board.casework.record_words import RecordWords
from hub.board.routes.saving import attached
from hub.board.routes.visits import signed_in
from hub.kernel.ids import MatterId
from hub.web.calls import Http, HttpAnswer
from saikne_schemas.views import StatementView

_JSON = "application/json"
_SET_AT_ONCE = asyncio.Semaphore(1)
"""Setting a sheet takes a core for a third of a second."""
_STATEMENTS = TypeAdapter(list[StatementView])


@get("/records/{identity:uuid}")
async def show_record(board: NamedDependency[Board], request: Http, identity: FromPath[UUID]) -> HttpAnswer:
    looking = await signed_in(board, request)
    async with board.office.desk(looking.person.centre) as desk:
        found = await show(desk, looking.person, MatterId(identity))
    facts = {"x": found, "lead": found.owed[0] if found.owed else None, "say": RecordWords(looking.speech)}
    return looking.page("record", facts)


@get("/records/{identity:uuid}/sheet.pdf")
async def save_sheet(board: NamedDependency[Board], request: Http, identity: FromPath[UUID]) -> HttpAnswer:
    """What the page says, for the file."""
    looking = await signed_in(board, request)
    async with board.office.desk(looking.person.centre) as desk:
        found = await show(desk, looking.person, MatterId(identity))
    async with _SET_AT_ONCE:
        content = await asyncio.to_thread(sheet, found, looking.speech, board.people.public_url, looking.now)
    return attached(f"saikne-{identity}.pdf", "application/pdf", content)


@get("/records/{identity:uuid}/statements.json")
async def save_statements(
    board: NamedDependency[Board], request: Http, identity: FromPath[UUID]
) -> HttpAnswer:
    """Everything that was signed, each with what proves it: the same file as a command writes."""
    looking = await signed_in(board, request)
    async with board.office.desk(looking.person.centre) as desk:
        found = await signed_in_it(desk, looking.person, MatterId(identity))
    return attached(f"saikne-{identity}.json", _JSON, _STATEMENTS.dump_json(found, indent=1))


@get("/records/{identity:uuid}/receipt.json")
async def save_receipt(board: NamedDependency[Board], request: Http, identity: FromPath[UUID]) -> HttpAnswer:
    looking = await signed_in(board, request)
    async with board.office.desk(looking.person.centre) as desk:
        found = await receipt_of(desk, looking.person, MatterId(identity))
    return attached(f"saikne-{identity}-receipt.json", _JSON, found.model_dump_json().encode())


RECORDS = (show_record, save_sheet, save_statements, save_receipt)
