"""The exchange over HTTP: statements in, views and archives out."""

from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get, post, put
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, PathParameter, QueryParameter

from hub.exchange import published
from hub.exchange.casework import collecting, reading, signed
from hub.exchange.casework.answering import NOTHING, whole_answer
from hub.exchange.casework.assembling import Assembly
from hub.exchange.casework.case import open_case
from hub.exchange.casework.copies import COPIES, ENGINE, dispatching, revealing
from hub.exchange.casework.handing_over import Shown
from hub.exchange.casework.uploading import Arrival, receive
from hub.exchange.office import Office
from hub.exchange.steps import Action
from hub.kernel import clock
from hub.kernel.ids import ExchangeId
from hub.matters.routes import beginning, contract_of, moving, path_of, statement_about
from hub.people.statements import acts_for
from hub.proofs import casework as proofs
from hub.signing.statement import read
from hub.web.bodies import announced_length
from hub.web.calls import Http, HttpAnswer
from hub.web.media_types import media_type
from hub.web.paging import PAGE_AT_MOST
from hub.web.ranges import archive_answer, wanted
from hub.web.uploads import blocks
from saikne_schemas.manifests import AnswerManifest
from saikne_schemas.person_keys import Act
from saikne_schemas.proofs import OpenedProof, ReadSigned
from saikne_schemas.statements import Accepted
from saikne_schemas.views import (
    ExchangeView,
    OverduePage,
    Page,
    ReceiptView,
    RevealedPassword,
    SentDocument,
    StatementView,
)
from saikne_schemas.vocabulary import ExchangeState, Scope, SideRole

Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_AT_MOST)]
Number = Annotated[int, PathParameter(ge=1, le=32767)]
_SEVERAL = "May stand several times: the exchanges that are in any of these states."
_DISPATCH, _REVEAL = dispatching(NOTHING), revealing(Shown())


@post(
    path_of(ENGINE, _REVEAL),
    status_code=200,
    operation_id=_REVEAL.operation,
    contract=contract_of(ENGINE, _REVEAL),
)
async def reveal(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID]
) -> Response[RevealedPassword]:
    """Show the password once, to be read out (Reveal); there is no second time."""
    shown = Shown()
    verb = revealing(shown)
    sent = await statement_about(ENGINE, verb, office, request, identity)
    async with office.desk(sent.author) as desk:
        held = await ENGINE.records.hold(desk, identity, sent.author)
        await ENGINE.answered_before(desk, sent)
        accepted = await ENGINE.take(desk, verb, held, sent)
    answer = RevealedPassword(password=shown.password.reveal(), to=shown.to, accepted=accepted)
    return Response(answer, headers={"Cache-Control": "no-store"})


@post(
    path_of(ENGINE, _DISPATCH),
    status_code=200,
    operation_id=_DISPATCH.operation,
    contract=contract_of(ENGINE, _DISPATCH),
)
async def dispatch(office: NamedDependency[Office], request: Http, identity: FromPath[UUID]) -> Accepted:
    """Send a complete, sealed set on its way (Dispatch)."""
    sent = await statement_about(ENGINE, _DISPATCH, office, request, identity)
    assembly = Assembly(office.blobs)
    # 1. is it whole, and may it go? what the archive is made of is read
    async with office.desk(sent.author) as desk:
        held = await ENGINE.records.hold(desk, identity, sent.author)
        if earlier := await ENGINE.answered_before(desk, sent):
            return earlier
        case = held.content
        case.require(Action.DISPATCH)
        await whole_answer(desk, sent.author, case, sent.manifest)
        await assembly.load(desk, case)
        came_at = desk.now
    kept = False
    try:
        # 2. outside of any transaction it is made whole, which reads every byte of it
        verb = dispatching(await assembly.finish())
        # 3. the statement is taken, as of the moment it came
        async with office.desk(sent.author, now=came_at) as desk:
            held = await ENGINE.records.hold(desk, identity, sent.author)
            if earlier := await ENGINE.answered_before(desk, sent):
                return earlier
            accepted = await ENGINE.take(desk, verb, held, sent)
            kept = True  # the commit decides, and its answer may be lost: then the sweep looks
        return accepted
    finally:
        if not kept:
            await assembly.abandon()


@put(
    "/{identity:uuid}/rounds/{round_no:int}/documents/{no:int}",
    operation_id="sendDocument",
    contract=published.SEND_DOCUMENT,
    request_max_body_size=None,
)
async def send_document(
    office: NamedDependency[Office],
    request: Http,
    identity: FromPath[UUID],
    round_no: Number,
    no: Number,
) -> SentDocument:
    """Send one declared document: the body is the document itself."""
    acts = acts_for(AnswerManifest)
    caller, head = await office.gatekeeper.upload(request, scope=Scope.EXCHANGE, acts=acts)
    arrival = Arrival(
        exchange=ExchangeId(identity),
        round=round_no,
        no=no,
        head=head,
        media_type=media_type(request.headers.get("content-type")) or "",
        length=announced_length(request),
    )
    with office.entrance.one_more(caller.centre):
        coming = blocks(request, office.upload_wait)
        return await receive(office.desk, office.blobs, caller.centre, arrival, coming)


