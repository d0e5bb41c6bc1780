"""The register beside the hub as a conversation: extracts, differences, decisions, a month's report.

Source: method S80; features N10. An extract has no identity but its moment and page: its pages, sent
again, get the same answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from saikne.conversation import Conversation
from saikne.documents import wire

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from saikne_schemas.reconciliation import (
        DifferenceState,
        DifferenceView,
        ExtractTaken,
        RegisterReport,
    )
    from saikne_schemas.register_entries import RegisterExtract


class Reconciliation(Conversation):
    async def send_extract(self, page: RegisterExtract) -> ExtractTaken:
        """One page of what the register holds; the page that makes the extract whole has it compared."""
        return await self._state(wire.reconciliation.ExtractTaken, page)

    async def differences(
        self, state: DifferenceState | None = None, page_size: int = 100
    ) -> AsyncIterator[DifferenceView]:
        """A centre's own, or every centre's for the register's side; the last found first."""
        query = {"state": state.value} if state else {}
        pages = self._pages(wire.reconciliation.DifferencePage, "/v1/register-differences", query, page_size)
        async for item in pages:
            yield item

    async def register_report(self, month: str) -> RegisterReport:
        """A month's registrations, as `2026-11`."""
        return await self._view(wire.reconciliation.RegisterReport, f"/v1/register-reports/{month}")
