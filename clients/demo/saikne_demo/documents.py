"""Which documents make up a family's case in the demo, and how each is written as a PDF.

Source: method S47-S56 (the case and its forms), S86 and `domain` 2.3 (a certified copy bears KOPIJA and
KOPIJA PAREIZA). File names are neutral, since an encrypted archive still shows them (`domain` 4.4).
What the forms say stands in `templates/`, whom they speak of in `family`.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import cast

from saikne_demo.family import CANARY_DETAILS, CANARY_NAMES, CERTIFICATION, Certification, case_facts
from saikne_demo.scan import PAGES, write_scan
from saikne_schemas.vocabulary import FormType

__all__ = [
    "CANARY_DETAILS",
    "CANARY_NAMES",
    "CERTIFICATION",
    "CaseDocument",
    "Certification",
    "make_case",
    "typeset",
]

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """One document of the case. `title` is for the screen only and must not be sent or stored."""

    path: Path
    form: FormType
    subject: str
    title: str
    spouse: int | None = None
    child: str | None = None
    media_type: str = "application/pdf"


def make_case(
    directory: Path, *, seed: int = 1, certification: Certification = CERTIFICATION
) -> list[CaseDocument]:
    """Write the whole case into `directory`. The same seed and certification give the same bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    family = f"AG-{2000 + seed}"
    documents = _listed(directory, family)
    facts = json.dumps(case_facts(family, certification))
    at = datetime.combine(certification.on, time(12), UTC)
    for number, document in enumerate(documents):
        if document.form is FormType.OTHER_FAMILY:
            sheets = typeset("scan", {"facts": facts, "pages": str(PAGES)}, at, image=True)
            write_scan(document.path, sheets, seed=seed)
            continue
        inputs = {"facts": facts, "spouse": str(document.spouse), "reference": document.subject}
        inputs["child"] = str(number - _first_child(documents))
        (pdf,) = typeset(document.form.value, inputs, at)
        document.path.write_bytes(pdf)
    return documents


def _listed(directory: Path, family: str) -> list[CaseDocument]:
    def paper(number: int) -> Path:
        return directory / f"dok-{number:02}.pdf"

    children = (f"{family}-B1", f"{family}-B2")
    review, own_view = "Audžuģimenes kompetenču pārskats", "Kompetenču pašnovērtējums"
    return [
        CaseDocument(paper(1), FormType.FAMILY_CASE, family, "Audžuģimenes lieta, 1. daļa"),
        CaseDocument(paper(2), FormType.SUPPORT_PLAN, family, "Audžuģimenes lieta, 2. daļa: atbalsta plāns"),
        CaseDocument(paper(3), FormType.COMPETENCE_REVIEW, family, f"{review}, 1. laulātais", spouse=1),
        CaseDocument(paper(4), FormType.COMPETENCE_REVIEW, family, f"{review}, 2. laulātais", spouse=2),
        CaseDocument(paper(5), FormType.SELF_ASSESSMENT, family, f"{own_view}, 1. laulātais", spouse=1),
        *(
            CaseDocument(
                paper(6 + i),
                FormType.IAP,
                child,
                f"Individuālās attīstības plāns, {i + 1}. bērns",
                child=child,
            )
            for i, child in enumerate(children)
        ),
        CaseDocument(paper(8), FormType.OTHER_FAMILY, family, "Pielikumi audžuģimenes lietai (skenēti)"),
    ]


def _first_child(documents: list[CaseDocument]) -> int:
    return next(i for i, document in enumerate(documents) if document.form is FormType.IAP)


def typeset(form: str, inputs: dict[str, str], at: datetime, *, image: bool = False) -> list[bytes]:
    """A form as one PDF, or as one PNG a page. Only the embedded fonts are used, so every machine agrees."""
    import typst

    compiler = typst.Compiler(
        str(TEMPLATES / f"{form}.typ"),
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )
    if image:
        made = compiler.compile(format="png", ppi=100)
    else:
        made = compiler.compile(format="pdf", timestamp=int(at.timestamp()))
    pages = cast("bytes | list[bytes]", made)  # without an output path the result is returned
    return pages if isinstance(pages, list) else [pages]
