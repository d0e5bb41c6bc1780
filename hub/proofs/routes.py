"""A centre's own proofs over HTTP: a file in; its description, archive and password out, for its owner."""

from uuid import UUID

from litestar import Response, Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from hub.people.statements import ANY_WORK, acts_for
from hub.proofs import casework, published
from hub.proofs.cabinet import Cabinet
from hub.proofs.casework import Arrival
from hub.signing.statement import read
from hub.web.bodies import announced_length
from hub.web.calls import Http, HttpAnswer
from hub.web.media_types import media_type
from hub.web.ranges import archive_answer, wanted
from hub.web.uploads import blocks
from saikne_schemas.proofs import OpenedProof, OpenProof, ProofView
from saikne_schemas.vocabulary import Scope


@put("/{proof:uuid}", operation_id="sendProof", contract=published.SEND, request_max_body_size=None)
async def send_proof(cabinet: NamedDependency[Cabinet], request: Http, proof: FromPath[UUID]) -> ProofView:
    """Send a proof under a new random id: the body is the file itself, with its Content-Length."""
    caller, head = await cabinet.gatekeeper.upload(request, scope=Scope.EXCHANGE, acts=ANY_WORK)
    kind = media_type(request.headers.get("content-type")) or ""
    arrival = Arrival(proof, head, kind, announced_length(request))
    with cabinet.entrance.one_more(caller.centre):
        coming = blocks(request, cabinet.upload_wait)
        return await casework.receive(cabinet.desk, cabinet.shelf, caller.centre, arrival, coming)


@get("/{proof:uuid}", operation_id="showProof", contract=published.SHOW)
async def show_proof(cabinet: NamedDependency[Cabinet], request: Http, proof: FromPath[UUID]) -> ProofView:
    """What a proof of one's own is, and in which matter it was named."""
    caller = await cabinet.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with cabinet.desk(caller.centre) as desk:
        return casework.view(desk, await casework.find(desk, proof))


@get("/{proof:uuid}/archive", operation_id="fetchProof", contract=published.ARCHIVE)
async def fetch_proof(cabinet: NamedDependency[Cabinet], request: Http, proof: FromPath[UUID]) -> HttpAnswer:
    """A proof of one's own, sealed: an archive of one entry; `Range` resumes a download."""
    caller = await cabinet.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with cabinet.desk(caller.centre) as desk:
        archive = casework.archive_of(await casework.find(desk, proof))
        part = wanted(request, size=archive.size, sha256=archive.sha256)
        if not part.nothing:
            await casework.note_fetched(desk, proof, archive, part.start, part.end)
    return archive_answer(archive.stream(cabinet.blobs, part.start, part.end), part, archive.name)


@post("/{proof:uuid}/open", status_code=200, operation_id="openProof", contract=published.OPEN)
async def open_proof(
    cabinet: NamedDependency[Cabinet], request: Http, proof: FromPath[UUID]
) -> Response[OpenedProof]:
    """The password of a proof of one's own (OpenProof)."""
    acts = acts_for(OpenProof)
    caller, statement = await cabinet.gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=acts)
    manifest = read(OpenProof, statement)
    if manifest.proof != proof:
        raise casework.OtherProof
    async with cabinet.desk(caller.centre) as desk:
        password = await casework.open_proof(desk, statement, manifest)
    opened = OpenedProof(password=password.reveal())
    return Response(opened, headers={"Cache-Control": "no-store"})


ROUTES = [
    Router("/v1/proofs", tags=["proofs"], route_handlers=[send_proof, show_proof, fetch_proof, open_proof])
]
