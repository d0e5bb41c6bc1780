"""A centre's own program: ask for a family's copies, wait for them, check every document, confirm.

Runs where `saikne init` was run: `python example.py "Ligzda" AG-7741 copies`.
"""

import asyncio
import sys
from pathlib import Path

from saikne import (
    Confirmation,
    DeliveryChannel,
    ExchangeKind,
    Hub,
    Installation,
    LegalBasis,
    PasswordChannel,
    Purpose,
    Receipt,
    RequestForCopies,
    compose,
    open_parcel,
    verify_acceptance,
)


async def copies(holder: str, family: str, into: Path) -> None:
    async with Hub(Installation.at().credentials()) as hub:
        request = compose(
            RequestForCopies,
            requester=hub.credentials.centre,
            holder=next(centre.id for centre in await hub.centres() if centre.name == holder),
            kind=ExchangeKind.FAMILY_CASE,
            family=family,
            legal_basis=LegalBasis.METHOD_FAMILY_MOVE,
            purpose=Purpose.CONTINUITY_OF_SUPPORT,
            receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS),
        )
        exchange = (await hub.tell(request)).exchange
        print(exchange, flush=True)
        async for waiting in hub.watch_inbox(every_seconds=2):
            if exchange in [side.id for side in waiting]:
                break
        archive = await hub.download(exchange, into / "copies.zip")
        password = await asyncio.to_thread(input, "Password: ")
        parcel = open_parcel(archive.path, password, into / "copies")
        confirmation = compose(
            Confirmation,
            exchange=exchange,
            round=archive.round,
            arrived=True,
            opens=True,
            complete=True,
            archive_sha256=parcel.archive_sha256,
            documents=parcel.checked,
        )
        accepted = await hub.tell(confirmation)
        print(accepted.state, verify_acceptance(accepted.acceptance, await hub.jwks())["statement"]["sha256"])


asyncio.run(copies(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
