"""One exchange told through the library, as far as a test needs it."""

from pathlib import Path
from uuid import UUID

from saikne.answer import AnswerFile, prepare_answer, send_answer
from saikne.hub import Hub
from saikne.statements import compose
from saikne_schemas.manifests import Dispatch, Receipt, RequestForCopies
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    ExchangeKind,
    FormType,
    LegalBasis,
    PasswordChannel,
    Purpose,
)
from tests.client.archives import certification

PAGES = (b"%PDF-1.7 plan" * 200_000, b"%PDF-1.7 annex")


def request_of(requester: Hub, holder: Hub) -> RequestForCopies:
    return compose(
        RequestForCopies,
        requester=requester.credentials.centre,
        holder=holder.credentials.centre,
        kind=ExchangeKind.CHILD_IAP,
        children=["B-0031"],
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        purpose=Purpose.CARE_OF_PLACED_CHILD,
        receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS),
    )


async def asked(requester: Hub, holder: Hub) -> UUID:
    return (await requester.tell(request_of(requester, holder))).exchange


def written(directory: Path) -> list[AnswerFile]:
    files = []
    for number, content in enumerate(PAGES, start=1):
        path = directory / f"{number}.pdf"
        path.write_bytes(content)
        form = FormType.IAP if number == 1 else FormType.OTHER_CHILD
        files.append(AnswerFile(path, form, "B-0031", certification=certification()))
    return files


async def dispatched(requester: Hub, holder: Hub, directory: Path) -> UUID:
    exchange, files = await asked(requester, holder), written(directory)
    manifest = await prepare_answer(exchange, files, children=["B-0031"])
    await send_answer(holder, manifest, {no: file.path for no, file in enumerate(files, start=1)})
    await holder.tell(compose(Dispatch, exchange=exchange, round=1))
    return exchange
