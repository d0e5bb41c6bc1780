"""The register beside the hub as a conversation: extracts, differences, decisions, a month's report.

Source: method S80; features N10. An extract has no identity but its moment and page: its pages, sent
again, get the same answers.
"""

from collections.abc import AsyncIterator

from saikne.conversation import Conversation
from saikne_schemas.reconciliation import (
    DifferencePage,
    DifferenceState,
    DifferenceView,
    ExtractTaken,
    RegisterReport,
)
from saikne_schemas.register_entries import RegisterExtract


class Reconciliation(Conversation):
    async def send_extract(self, page: RegisterExtract) -> ExtractTaken:
        """One page of what the register holds; the page that makes the extract whole has it compared."""
        return await self._state(ExtractTaken, page)

    async def differences(
        self, state: DifferenceState | None = None, page_size: int = 100
    ) -> AsyncIterator[DifferenceView]:
        """A centre's own, or every centre's for the register's side; the last found first."""
        query = {"state": state.value} if state else {}
        async for item in self._pages(DifferencePage, "/v1/register-differences", query, page_size):
            yield item

    async def register_report(self, month: str) -> RegisterReport:
        """A month's registrations, as `2026-11`."""
        return await self._view(RegisterReport, f"/v1/register-reports/{month}")
