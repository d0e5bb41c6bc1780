"""The new centre asks: the request is kept, the holder's term begins, the holder is told (method S57)."""

from uuid import NAMESPACE_URL, UUID, uuid5

from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.duties.casework import Opening, open_duty
from hub.duties.duty import Basis, DutyKind
from hub.evidence.event import EventKind
from hub.exchange import copy_request, store
from hub.exchange.casework.statements import Desk, Taken, keep, tell
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.passwords.channels import Route, route
from hub.signing.statement import SignedStatement
from hub.workdays.calendars import Policy
from hub.workdays.deadlines import BothTerms
from saikne_schemas.manifests import RequestForCopies
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import ExchangeState, SideRole


def identity_of(author: CentreId, statement: UUID) -> ExchangeId:
    """An exchange is named by who asked and by which statement: a repeated request finds the first."""
    return ExchangeId(uuid5(uuid5(NAMESPACE_URL, f"saikne:{author}"), str(statement)))


async def ask(
    desk: Desk, caller: CentreId, statement: SignedStatement, request: RequestForCopies
) -> Accepted:
    """Acts for both sides and oversight. Raises `store.AlreadyThere` where the statement was taken before."""
    holder = CentreId(request.holder)
    known = await centres.find_reachable(desk.tx, [caller, holder])
    asked = known[holder].centre if holder in known else None
    takes_part = asked is not None and asked.active and asked.role is CentreRole.CENTRE
    copy_request.check(request, caller=caller, holder_is_active_centre=takes_part)
    way = route(request.receipt, known[caller].contacts)
    identity = identity_of(caller, request.id)
    opening = Opening(
        kind=DutyKind.ANSWER,
        exchange=identity,
        owner=holder,
        awaited_by=caller,
        received_at=desk.now,
        basis=Basis.REQUEST_RECEIVED,
        policy=Policy(known[holder].centre.calendar),
    )
    terms = await open_duty(desk.tx, opening, await desk.calendars.current(desk.tx))
    await _open(desk, identity, request, way, terms)
    await tell(desk.tx, identity, holder, "request_received")
    taken = Taken(
        exchange=identity,
        author=caller,
        identity=request.id,
        kind=request.schema_,
        event=EventKind.REQUEST_OPENED,
        state=ExchangeState.REQUESTED,
        facts={"due_on": terms.due_on.isoformat(), "alt_due_on": terms.alt_due_on.isoformat()},
    )
    return await keep(desk, taken, statement, [caller, holder])


async def _open(
    desk: Desk, identity: ExchangeId, request: RequestForCopies, way: Route, terms: BothTerms
) -> None:
    """The common record, and a side for each who has one."""
    shared: dict[str, object] = {
        "exchange_id": identity,
        "requester_id": request.requester,
        "holder_id": request.holder,
        "kind": request.kind.value,
        "state": ExchangeState.REQUESTED.value,
        "requested_at": desk.now,
        "moved_at": desk.now,
    }
    sides = {
        request.requester: SideRole.REQUESTER,
        request.holder: SideRole.HOLDER,
        OVERSIGHT: SideRole.OVERSIGHT,
    }
    rows = [
        shared | {"tenant_id": tenant, "role": role.value, "due_on": terms.due_on}
        for tenant, role in sides.items()
    ]
    await store.add(desk.tx, store.side, rows)
    content: dict[str, object] = {
        "family": request.family,
        "children": request.children,
        "legal_basis": request.legal_basis.value,
        "purpose": request.purpose.value,
        "channel": request.receipt.channel.value,
        "password_channel": request.receipt.password_channel.value,
        "archive_address": way.archive_address,
        "password_address": way.password_address,
    }
    await store.add(desk.tx, store.exchange, shared | content)
