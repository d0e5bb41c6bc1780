"""An answer is counted among those that were sent."""

from types import SimpleNamespace
from typing import Any

import pytest

from saikne.command.sendings import sending_of

SENT = ("saikne.dispatch/1", "saikne.handed-over/1", "saikne.posted/2")
DRAFTS = ("saikne.answer/1", "saikne.discard/1", "saikne.dispatch-refused/1")


class Hub:
    async def statements(self, exchange: str) -> list[Any]:
        assert exchange == "AG"
        return [SimpleNamespace(kind=one) for one in (*SENT, *DRAFTS)]


@pytest.mark.parametrize(("round_", "dispatched", "sending"), [(1, None, 1), (6, "today", 3), (6, None, 4)])
async def test_a_discarded_draft_counts_for_none(round_: int, dispatched: Any, sending: int) -> None:
    answer = SimpleNamespace(round=round_, dispatched_at=dispatched)
    view: Any = SimpleNamespace(id="AG", answer=answer)
    hub: Any = Hub()
    assert await sending_of(hub, view) == sending
    assert await sending_of(hub, SimpleNamespace(id="AG", answer=None)) == 1  # type: ignore[arg-type]
