"""The hub as a centre sees it: one method for each thing a centre may say or ask.

Methods that state something take the wire document itself, so that its identity and bytes are the caller's to
keep: the same document given again, in another process, gets the same answer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from saikne.blocks import Progress, sha256_of, silent
from saikne.documents import wire
from saikne.downloads import Wanted, fetch
from saikne.home import make_private
from saikne.passwords import password_of
from saikne.problems import LocalRefusal
from saikne.reconciliation import Reconciliation
from saikne.registrations import SEALED_MEDIA_TYPE, Registrations
from saikne.statements import Taken, compose
from saikne.steps import FileBody
from saikne_schemas.vocabulary import ExchangeState, SideRole, Workflow
from saikne_schemas.wire import View

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping
    from datetime import date
    from pathlib import Path

    from saikne_schemas.court_views import CourtView
    from saikne_schemas.duty_reports import DutyReport
    from saikne_schemas.identities import IdentityRef, SealedIdentity
    from saikne_schemas.manifests import DeclaredDocument, Reveal
    from saikne_schemas.matters import DutyView, MatterLine, MatterView, NumberLine
    from saikne_schemas.outside import OutsideCentreView
    from saikne_schemas.plan_sendings import PlanDocument, PlanDocumentSealed
    from saikne_schemas.proofs import OpenedProof, OpenProof, ProofRef, ProofView, ReadSigned
    from saikne_schemas.training_reports import TrainingReport
    from saikne_schemas.views import (
        CentreView,
        ExchangeView,
        OverdueView,
        ReceiptView,
        RevealedPassword,
        SentDocument,
        SideView,
        StatementView,
    )

WAITING = {
    SideRole.HOLDER: (
        ExchangeState.REQUESTED,
        ExchangeState.PREPARING,
        ExchangeState.DISPUTED,
        ExchangeState.LAPSED,
        ExchangeState.FROZEN,
    ),
    SideRole.REQUESTER: (ExchangeState.DISPATCHED, ExchangeState.LAPSED),
}
"""In which states the next step is the centre's own, by its role; beside them whatever it owes by a day."""

_OVER = frozenset({ExchangeState.CONFIRMED, ExchangeState.WITHDRAWN})
PAGE_AT_MOST = 200
_IDENTITIES = "/v1/sealed-identities"

_A = TypeVar("_A", bound=View)
_MV = TypeVar("_MV", bound="MatterView")


class NoArchive(LocalRefusal):
    """Nothing was dispatched yet, or the archive is no longer kept."""

    code = "archive.not-available"


@dataclass(frozen=True)
class Downloaded:
    path: Path
    sha256: str
    bytes: int
    round: int


