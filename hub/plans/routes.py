"""A plan's way to its family over HTTP: where it goes, its documents, and that it is to be sent.

Every other statement of a plan is taken by the calls that all matters have. Source: method S133.
"""

from typing import Annotated
from uuid import UUID

from litestar import Router, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter

from hub.matters.casework.matters import NotFound, OtherMatter
from hub.matters.routes import contract_of, path_of, statement_about
from hub.matters.workflow import StepNotAllowed
from hub.passwords.casework import Expired
from hub.people.statements import acts_for
from hub.plans.casework import preparing
from hub.plans.casework.dispatching import ENGINE, NOTHING, Assembly, dispatching
from hub.plans.office import PlansOffice
from hub.plans.sending import SendingReused, SendingUnknown, TooLargeToMail, TooManySendings
from hub.plumbing.blobs import BlobsFull, BlobsUnavailable
from hub.sealing import archive
from hub.sealing import stream as sealing
from hub.signing.statement import ManifestMalformed, ManifestTooLarge, read
from hub.web.bodies import announced_length
from hub.web.calls import Http
from hub.web.media_types import media_type
from hub.web.openapi import states, uploads
from hub.web.uploads import TooManyUploads, UploadBrokenOff, blocks
from saikne_schemas.matters import MatterAccepted
from saikne_schemas.plan_sendings import (
    DOCUMENTS_AT_MOST,
    PLANS_LIE_AT,
    PlanDispatch,
    PlanDocumentSealed,
    PlanRecipient,
    PlanSendingBegun,
)
from saikne_schemas.vocabulary import MediaType, Scope
from saikne_schemas.vocabulary import Workflow as Kind

Number = Annotated[int, PathParameter(ge=1, le=DOCUMENTS_AT_MOST)]
_DISPATCH = dispatching(NOTHING)


@post(
    PlanRecipient.goes_to.removeprefix(PLANS_LIE_AT).replace("{matter}", "{identity:uuid}"),
    status_code=200,
    operation_id="namePlanRecipient",
    contract=states(
        PlanRecipient,
        *(ManifestMalformed, ManifestTooLarge, OtherMatter, NotFound, StepNotAllowed),
        *(SendingReused, TooManySendings),
    ),
)
async def name_recipient(
    plans: NamedDependency[PlansOffice], request: Http, identity: FromPath[UUID]
) -> PlanSendingBegun:
    """Say where the family wishes its plan to be sent (PlanRecipient): sealed, never shown again."""
    acts = acts_for(PlanRecipient)
    caller, statement = await plans.gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=acts)
    said = read(PlanRecipient, statement)
    if said.matter != identity:
        raise OtherMatter
    return await preparing.begin(plans, caller.centre, said, statement)


@put(
    "/{identity:uuid}/sendings/{sending:uuid}/documents/{no:int}",
    operation_id="sendPlanDocument",
    contract=uploads(
        MediaType,
        *(NotFound, StepNotAllowed, SendingUnknown, SendingReused, preparing.LengthMissing, TooLargeToMail),
        *(archive.MediaTypeNotCarried, Expired, TooManyUploads, UploadBrokenOff),
        *(sealing.DocumentTooLong, sealing.DocumentTruncated, sealing.DigestMismatch),
        *(BlobsUnavailable, BlobsFull),
    ),
    request_max_body_size=None,
)
async def send_document(
    plans: NamedDependency[PlansOffice],
    request: Http,
    identity: FromPath[UUID],
    sending: FromPath[UUID],
    no: Number,
) -> PlanDocumentSealed:
    """Send one document for the family: the body is the document itself, with its Content-Length."""
    acts = acts_for(PlanDispatch)
    caller, head = await plans.gatekeeper.upload(request, scope=Scope.EXCHANGE, acts=acts)
    arrival = preparing.Arrival(
        matter=identity,
        sending=sending,
        no=no,
        head=head,
        media_type=media_type(request.headers.get("content-type")) or "",
        length=announced_length(request),
    )
    with plans.entrance.one_more(caller.centre):
        coming = blocks(request, plans.upload_wait)
        return await preparing.receive(plans, caller.centre, arrival, coming)


@post(
    path_of(ENGINE, _DISPATCH),
    status_code=200,
    operation_id=_DISPATCH.operation,
    contract=contract_of(ENGINE, _DISPATCH),
)
async def dispatch(
    plans: NamedDependency[PlansOffice], request: Http, identity: FromPath[UUID]
) -> MatterAccepted:
    """Send a sealed plan to its family (PlanDispatch): the archive by mail, then its password by SMS."""
    sent = await statement_about(ENGINE, _DISPATCH, plans, request, identity)
    assembly = Assembly(plans.blobs)
    # 1. may it go? what the archive is made of is read
    async with plans.desk(sent.author) as desk:
        held = await ENGINE.records.hold(desk, identity, sent.author)
        if earlier := await ENGINE.answered_before(desk, sent):
            return earlier
        await assembly.load(desk, sent.author, sent.manifest, held)
    # 2. outside of any transaction it is made whole, which reads every byte of it
    verb = dispatching(await assembly.finish())
    # 3. the statement is taken
    async with plans.desk(sent.author) as desk:
        return await ENGINE.advance(desk, verb, identity, sent)


ROUTES = [
    Router(
        PLANS_LIE_AT, tags=[Kind.SUPPORT_PLAN.value], route_handlers=[name_recipient, send_document, dispatch]
    )
]
