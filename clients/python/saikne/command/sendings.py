"""Whether an archive that was opened is what was sent last (method S59, S134).

Opening needs no hub. If it can be asked at once it says which archive it sent last; else counts what was
fetched last from here.
"""

import asyncio
from typing import TYPE_CHECKING

from saikne.command.connection import connected
from saikne.problems import SaikneProblem

if TYPE_CHECKING:
    from uuid import UUID

    from saikne.journal import Journal
    from saikne.parcel import OpenedParcel

_SECONDS = 5
"""Nobody waits longer for what is only said beside."""


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
