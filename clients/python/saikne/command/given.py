"""How what is typed becomes what is meant: days, people, centres by name, documents of an answer.

An answer's documents come as `FORM[:spouse]:SUBJECT=PATH` or from a file; both end as the same list. The
words of certification follow from what kind of copy it is (domain 2.3). The file is `answer_files`.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from saikne.command.speech import say
from saikne.euros import cents_of
from saikne.problems import LocalRefusal
from saikne_schemas.latvian_values import meant
from saikne_schemas.moments import RIGA
from saikne_schemas.vocabulary import (
    CaseSection,
    CertificationWords,
    DeliveryChannel,
    DepartureReason,
    Derivative,
    FormType,
    Original,
    PasswordChannel,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saikne.answer import AnswerFile, Departing
    from saikne_schemas.manifests import AuthorisedPerson, Certification
    from saikne_schemas.outside import OutsideCentreView
    from saikne_schemas.paper import PaperDocument
    from saikne_schemas.views import CentreView

WORDS = {
    Derivative.COPY: CertificationWords.KOPIJA_PAREIZA,
    Derivative.TRUE_COPY: CertificationWords.NORAKSTS_PAREIZS,
    Derivative.EXTRACT: CertificationWords.IZRAKSTS_PAREIZS,
}
ProofFiles = Annotated[list[Path] | None, typer.Option("--proof", metavar="FILE")]
"""Files that prove what is said; they go through `connection.proofs_of`."""
NeededProof = Annotated[list[Path], typer.Option("--proof", metavar="FILE")]
"""The same where nothing can be said without one."""
SHORTEST = 8
"""So many characters of a number are enough where no other begins so."""
COMMAND_LINE = "VERB …"
"""How another verb with its options is typed, on one line."""
PERSON = "NAME;POSITION"
"""How a person is typed: `person` reads it."""
By = Annotated[str, typer.Option("--by", metavar=PERSON)]
SignedBy = Annotated[str, typer.Option("--signed-by", metavar=PERSON)]
E_SIGNED = frozenset({".asice", ".edoc"})

_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y.")
_MOMENTS = (*_DAYS, "%Y-%m-%dT%H:%M", *(f"{on} {at}" for on in _DAYS for at in ("%H:%M", "%H.%M")))
_FOR_THE_EYE = str.maketrans("", "", " -()\u00a0")
_DOCUMENT = re.compile(r"(?P<form>[\w -]+)(?::(?P<spouse>[12]))?:(?P<subject>[^:=]+)=(?P<path>.+)", re.DOTALL)


class DocumentNotDescribed(LocalRefusal):
    """An argument that is not `FORM[:spouse]:SUBJECT=PATH`."""

    code = "document.not-described"


class PaperNotDescribed(LocalRefusal):
    """An argument that is not `FORM[:spouse]:SUBJECT=PAGES`."""

    code = "paper.not-described"


class DepartureNotGiven(LocalRefusal):
    """A way that was not wished needs its reason, and a reason its way."""

    code = "answer.departure-not-given"

    def __init__(self, lacks: str) -> None:
        super().__init__()
        self.lacks = lacks


class StillNeeded(LocalRefusal):
    """An option that another one makes necessary."""

    code = "input.needed"

    def __init__(self, parameter: str) -> None:
        super().__init__(given=f"--{parameter.replace('_', '-')}")
        self.lacks = parameter


class SetOfSeveralKinds(LocalRefusal):
    """Copies, true copies and extracts are certified in different words, so not together."""

    code = "answer.set-of-several-kinds"


class CentreUnknown(LocalRefusal):
    code = "centre.unknown"


class CentreAmbiguous(LocalRefusal):
    """Several centres bear the name that was given."""

    code = "centre.ambiguous"


@dataclass(frozen=True)
class Certifier:
    """Who certifies the copies, where a document does not say otherwise."""

    officer: str | None
    position: str | None
    organisation: str | None
    on: date
    whole_set: bool = False
    """One certification for all copies together, instead of one for each (domain 2.3)."""


@dataclass(frozen=True)
class GivenAnswer:
    documents: list["AnswerFile"]
    spouses: int | None = None
    children: list[str] = field(default_factory=list)
    certification: "Certification | None" = None
    """Of the whole set; its documents then carry none."""
    departing: "Departing | None" = None


def today_in_riga() -> date:
    return datetime.now(RIGA).date()


def day(written: str) -> date:
    """As programs write it, or as it is shown to people; in a sentence a point ends it."""
    for form in _DAYS:
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise typer.BadParameter(say("usage.not-a-day", given=written))


def moment(written: str) -> datetime:
    """A day, with its hour or without, as the clock in Riga shows it."""
    for form in _MOMENTS:
        try:
            return datetime.strptime(written, form).replace(tzinfo=RIGA)
        except ValueError:
            continue
    raise typer.BadParameter(say("usage.not-a-moment", given=written))


def month(written: str) -> str:
    """`2026-11`, of that or of `11.2026`."""
    for form in ("%Y-%m", "%m.%Y", "%m.%Y."):
        try:
            return f"{datetime.strptime(written, form).replace(tzinfo=UTC):%Y-%m}"
        except ValueError:
            continue
    raise typer.BadParameter(say("usage.not-a-month", given=written))


def amount(written: str, option: str | None = None) -> int:
    """Euros as typed; `option` where they stand inside what was given there."""
    try:
        return cents_of(written)
    except ValueError:
        raise typer.BadParameter(say("usage.not-an-amount", given=written), param_hint=option) from None


def telephone(written: str | None) -> str | None:
    """A number as people write it: spaces, hyphens and brackets are for the eye."""
    return written and written.translate(_FOR_THE_EYE)


def person(written: str) -> "AuthorisedPerson":
    """`Name;position`."""
    from saikne_schemas.manifests import AuthorisedPerson

    name, _, position = written.partition(";")
    return AuthorisedPerson(name=name.strip(), position=position.strip())


def centre_by(written: str, centres: "Sequence[CentreView | OutsideCentreView]") -> UUID:
    """A centre by its identifier or how that begins, its whole name, or a part that no other name has."""
    try:
        return UUID(written)
    except ValueError:
        wanted = written.casefold()
    begins = wanted.replace("-", "") if len(wanted) >= SHORTEST else None
    exact = [
        centre
        for centre in centres
        if centre.name.casefold() == wanted or (begins and centre.id.hex.startswith(begins))
    ]
    found = exact or [centre for centre in centres if wanted in centre.name.casefold()]
    if not found:
        raise CentreUnknown(given=written)
    if len(found) > 1:
        raise CentreAmbiguous(given=written, found="\n".join(f"  {one.id}  {one.name}" for one in found))
    return found[0].id


def documents_from(
    arguments: list[str],
    original: Original,
    derivative: Derivative,
    certifier: Certifier,
    *,
    whole_case: bool = False,
) -> GivenAnswer:
    """Documents as typed; an e-signed container is an electronic original and needs no certification.

    `whole_case`: the family's case holds all its sections.
    """
    documents = []
    for argument in arguments:
        described = _DOCUMENT.fullmatch(argument)
        form = meant(FormType, described["form"]) if described else None
        if described is None or form is None:
            raise DocumentNotDescribed(given=argument)
        path = Path(described["path"])
        signed = path.suffix.lower() in E_SIGNED
        said = {
            "form": form,
            "subject": described["subject"],
            "spouse": int(described["spouse"]) if described["spouse"] else None,
            "original": Original.ELECTRONIC if signed else original,
            "derivative": Derivative.ORIGINAL if signed else derivative,
            "sections": "all" if whole_case and form is FormType.FAMILY_CASE else [],
        }
        documents.append(document_from(path, said, certifier))
    return GivenAnswer(documents, certification=of_the_set(documents, certifier))


def papers_from(
    arguments: list[str], original: Original, derivative: Derivative, *, whole_case: bool = False
) -> "list[PaperDocument]":
    """Documents on paper as typed: each with its number of pages in place of a file."""
    from saikne_schemas.paper import PaperDocument

    papers = []
    for no, argument in enumerate(arguments, start=1):
        described = _DOCUMENT.fullmatch(argument)
        form = meant(FormType, described["form"]) if described else None
        if described is None or form is None or not described["path"].isdecimal():
            raise PaperNotDescribed(given=argument)
        papers.append(
            PaperDocument(
                no=no,
                form=form,
                subject=described["subject"],
                spouse=int(described["spouse"]) if described["spouse"] else None,
                pages=int(described["path"]),
                sections=list(CaseSection) if whole_case and form is FormType.FAMILY_CASE else [],
                original=original,
                derivative=derivative,
            )
        )
    return papers


def departing_from_wish(
    way: DeliveryChannel | None, password: PasswordChannel | None, because: DepartureReason | None
) -> "Departing | None":
    """An archive where paper was wished: the way and the reason belong together."""
    from saikne.answer import Departing
    from saikne_schemas.manifests import Receipt

    if way is None and because is None:
        return None
    if way is None or because is None:
        raise DepartureNotGiven("way" if way is None else "departure")
    if password is None:
        raise StillNeeded("password")
    return Departing(Receipt(channel=way, password_channel=password), because)


def document_from(path: Path, said: dict[str, Any], certifier: Certifier) -> "AnswerFile":
    from saikne.answer import AnswerFile

    signed = path.suffix.lower() in E_SIGNED
    derivative = Derivative(said.get("derivative") or (Derivative.ORIGINAL if signed else Derivative.COPY))
    single = not certifier.whole_set
    return AnswerFile(
        path=path,
        form=FormType(said["form"]),
        subject=said["subject"],
        spouse=said.get("spouse"),
        original=Original(said.get("original") or (Original.ELECTRONIC if signed else Original.PAPER)),
        derivative=derivative,
        certification=certification_by(certifier, derivative) if single else None,
        sections=_sections(said.get("sections", [])),
    )


def _sections(said: str | list[str]) -> list[CaseSection]:
    """Of a family's case: `all`, or those named."""
    return list(CaseSection) if said == "all" else [CaseSection(one) for one in said]


def of_the_set(documents: "list[AnswerFile]", certifier: Certifier) -> "Certification | None":
    """One certification for all copies, in the words of the one kind that they are of."""
    kinds = {one.derivative for one in documents if one.derivative is not Derivative.ORIGINAL}
    if not certifier.whole_set or not kinds:
        return None
    if len(kinds) > 1:
        raise SetOfSeveralKinds(given=", ".join(sorted(kinds)))
    return certification_by(certifier, kinds.pop())


def certification_by(certifier: Certifier, derivative: Derivative) -> "Certification | None":
    """The inscription for copies of one kind; an original needs none."""
    from saikne_schemas.manifests import Certification

    if derivative is Derivative.ORIGINAL:
        return None
    return Certification.model_validate(
        {
            "words": WORDS[derivative],
            "officer": certifier.officer or "",
            "position": certifier.position or "",
            "organisation": certifier.organisation or "",
            "on": certifier.on,
        }
    )
