"""What a centre keeps as proof of its own: fetched again by the one who sent it. Source: features N12.

Proofs are sent with the statements that name them: `connection.proofs_of`.
"""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from saikne.command.connection import connected
from saikne.command.manners import verb
from saikne.command.signed_files import tell_signatures
from saikne.command.speech import Console, size


@verb
async def proof(
    console: Console,
    identity: Annotated[UUID, typer.Argument(metavar="ID")],
    *,
    to: Annotated[Path, typer.Option("--to", metavar="DIR")],
) -> None:
    """Fetch a proof, open it and write its file."""
    async with connected() as hub:
        view = await hub.proof(identity)
        with console.transfer() as moved:
            path = await hub.fetch_proof(identity, to, lambda done, total: moved(str(identity), done, total))
    console.tell("proof.done", path=path, size=size(view.bytes))
    tell_signatures(console, view.signatures, view.signers)
    if view.named_in is None:
        console.tell("proof.unnamed")
    console.document({**view.model_dump(), "path": path})
