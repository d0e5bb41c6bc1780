"""Which sending an archive or an answer is: the last one or not, and its number (method S59, S134).

Opening needs no hub. If it can be asked at once it says which archive it sent last; else counts what was
fetched last from here.
"""

import asyncio
from typing import TYPE_CHECKING

from saikne.command.connection import connected
from saikne.problems import SaikneProblem

if TYPE_CHECKING:
    from uuid import UUID

    from saikne.hub import Hub
    from saikne.journal import Journal
    from saikne.parcel import OpenedParcel
    from saikne_schemas.views import ExchangeView

_SECONDS = 5
"""Nobody waits longer for what is only said beside."""

_LEAVES = frozenset({"saikne.dispatch", "saikne.handed-over", "saikne.posted"})
"""By the statements of these kinds an answer has left its centre."""


async def sending_of(hub: "Hub", view: "ExchangeView") -> int:
    """Of the answer that is shown, among those that were sent: a draft that was discarded counts for none."""
    answer = view.answer
    if answer is None or answer.round == 1:
        return 1
    sent = sum(one.kind.partition("/")[0] in _LEAVES for one in await hub.statements(view.id))
    return sent if answer.dispatched_at is not None else sent + 1


async def sent_since(book: "Journal", opened: "OpenedParcel") -> bool:
    """Whether the copies were sent again after this archive, as far as is known."""
    newest = await _as_the_hub_says(opened.manifest.exchange) or book.fetched_last(opened.manifest.exchange)
    return newest is not None and newest != opened.archive_sha256


async def _as_the_hub_says(exchange: "UUID") -> str | None:
    """Nothing where this computer has no centre set up, or the hub is out of reach or refuses."""
    try:
        async with asyncio.timeout(_SECONDS), connected() as hub:
            answer = (await hub.exchange(exchange)).answer
    except (SaikneProblem, OSError):
        return None
    return answer.archive_sha256 if answer else None
