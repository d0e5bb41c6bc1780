"""The exchange over HTTP: statements in, views and archives out."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from litestar import Response, Router, get, post, put
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, PathParameter, QueryParameter

from hub.exchange import published
from hub.exchange.casework import (
    answering,
    asking,
    closing,
    collecting,
    handing_over,
    offering,
    reading,
)
from hub.exchange.casework.assembling import Assembly
from hub.exchange.casework.statements import (
    Desk,
    OtherExchange,
    answered_before,
    open_case,
)
from hub.exchange.casework.uploading import Arrival, receive
from hub.exchange.office import Office
from hub.exchange.statement_routes import STATEMENTS, Http, take
from hub.kernel import clock
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.signing.statement import SignedStatement, read
from hub.web.bodies import announced_length
from hub.web.media_types import media_type
from hub.web.paging import PAGE_AT_MOST
from hub.web.ranges import archive_answer, wanted
from hub.web.uploads import blocks
from saikne_schemas import manifests, offers
from saikne_schemas.views import (
    Accepted,
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


@post("/", status_code=201, operation_id="askForCopies", contract=published.ASK)
async def ask(office: NamedDependency[Office], request: Http) -> Accepted:
    """Ask another centre for copies (RequestForCopies)."""
    caller, statement = await office.gatekeeper.statement(request, scope=Scope.EXCHANGE)
    manifest = read(manifests.RequestForCopies, statement)
    opening = Opening(CentreId(manifest.holder), asking.ask)
    return await _open(office, caller.centre, statement, manifest, opening)


@post("/offers", status_code=201, operation_id="offerInformation", contract=published.OFFER)
async def offer(office: NamedDependency[Office], request: Http) -> Accepted:
    """Tell the next centre about a child before it moves, unasked (Offer)."""
    caller, statement = await office.gatekeeper.statement(request, scope=Scope.EXCHANGE)
    manifest = read(offers.Offer, statement)
    opening = Opening(CentreId(manifest.receiver), offering.offer)
    return await _open(office, caller.centre, statement, manifest, opening)


class Opening(NamedTuple):
    """Who else is concerned by a new exchange, and the verb that opens it."""

    other: CentreId
    verb: Callable[[Desk, CentreId, SignedStatement, Any], Awaitable[Accepted]]


async def _open(
    office: Office, caller: CentreId, statement: SignedStatement, manifest: Any, opening: Opening
) -> Accepted:
    try:
        async with office.desk(caller, opening.other, OVERSIGHT) as desk:
            return await opening.verb(desk, caller, statement, manifest)
    except Refusal:  # opened before? then what is allowed today does not matter
        async with office.desk(caller) as desk:
            earlier = await answered_before(desk.tx, caller, statement, manifest.id)
            if earlier is None:
                raise
            return earlier


@post("/{identity:uuid}/answer", status_code=200, operation_id="declareAnswer", contract=published.DECLARE)
async def declare(office: NamedDependency[Office], request: Http, identity: FromPath[UUID]) -> Accepted:
    """Declare the documents of an answer (AnswerManifest)."""
    return await take(office, request, identity, manifests.AnswerManifest, answering.declare)


@post("/{identity:uuid}/discard", status_code=200, operation_id="discardAnswer", contract=published.DISCARD)
async def discard(office: NamedDependency[Office], request: Http, identity: FromPath[UUID]) -> Accepted:
    """Take back an answer that was not dispatched (Discard)."""
    return await take(office, request, identity, manifests.Discard, answering.discard)


@post("/{identity:uuid}/confirm", status_code=200, operation_id="confirmReceipt", contract=published.CONFIRM)
async def confirm(office: NamedDependency[Office], request: Http, identity: FromPath[UUID]) -> Accepted:
    """Confirm in three parts: arrived, opens, complete (Confirmation)."""
    return await take(office, request, identity, manifests.Confirmation, closing.confirm)


@post("/{identity:uuid}/dispute", status_code=200, operation_id="disputeAnswer", contract=published.DISPUTE)
async def dispute(office: NamedDependency[Office], request: Http, identity: FromPath[UUID]) -> Accepted:
    """Dispute an answer; it is open again and the term is not restarted (Dispute)."""
    return await take(office, request, identity, manifests.Dispute, closing.dispute)


@post(
    "/{identity:uuid}/withdraw",
    status_code=200,
    operation_id="withdrawRequest",
    contract=published.WITHDRAW,
)
async def withdraw(office: NamedDependency[Office], request: Http, identity: FromPath[UUID]) -> Accepted:
    """Take a request back (Withdrawal)."""
    return await take(office, request, identity, manifests.Withdrawal, closing.withdraw)


@post(
    "/{identity:uuid}/hand-over-again",
    status_code=200,
    operation_id="handOverAgain",
    contract=published.HAND_OVER_AGAIN,
)
async def hand_over_again(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID]
) -> Accepted:
    """Ask that the password be sent once more by its channel (HandOverAgain)."""
    return await take(office, request, identity, manifests.HandOverAgain, handing_over.again)


@post("/{identity:uuid}/reveal", status_code=200, operation_id="revealPassword", contract=published.REVEAL)
async def reveal(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID]
) -> Response[RevealedPassword]:
    """Show the password once, to be read out (Reveal); there is no second time."""
    caller, statement = await office.gatekeeper.statement(request, scope=Scope.EXCHANGE)
    manifest = read(manifests.Reveal, statement)
    if manifest.exchange != identity:
        raise OtherExchange
    async with office.desk(caller.centre) as desk:
        case = await open_case(desk.tx, caller.centre, ExchangeId(identity))
        await answered_before(desk.tx, caller.centre, statement, manifest.id)
        accepted, secret, number = await handing_over.reveal(desk, case, statement, manifest)
    shown = RevealedPassword(password=secret.reveal(), to=number, accepted=accepted)
    return Response(shown, headers={"Cache-Control": "no-store"})


@post(
    "/{identity:uuid}/dispatch",
    status_code=200,
    operation_id="dispatchAnswer",
    contract=published.DISPATCH,
)
async def dispatch(office: NamedDependency[Office], request: Http, identity: FromPath[UUID]) -> Accepted:
    """Send a complete, sealed set on its way (Dispatch)."""
    caller, statement = await office.gatekeeper.statement(request, scope=Scope.EXCHANGE)
    manifest = read(manifests.Dispatch, statement)
    if manifest.exchange != identity:
        raise OtherExchange
    assembly = Assembly(office.blobs)
    async with office.desk(caller.centre) as desk:
        case = await open_case(desk.tx, caller.centre, ExchangeId(identity))
        if earlier := await answered_before(desk.tx, caller.centre, statement, manifest.id):
            return earlier
        await answering.check_whole(desk.tx, case, manifest)
        await assembly.load(desk, case)
        came_at = desk.now
    kept = False
    try:
        whole = await assembly.finish()
        async with office.desk(caller.centre, now=came_at) as desk:
            case = await open_case(desk.tx, caller.centre, ExchangeId(identity))
            if earlier := await answered_before(desk.tx, caller.centre, statement, manifest.id):
                return earlier
            accepted = await answering.dispatch_answer(desk, case, statement, manifest, whole)
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
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID], round_no: Number, no: Number
) -> SentDocument:
    """Send one declared document: the body is the document itself."""
    caller, head = await office.gatekeeper.upload(request, scope=Scope.EXCHANGE)
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
    exchange_state: Annotated[ExchangeState | None, QueryParameter(name="state")] = None,
    after: Annotated[str | None, QueryParameter(name="cursor", max_length=400)] = None,
    limit: Limit = 50,
) -> Page:
    """The caller's exchanges, the last moved first; `role=holder` is the inbox."""
    caller = await office.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with office.desk(caller.centre) as desk:
        wish = reading.Wish(role=role, state=exchange_state, cursor=after, limit=limit)
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
        return await reading.receipt(desk, ExchangeId(identity))


@get("/{identity:uuid}/archive", operation_id="fetchArchive", contract=published.ARCHIVE)
async def fetch_archive(
    office: NamedDependency[Office], request: Http, identity: FromPath[UUID]
) -> Response[Any]:
    """The sealed archive of the newest dispatched answer; `Range` resumes a download."""
    caller = await office.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with office.desk(caller.centre) as desk:
        case = await open_case(desk.tx, caller.centre, ExchangeId(identity))
        archive = await collecting.collect(desk, case)
        part = wanted(request, size=archive.size, sha256=archive.sha256)
        if not part.nothing:
            await collecting.note_download(desk, case, archive, part.start, part.end)
    return archive_answer(archive.stream(office.blobs, part.start, part.end), part, archive.name)


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
        "/v1/exchanges",
        tags=["exchange"],
        route_handlers=[
            ask,
            offer,
            declare,
            discard,
            send_document,
            dispatch,
            confirm,
            dispute,
            withdraw,
            *STATEMENTS,
            hand_over_again,
            reveal,
            list_exchanges,
            show_exchange,
            list_statements,
            show_receipt,
            fetch_archive,
        ],
    ),
    list_overdue,
]
