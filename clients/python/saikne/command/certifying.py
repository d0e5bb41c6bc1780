"""Who certifies which documents, as typed; and the inscription as it will lie in the archive (domain 2.3).

The options are those of every verb that certifies. The preview is composed by the same function as the
hub's, from the same manifest, and sends nothing.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from saikne.command.given import Certifier, GivenAnswer, day, documents_from
from saikne.command.manners import verb
from saikne.command.speaking_for import its_day
from saikne.command.speech import Console
from saikne.problems import LocalRefusal
from saikne_schemas.vocabulary import Derivative, Original

if TYPE_CHECKING:
    from saikne_schemas.manifests import AnswerManifest

Documents = Annotated[list[str] | None, typer.Argument(metavar="FORM[:SPOUSE]:SUBJECT=PATH...")]
Manifest = Annotated[Path | None, typer.Option("--manifest")]
Officer = Annotated[str | None, typer.Option("--officer")]
Position = Annotated[str | None, typer.Option("--position")]
Organisation = Annotated[str | None, typer.Option("--organisation")]
On = Annotated[date | None, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")]
WholeSet = Annotated[bool, typer.Option("--one-certification")]
OriginalIs = Annotated[Original, typer.Option("--original")]
DerivativeIs = Annotated[Derivative, typer.Option("--derivative")]
WholeCase = Annotated[bool, typer.Option("--whole-case")]


class NoDocumentsGiven(LocalRefusal):
    code = "answer.no-documents-given"
    lacks = "documents"


@verb
async def certification_preview(
    console: Console,
    documents: Documents = None,
    *,
    manifest: Manifest = None,
    officer: Officer = None,
    position: Position = None,
    organisation: Organisation = None,
    on: On = None,
    one_certification: WholeSet = False,
    original: OriginalIs = Original.PAPER,
    derivative: DerivativeIs = Derivative.COPY,
) -> None:
    """Show the inscription that will lie in the archive; nothing is sent."""
    from saikne.answer import prepare_answer

    certifier = certifier_of(officer, position, organisation, on, whole_set=one_certification)
    given = given_by(documents, manifest, certifier, original=original, derivative=derivative)
    declared = await prepare_answer(uuid4(), given.documents, certification=given.certification)
    tell_inscription(console, declared)


def certifier_of(
    officer: str | None, position: str | None, organisation: str | None, on: date | None, *, whole_set: bool
) -> Certifier:
    """Where nothing is said, this centre's legal entity certifies, today."""
    from saikne.installation import Installation

    organisation = organisation or Installation.at().legal_entity
    return Certifier(officer, position, organisation, on or its_day(), whole_set)


def given_by(
    documents: list[str] | None,
    manifest: Path | None,
    certifier: Certifier,
    *,
    original: Original,
    derivative: Derivative,
    whole_case: bool = False,
) -> GivenAnswer:
    """The documents of an answer, from the file or as typed."""
    if manifest is not None:
        from saikne.command.answer_files import answer_from

        given = answer_from(manifest, certifier)
    else:
        given = documents_from(documents or [], original, derivative, certifier, whole_case=whole_case)
    if not given.documents:
        raise NoDocumentsGiven
    return given


def tell_inscription(console: Console, declared: "AnswerManifest") -> None:
    from saikne.answer import certification_preview as composed

    text = composed(declared)
    for line in text.splitlines():
        console.line(line)
    console.document({"inscription": text})
