"""The new centre asks: the request is kept, the holder's term begins, the holder is told (method S57)."""

from datetime import date
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

from hub.agreements.casework import HAS_AGREEMENTS, check_signatures
from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.duties.casework import Opening, opened
from hub.duties.duty import Basis, DutyKind
from hub.evidence.event import EventKind
from hub.exchange import copy_request, quotas, store
from hub.exchange.casework.statements import Desk, Taken, keep, notice
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.kernel.refusal import TooMuch
from hub.passwords.channels import Route, route
from hub.plumbing.rows import Rows
from hub.proofs import casework as proofs
from hub.signing.statement import SignedStatement
from hub.web.limits import NOT_SOON
from hub.workdays.calendars import Policy
from saikne_schemas.manifests import RequestForCopies
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import PAPER_WAYS, ExchangeState, RequestSignatures, SideRole


class TooManyOpen(TooMuch):
    """One centre may not bury another one under its requests."""

    code = "exchange.too-many-open"


def identity_of(author: CentreId, statement: UUID) -> ExchangeId:
    """An exchange is named by who asked and by which statement: a repeated request finds the first."""
    return ExchangeId(uuid5(_requests_of(author), str(statement)))


@lru_cache(maxsize=1024)
def _requests_of(author: CentreId) -> UUID:
    return uuid5(NAMESPACE_URL, f"saikne:{author}")


async def ask(
    desk: Desk, caller: CentreId, statement: SignedStatement, request: RequestForCopies
) -> Accepted:
    """Acts for both sides and oversight. Raises `IdentityReused` where the statement was taken before."""
    holder = CentreId(request.holder)
    at_most = desk.limits.open_requests
    asked_beside = f"ARRAY[({HAS_AGREEMENTS})::int, {quotas.open_upon(at_most)}]"
    known = await centres.find_reachable(desk.tx, [caller, holder], also=asked_beside)
    asked = known[holder].centre if holder in known else None
    takes_part = asked is not None and asked.active and asked.role is CentreRole.CENTRE
    copy_request.check(request, caller=caller, holder_is_active_centre=takes_part)
    identity = identity_of(caller, request.id)
    kept = await proofs.require(desk.tx, caller, request.proofs, identity, desk.now)
    signatures = copy_request.signatures_of(kept)
    has_agreements, open_now = known[caller].also
    if open_now >= at_most:
        raise TooManyOpen(NOT_SOON, open=open_now)
    if has_agreements:
        claimed = signatures is RequestSignatures.QUALIFIED_CLAIMED
        await check_signatures(desk.tx, caller, holder, riga_day(desk.now), qualified=claimed)
    on_paper = request.receipt.channel in PAPER_WAYS
    way = None if on_paper else route(request.receipt, known[caller].contacts)
    opening = Opening(
        kind=DutyKind.ANSWER,
        about=identity,
        owner=holder,
        awaited_by=(caller,),
        starts_on=riga_day(desk.now),
        basis=Basis.REQUEST_RECEIVED,
        policy=Policy(known[holder].centre.calendar),
    )
    terms, duty = opened(opening, await desk.calendars.current(desk.tx))
    shared = _shared(desk, identity, request)
    mail = notice(desk.tx, identity, holder, "request_received")
    taken = Taken(
        exchange=identity,
        author=caller,
        identity=request.id,
        kind=request.schema_,
        event=EventKind.REQUEST_OPENED,
        state=ExchangeState.REQUESTED,
        facts={"due_on": terms.due_on.isoformat(), "alt_due_on": terms.alt_due_on.isoformat()},
    )
    record = _record(shared | {"signatures": signatures.value}, request, way)
    return await keep(
        desk,
        taken,
        statement,
        [caller, holder],
        first=[sides(shared, terms.due_on), duty, mail],
        then=[record],
    )


def _shared(desk: Desk, identity: ExchangeId, request: RequestForCopies) -> dict[str, object]:
    """What the common record and every side say."""
    return {
        "exchange_id": identity,
        "requester_id": request.requester,
        "holder_id": request.holder,
        "kind": request.kind.value,
        "state": ExchangeState.REQUESTED.value,
        "requested_at": desk.now,
        "moved_at": desk.now,
    }


def sides(shared: dict[str, object], due_on: date | None) -> Rows:
    """A side for each who has one. They come first: they say who may write the common record."""
    roles = {
        shared["requester_id"]: SideRole.REQUESTER,
        shared["holder_id"]: SideRole.HOLDER,
        OVERSIGHT: SideRole.OVERSIGHT,
    }
    rows = [
        shared | {"tenant_id": tenant, "role": role.value, "due_on": due_on} for tenant, role in roles.items()
    ]
    return Rows(store.side, rows)


def _record(shared: dict[str, object], request: RequestForCopies, way: Route | None) -> Rows:
    content: dict[str, object] = {
        "family": request.family,
        "children": request.children,
        "legal_basis": request.legal_basis.value,
        "purpose": request.purpose.value,
        "channel": request.receipt.channel.value,
        "password_channel": way and way.password_channel.value,
        "archive_address": way and way.archive_address,
        "password_address": way and way.password_address,
    }
    return Rows(store.exchange, [shared | content])