@get("/", operation_id="listExchanges", contract=published.LIST)
async def list_exchanges(
    office: NamedDependency[Office],
    request: Http,
    *,
    role: FromQuery[SideRole | None] = None,
    states: Annotated[list[ExchangeState] | None, QueryParameter(name="state", description=_SEVERAL)] = None,
    after: Annotated[str | None, QueryParameter(name="cursor", max_length=400)] = None,
    limit: Limit = 50,
) -> Page:
    """The caller's exchanges, the last moved first; with `role=holder` those that others ask of it."""
    caller = await office.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with office.desk(caller.centre) as desk:
        wish = reading.Wish(role=role, states=states or (), cursor=after, limit=limit)
        return await reading.page(desk, caller.centre, wish)


@get("/{identity:uuid}", operation_id="showExchange", contract=published.SHOW)
async def show_exchange(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID]
) -> ExchangeView:
    """One exchange, as the caller's side sees it."""
    caller = await office.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with office.desk(caller.centre) as desk:
        return await reading.show(desk, caller.centre, ExchangeId(identity))


@get("/{identity:uuid}/statements", operation_id="listStatements", contract=published.STATEMENTS)
async def list_statements(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID]
) -> list[StatementView]:
    """Every statement with what verifies it: manifest bytes, signature base, signature, key."""
    caller = await office.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with office.desk(caller.centre) as desk:
        return await reading.statements(desk, ExchangeId(identity))


@get("/{identity:uuid}/receipt", operation_id="showReceipt", contract=published.RECEIPT)
async def show_receipt(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID]
) -> ReceiptView:
    """The countersigned receipt of a confirmed exchange."""
    caller = await office.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with office.desk(caller.centre) as desk:
        return await reading.receipt(desk, caller.centre, ExchangeId(identity))


@get("/{identity:uuid}/archive", operation_id="fetchArchive", contract=published.ARCHIVE)
async def fetch_archive(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID]
) -> HttpAnswer:
    """The sealed archive of the newest dispatched answer; `Range` resumes a download."""
    collects = frozenset({Act.CONFIRM})
    caller = await office.gatekeeper.caller(request, scope=Scope.EXCHANGE, acts=collects)
    async with office.desk(caller.centre) as desk:
        case = await open_case(desk.tx, caller.centre, ExchangeId(identity))
        archive = await collecting.collect(desk, case)
        part = wanted(request, size=archive.size, sha256=archive.sha256)
        if not part.nothing:
            await collecting.note_download(desk, case, archive, part.start, part.end)
    return archive_answer(archive.stream(office.blobs, part.start, part.end), part, archive.name)


@get("/{identity:uuid}/signed/{proof:uuid}/archive", operation_id="fetchSigned", contract=published.SIGNED)
async def fetch_signed(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID], proof: FromPath[UUID]
) -> HttpAnswer:
    """A file that one side signed, sealed: the request, or what certifies the answer."""
    caller = await office.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with office.desk(caller.centre) as desk:
        kept = await signed.for_reader(desk, caller.centre, ExchangeId(identity), proof)
        archive = proofs.archive_of(await proofs.find(kept, proof))
        part = wanted(request, size=archive.size, sha256=archive.sha256)
        if not part.nothing:
            await proofs.note_fetched(kept, proof, archive, part.start, part.end)
    return archive_answer(archive.stream(office.blobs, part.start, part.end), part, archive.name)


@post(
    "/{identity:uuid}/signed/{proof:uuid}/open",
    status_code=200,
    operation_id="readSigned",
    contract=published.READ_SIGNED,
)
async def read_signed(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID], proof: FromPath[UUID]
) -> Response[OpenedProof]:
    """The password of a file that one side signed (ReadSigned)."""
    acts = acts_for(ReadSigned)
    caller, statement = await office.gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=acts)
    said = read(ReadSigned, statement)
    if (said.exchange, said.proof) != (identity, proof):
        raise proofs.OtherProof
    async with office.desk(caller.centre) as desk:
        kept = await signed.for_reader(desk, caller.centre, ExchangeId(identity), proof)
        password = await proofs.open_proof(kept, statement, said)
    opened = OpenedProof(password=password.reveal())
    return Response(opened, headers={"Cache-Control": "no-store"})


@get("/v1/overdue", operation_id="listOverdue", tags=["duties"], contract=published.OVERDUE)
async def list_overdue(
    office: NamedDependency[Office],
    request: Http,
    after: Annotated[str | None, QueryParameter(name="cursor", max_length=400)] = None,
    limit: Limit = 50,
) -> OverduePage:
    """What is overdue today: a centre sees its own exchanges, oversight every centre's, without content."""
    caller = await office.gatekeeper.caller(request, scope=frozenset({Scope.EXCHANGE, Scope.OVERSIGHT}))
    async with office.desk(caller.tenant) as desk:
        calendars, today = await desk.calendars.current(desk.tx), clock.riga_day(desk.now)
        return await reading.overdue(
            desk.tx, calendars, today, tenant=caller.tenant, after=after, limit=limit
        )


ROUTES: list[Router | HTTPRouteHandler] = [
    Router(
        ENGINE.records.lies_at,
        tags=["exchange"],
        route_handlers=[
            beginning(ENGINE, COPIES.opening),
            *(beginning(ENGINE, unasked) for unasked in (COPIES.unasked,) if unasked),
            *(moving(ENGINE, verb) for verb in COPIES.verbs),
            send_document,
            dispatch,
            reveal,
            list_exchanges,
            show_exchange,
            list_statements,
            show_receipt,
            fetch_archive,
            fetch_signed,
            read_signed,
        ],
    ),
    list_overdue,
]
