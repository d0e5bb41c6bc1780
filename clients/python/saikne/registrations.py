"""Registrations in AĢIS as a conversation with the hub: a centre seals and follows, a job claims and reports.

That a registration is prepared, taken up again or withdrawn is stated about the move, by `Hub.tell`; here
go the sealed bytes, and what is asked. Source: method S80; features N10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from saikne.conversation import Conversation
from saikne.documents import wire
from saikne_schemas.spelling import KEPT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from saikne_schemas.register_words import RegistrationState
    from saikne_schemas.registrations import (
        ClaimedRegistrations,
        ClaimRegistrations,
        OutcomesTaken,
        RegisterView,
        RegistrationLine,
        RegistrationView,
        ReportOutcomes,
    )

SEALED_MEDIA_TYPE = "application/jose"
_REGISTRATIONS = "/v1/registrations"


class Registrations(Conversation):
    async def register(self) -> RegisterView:
        """How the register is reached, and to which key its facts are sealed."""
        return await self._view(wire.registrations.RegisterView, "/v1/register")

    async def send_sealed(self, key: UUID, sealed: bytes) -> RegistrationView:
        """Send the sealed facts that were announced; the same bytes again change nothing."""
        answer = await self._calls.put(f"{_REGISTRATIONS}/{key}/sealed", sealed, SEALED_MEDIA_TYPE)
        return wire.registrations.RegistrationView.model_validate_json(answer.content, context=KEPT)

    async def registrations(
        self, state: RegistrationState | None = None, page_size: int = 100
    ) -> AsyncIterator[RegistrationLine]:
        """A centre's own, or every centre's for the register's side."""
        query = {"state": state.value} if state else {}
        async for item in self._pages(wire.registrations.RegistrationPage, _REGISTRATIONS, query, page_size):
            yield item

    async def registration(self, key: UUID) -> RegistrationView:
        return await self._view(wire.registrations.RegistrationView, f"{_REGISTRATIONS}/{key}")

    async def claim_registrations(self, claim: ClaimRegistrations) -> ClaimedRegistrations:
        """What a job is to do now; the same claim again gets the same tasks."""
        return await self._state(wire.registrations.ClaimedRegistrations, claim)

    async def report_outcomes(self, report: ReportOutcomes) -> OutcomesTaken:
        """What came of attempts; each is judged by itself."""
        return await self._state(wire.registrations.OutcomesTaken, report)