class Hub(Registrations, Reconciliation):
    """A connection: `async with Hub(credentials) as hub:`."""

    async def tell(self, statement: Taken[_A]) -> _A:
        """State something: of an exchange, of a matter, of a difference; the hub's acceptance comes back."""
        return await self._state(statement.answered_by, statement)

    async def centres(self) -> list[CentreView]:
        return await self._list(wire.views.CentreView, "/v1/centres")

    async def outside_centres(self) -> list[OutsideCentreView]:
        """Those that members have named because they are not in the hub; some were admitted since."""
        return await self._list(wire.outside.OutsideCentreView, "/v1/outside-centres")

    async def courts(self, territory: str | None = None, on: date | None = None) -> list[CourtView]:
        """The orphans' courts of a day, today's if none is given; or the one that serves a territory."""
        query = {"territory": territory} if territory else {}
        query |= {"on": on.isoformat()} if on else {}
        return await self._list(wire.court_views.CourtView, "/v1/courts", query)

    async def exchanges(
        self,
        role: SideRole | None = None,
        states: Collection[ExchangeState] = (),
        page_size: int = 100,
    ) -> AsyncIterator[SideView]:
        """Every exchange the centre has a side in, in any state if none is named, the last moved first."""
        query: dict[str, str | list[str]] = {"role": role.value} if role else {}
        query |= {"state": [state.value for state in states]} if states else {}
        async for item in self._pages(wire.views.Page, "/v1/exchanges", query, page_size):
            yield item

    async def inbox(self) -> AsyncIterator[SideView]:
        """What waits for this centre: requests to answer, archives to confirm, what is to be decided on."""
        states = [state for state in ExchangeState if state not in _OVER]
        async for item in self.exchanges(states=states, page_size=PAGE_AT_MOST):
            if item.next_stake == "owes" or item.state in WAITING.get(item.role, ()):
                yield item

    async def exchange(self, exchange: UUID) -> ExchangeView:
        return await self._view(wire.views.ExchangeView, f"/v1/exchanges/{exchange}")

    async def send_document(
        self,
        exchange: UUID,
        round: int,  # noqa: A002  # the wire's word
        document: DeclaredDocument,
        path: Path,
        progress: Progress = silent,
    ) -> SentDocument:
        """Stream one declared document; memory stays the same whatever its size."""
        body = FileBody(
            path, document.media_type.value, bytes.fromhex(document.sha256), document.bytes, progress
        )
        url = f"/v1/exchanges/{exchange}/rounds/{round}/documents/{document.no}"
        answer = await self._calls.send_file(url, body)
        return wire.views.SentDocument.model_validate_json(answer.content)

    async def reveal(self, reveal: Reveal) -> RevealedPassword:
        return await self._state(wire.views.RevealedPassword, reveal)

    async def download(self, exchange: UUID, into: Path, progress: Progress = silent) -> Downloaded:
        """Fetch the archive last dispatched, going on where an earlier attempt broke off."""
        answer = (await self.exchange(exchange)).answer
        if (
            answer is None
            or not answer.archive_available
            or answer.archive_sha256 is None
            or answer.archive_bytes is None
        ):
            raise NoArchive(exchange=str(exchange))
        wanted = Wanted(f"/v1/exchanges/{exchange}/archive", answer.archive_sha256, answer.archive_bytes)
        await fetch(self._calls, wanted, into, progress)
        return Downloaded(into, wanted.sha256, wanted.bytes, answer.round)

    async def receipt(self, exchange: UUID) -> ReceiptView:
        return await self._view(wire.views.ReceiptView, f"/v1/exchanges/{exchange}/receipt")

    async def statements(self, exchange: UUID) -> list[StatementView]:
        return await self._list(wire.views.StatementView, f"/v1/exchanges/{exchange}/statements")

    async def send_proof(
        self, path: Path, identity: UUID | None = None, progress: Progress = silent
    ) -> ProofRef:
        """Send a file of one's own, to be named in a statement; the same identity again is the same proof."""
        from saikne.media_types import proof_media_type

        media_type = proof_media_type(path)
        digest, size = await asyncio.to_thread(sha256_of, path)
        body = FileBody(path, media_type.value, digest, size, progress)
        answer = await self._calls.send_file(f"/v1/proofs/{identity or uuid4()}", body)
        view = wire.proofs.ProofView.model_validate_json(answer.content)
        return wire.proofs.ProofRef(id=view.id, sha256=view.sha256)

    async def proof(self, proof: UUID) -> ProofView:
        return await self._view(wire.proofs.ProofView, f"/v1/proofs/{proof}")

    async def open_proof(self, opening: OpenProof) -> OpenedProof:
        return await self._state(wire.proofs.OpenedProof, opening)

    async def fetch_proof(self, proof: UUID, into: Path, progress: Progress = silent) -> Path:
        """Fetch a proof of one's own, open it, and write its file into a directory; where it is."""
        view = await self.proof(proof)
        opening = compose(wire.proofs.OpenProof, proof=proof)
        return await self._fetch_proof(f"/v1/proofs/{proof}", view, opening, into, progress)

    async def fetch_signed(
        self, exchange: UUID, signed: ProofView, into: Path, progress: Progress = silent
    ) -> Path:
        """The same of a file that either side of an exchange signed, as `exchange` shows it."""
        opening = compose(wire.proofs.ReadSigned, exchange=exchange, proof=signed.id)
        place = f"/v1/exchanges/{exchange}/signed/{signed.id}"
        return await self._fetch_proof(place, signed, opening, into, progress)

    async def _fetch_proof(
        self, place: str, view: ProofView, opening: OpenProof | ReadSigned, into: Path, progress: Progress
    ) -> Path:
        from saikne.own_proofs import extract_proof  # with the ZIP library, which few conversations need

        await asyncio.to_thread(make_private, into)
        archive = into / f".proof-{view.id}.zip"
        wanted = Wanted(f"{place}/archive", view.archive_sha256, view.archive_bytes)
        await fetch(self._calls, wanted, archive, progress)
        opened = await self._state(wire.proofs.OpenedProof, opening)
        password = password_of(opened.password)
        return await asyncio.to_thread(extract_proof, archive, password, view, into)

    async def send_plan_document(
        self,
        matter: UUID,
        sending: UUID,
        document: PlanDocument,
        path: Path,
        progress: Progress = silent,
    ) -> PlanDocumentSealed:
        """Stream one document of a plan's sending; whither it goes was said before (`PlanRecipient`)."""
        body = FileBody(
            path, document.media_type.value, bytes.fromhex(document.sha256), document.bytes, progress
        )
        url = f"{wire.plan_sendings.PLANS_LIE_AT}/{matter}/sendings/{sending}/documents/{document.no}"
        answer = await self._calls.send_file(url, body)
        return wire.plan_sendings.PlanDocumentSealed.model_validate_json(answer.content)

    async def send_identity(self, identity: UUID, sealed: bytes) -> IdentityRef:
        """Send who is meant, to be named in a statement; the same bytes again change nothing."""
        answer = await self._calls.put(f"{_IDENTITIES}/{identity}", sealed, SEALED_MEDIA_TYPE)
        sent = wire.identities.SealedIdentitySent.model_validate_json(answer.content)
        return wire.identities.IdentityRef(to=sent.to, id=sent.id, sha256=sent.sha256)

    async def sealed_identities(
        self, about: UUID | None = None, page_size: int = PAGE_AT_MOST
    ) -> AsyncIterator[SealedIdentity]:
        """What is sealed to this centre's keys, of one exchange or matter or of all, the last sent first."""
        query = {"about": str(about)} if about else {}
        async for item in self._pages(wire.identities.SealedIdentityPage, _IDENTITIES, query, page_size):
            yield item

    async def overdue(self, page_size: int = 100) -> AsyncIterator[OverdueView]:
        """What is late today: a centre's own, or every centre's for oversight."""
        async for item in self._pages(wire.views.OverduePage, "/v1/overdue", {}, page_size):
            yield item

    async def matter(self, kind: type[_MV], matter: UUID) -> _MV:
        """One matter, as its workflow shows it: `await hub.matter(FamilyMoveView, matter)`."""
        return await self._view(kind, f"{kind.lies_at}/{matter}")

    async def matter_line(self, matter: UUID) -> MatterLine:
        """Which workflow a matter is of, and where it stands."""
        return await self._view(wire.matters.MatterLine, f"/v1/matters/{matter}")

    async def numbers(self, begins: str) -> list[NumberLine]:
        """Exchanges and matters of the centre whose number begins so: at least eight hexadecimal digits.

        A few at most; more than one means that more has to be said.
        """
        query = {"begins": begins}
        return await self._list(wire.matters.NumberLine, "/v1/numbers", query)

    async def matters(
        self, workflow: Workflow | None = None, state: str | None = None, page_size: int = 100
    ) -> AsyncIterator[MatterLine]:
        """Every matter to which the centre is a party, the last moved first."""
        query = {"workflow": workflow.value} if workflow else {}
        query |= {"state": state} if state else {}
        async for item in self._pages(wire.matters.MatterPage, "/v1/matters", query, page_size):
            yield item

    async def matter_statements(self, matter: UUID) -> list[StatementView]:
        return await self._list(wire.views.StatementView, f"/v1/matters/{matter}/statements")

    async def duties(
        self,
        *,
        overdue: bool = False,
        stake: str | None = None,
        within: int | None = None,
        page_size: int = 100,
    ) -> AsyncIterator[DutyView]:
        """What is owed by a day, of every workflow, the most urgent first.

        `stake`: what the centre `owes` or `awaits`; `within`: overdue, or at most so many working days left.
        """
        query = {"overdue": "true"} if overdue else {}
        query |= {"stake": stake} if stake is not None else {}
        query |= {"within": str(within)} if within is not None else {}
        async for item in self._pages(wire.matters.DutyPage, "/v1/duties", query, page_size):
            yield item

    async def training_report(self, month: str) -> TrainingReport:
        """One's own trainings in a month, as `2026-11`: reported costs, income, what is still owed."""
        return await self._view(wire.training_reports.TrainingReport, f"/v1/training-reports/{month}")

    async def duty_report(self, month: str) -> DutyReport:
        """A month's duties in figures, as `2026-11`: a centre's own; for oversight every centre's."""
        return await self._view(wire.duty_reports.DutyReport, f"/v1/duty-reports/{month}")

    async def jwks(self) -> Mapping[str, Any]:
        """The keys under the hub's acceptances and receipts."""
        keys: Mapping[str, Any] = (await self._calls.public("/oauth/jwks")).json()
        return keys

    async def watch_inbox(self, every_seconds: float = 30) -> AsyncIterator[list[SideView]]:
        """The inbox now and whenever it changed, looked at every so often."""
        before: list[SideView] | None = None
        while True:
            now = [item async for item in self.inbox()]
            if now != before:
                yield now
                before = now
            await asyncio.sleep(every_seconds)
