"""How a plan goes to its family through the hub: where, then its documents, then the word.

The hub packs them, mails the archive, and when that is taken sends its password by SMS. Where it goes is said
in one document, which the hub seals and forgets with the family's answer. Source: method S133.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from pydantic import ValidationError

from saikne.blocks import DocumentProgress, sha256_of
from saikne.media_types import media_type_of
from saikne.plan_archive import AddressNotRead
from saikne.problems import LocalRefusal
from saikne.statements import compose, wire_bytes

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.matters import MatterAccepted
    from saikne_schemas.plan_sendings import PlanDocument, PlanRecipient


class PhoneNotRead(LocalRefusal):
    """What was given as the family's telephone number is none."""

    code = "plan.phone-not-read"


async def send_plan(
    hub: "Hub",
    matter: UUID,
    files: Sequence[Path],
    *,
    email: str,
    phone: str,
    progress: DocumentProgress | None = None,
) -> "MatterAccepted":
    """The first file is the plan itself. Nothing is sent to the family before all of it is with the hub."""
    from saikne_schemas.plan_sendings import PlanDispatch

    documents = [await asyncio.to_thread(_document, no, path) for no, path in enumerate(files, start=1)]
    recipient = _recipient(matter, email, phone)
    await hub.tell(recipient)
    for document, path in zip(documents, files, strict=True):
        await hub.send_plan_document(matter, recipient.sending, document, path, _of(document.no, progress))
    dispatch = compose(
        PlanDispatch,
        matter=matter,
        sending=recipient.sending,
        recipient_sha256=hashlib.sha256(wire_bytes(recipient)).hexdigest(),
        documents=documents,
    )
    return await hub.tell(dispatch)


def _document(no: int, path: Path) -> "PlanDocument":
    from saikne_schemas.plan_sendings import PlanDocument

    digest, size = sha256_of(path)
    return PlanDocument(no=no, media_type=media_type_of(path), bytes=size, sha256=digest.hex())


def _recipient(matter: UUID, email: str, phone: str) -> "PlanRecipient":
    """Refuses what is no address or no number, and shows neither."""
    from saikne_schemas.plan_sendings import PlanRecipient

    try:
        return compose(PlanRecipient, matter=matter, sending=uuid4(), email=email, phone=phone)
    except ValidationError as wrong:
        field = wrong.errors()[0]["loc"][0]
    raise PhoneNotRead if field == "phone" else AddressNotRead


def _of(no: int, progress: DocumentProgress | None) -> Callable[[int, int], None]:
    return lambda done, total: progress(no, done, total) if progress else None
