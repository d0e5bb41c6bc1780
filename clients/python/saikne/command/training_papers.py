"""The certificate and the invoice as papers, from what the hub was told of a training (method S63, S64, S66).

The family's names are given or asked here, put into the certificate, and go nowhere else.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from saikne.command.connection import connected
from saikne.command.courts import asked_names, named, own_marking
from saikne.command.given import PERSON, person
from saikne.command.manners import verb
from saikne.command.matters import Matter
from saikne.command.speech import Console
from saikne.court_letter import Centre, Signing
from saikne.home import write_private
from saikne.training_papers import Signature, compose_certificate, compose_invoice
from saikne_schemas.training_lists import TrainingRole

if TYPE_CHECKING:
    from saikne_schemas.training import Training

_To = Annotated[Path, typer.Option("--to", metavar="FILE")]
_Signer = Annotated[str, typer.Option("--signer", metavar=PERSON)]
_Signing = Annotated[Signing, typer.Option("--signing")]


@verb
async def certificate_paper(
    console: Console,
    matter: Matter,
    *,
    signer: _Signer,
    to: _To,
    family: Annotated[list[str] | None, typer.Option("--family")] = None,
    signing: _Signing = Signing.ELECTRONIC,
    marking: Annotated[str | None, typer.Option("--marking")] = None,
) -> None:
    """Write the certificate of completed training to a file, with the names of those who took part."""
    from saikne.installation import Installation

    training, trainer, _ = await _known(matter)
    persons = tuple(family or asked_names())
    signed = _signature(signer, signing)
    restricted = marking or own_marking(Installation.at().home)
    write_private(to, compose_certificate(training, trainer, persons, signed, restricted))
    console.tell("training.certificate-paper", file=to)
    console.document({"file": to, "number": training.certificate})


@verb
async def invoice_paper(
    console: Console,
    matter: Matter,
    *,
    signer: _Signer,
    to: _To,
    account: Annotated[str | None, typer.Option("--account")] = None,
    vat: Annotated[str | None, typer.Option("--vat")] = None,
    signing: _Signing = Signing.ELECTRONIC,
) -> None:
    """Write the invoice to a file, with the division of its costs and the accounting note."""
    training, trainer, payer = await _known(matter)
    signed = _signature(signer, signing)
    write_private(to, compose_invoice(training, trainer, payer, signed, account=account, vat=vat))
    console.tell("training.invoice-paper", file=to, name=payer.name)
    console.document({"file": to, "number": training.invoice})


async def _known(matter: UUID) -> "tuple[Training, Centre, Centre]":
    """The training, the centre that trained, and the family's."""
    from saikne_schemas.training import TrainingView

    async with connected() as hub:
        view = await hub.matter(TrainingView, matter)
        centres = await hub.centres()
    by_role = {one.role: named(one.centre, centres) for one in view.parties}
    return view.content, by_role[TrainingRole.TRAINER.value], by_role[TrainingRole.FAMILYS.value]


def _signature(signer: str, signing: Signing) -> Signature:
    signs = person(signer)
    return Signature(signs.name, signs.position, signing)


VERBS = (
    ("certificate-paper", certificate_paper),
    ("invoice-paper", invoice_paper),
)
