"""How a verb reaches the hub: as the centre that is set up on this machine, saying each thing once.

A statement is written in the journal before it is sent and struck out when the hub took it, so that the same
command after an outage is the same statement. `SAIKNE_ATTEMPTS` says how often an outage is tried again, for
scripts that have a patience of their own.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from saikne.blocks import sha256_of
from saikne.command.speaking_for import OutsideWord, in_its_place, spoken_for
from saikne.command.speech import spoken
from saikne.problems import HubRefusal, SaikneProblem
from saikne.retries import Patience

if TYPE_CHECKING:
    from saikne.enrolment import CentreKeys
    from saikne.hub import Hub
    from saikne.installation import Installation
    from saikne.journal import Journal
    from saikne_schemas.outside import OutsideCentreView
    from saikne_schemas.proofs import ProofRef
    from saikne_schemas.views import CentreView
    from saikne_schemas.wire import WireDocument

Answer = TypeVar("Answer")
Statement = TypeVar("Statement", bound="WireDocument")


@asynccontextmanager
async def connected(
    installation: "Installation | None" = None, keys: "CentreKeys | None" = None
) -> "AsyncIterator[Hub]":
    from saikne.hub import Hub
    from saikne.installation import Installation

    installation = installation or Installation.at()
    attempts = os.environ.get("SAIKNE_ATTEMPTS", "")
    patience = Patience(attempts=int(attempts)) if attempts.isdecimal() else Patience()
    async with Hub(installation.credentials(keys), language=spoken(), patience=patience) as hub:
        if (word := spoken_for()) is not None and word.made is None:
            await _make(word, hub)
        yield hub


async def _make(word: OutsideWord, hub: "Hub") -> None:
    """Find whom it speaks of, and give the proofs to the hub."""
    from saikne.command.given import centre_by
    from saikne_schemas.statements import ForOutside

    word.found = centre_by(word.centre, await hub.outside_centres())
    proofs = await proofs_of(hub, word.proofs)
    word.made = ForOutside(centre=word.found, on=word.on, came_by=word.came_by, proofs=proofs)


async def counterpart(hub: "Hub", written: str) -> UUID:
    """Whom one deals with, by identifier or by name; the hub is asked for a name only."""
    from saikne.command.given import centre_by

    with suppress(ValueError):
        return UUID(written)
    return centre_by(written, await counterparts(hub))


async def counterparts(hub: "Hub") -> "Sequence[CentreView | OutsideCentreView]":
    """All whom one may deal with by name: members, and centres outside of the hub."""
    outside = await hub.outside_centres()
    return [*await hub.centres(), *(one for one in outside if one.state == "outside")]


def journal() -> "Journal":
    from saikne.installation import Installation
    from saikne.journal import Journal

    return Journal(Installation.at().home)


async def said_once(send: Callable[[Statement], Awaitable[Answer]], statement: Statement) -> Answer:
    """Send a statement under the identity it had when it was first tried."""
    book = journal()
    statement = book.pending(in_its_place(statement))
    try:
        answer = await send(statement)
    except HubRefusal:
        book.taken(statement)
        raise
    book.taken(statement)
    return answer


def sent_anew(refused: SaikneProblem) -> bool:
    """Whether the verb is to be begun again, since its files proved something else before.

    Source: design.md 1. A file keeps its identity while the hub's answer is awaited, and that may have got
    lost; what the hub says is named elsewhere is sent as a new proof.
    """
    if not isinstance(refused, HubRefusal) or refused.code != "proofs.named-elsewhere":
        return False
    journal().forget_proofs(refused.facts.get("proofs", ()))
    if (word := spoken_for()) is not None:
        word.made = None
    return True


async def proofs_of(hub: "Hub", files: Sequence[Path]) -> "list[ProofRef]":
    """Send files for a statement to name as its `proofs`; the same command given again sends nothing new.

    Say the statement by `said_once`: its end is what lets the same file be a new proof of something else.
    """
    book, refs = journal(), {}
    for file in files:
        digest, _ = await asyncio.to_thread(sha256_of, file)
        ref = await hub.send_proof(file, book.proof(digest.hex()))
        refs[ref.id] = ref
    return list(refs.values())
