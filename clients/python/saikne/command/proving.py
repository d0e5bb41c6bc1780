"""What was kept as proof: fetched by the one who sent it, or by the side for which it was signed.

Source: features N12; MK 473 p. 3 (domain 2.3).

Proofs are sent with the statements that name them: `connection.proofs_of`.
"""

from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from saikne.command.asking import Exchange
from saikne.command.connection import connected
from saikne.command.manners import verb
from saikne.command.signed_files import signed_in, tell_signatures, tell_signed_file
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


@verb
async def signed(
    console: Console, exchange: Exchange, *, to: Annotated[Path, typer.Option("--to", metavar="DIR")]
) -> None:
    """Fetch the files that the two sides signed: the request, and what certifies the answer."""
    read: list[dict[str, object]] = []
    async with connected() as hub:
        for what, file in signed_in(await hub.exchange(exchange)):
            with console.transfer() as moved:
                told = partial(moved, str(file.id))
                path = await hub.fetch_signed(exchange, file, to, told)
            tell_signed_file(console, what, file)
            console.tell("proof.done", path=path, size=size(file.bytes))
            read.append({**file.model_dump(), "path": path})
    if not read:
        console.tell("signed.none")
    console.document({"exchange": exchange, "files": read})
