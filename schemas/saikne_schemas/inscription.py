"""The inscription that lies beside the documents of an archive: what is certified, in which words, by whom.

Source: MK 558 as told in domain 2.3 (words, full position with the organisation, name, date; a set of
derivatives may be certified once, and then is listed; text left out of an extract is [..]); method S34, S86,
S113. Composed in one place: what a person reads before sending is what the hub puts into the archive.
"""

from saikne_schemas.manifests import AnswerManifest, Certification, DeclaredDocument
from saikne_schemas.marking import MARKING
from saikne_schemas.vocabulary import Derivative, FormType, MediaType

EXTENSIONS = {
    MediaType.PDF: "pdf",
    MediaType.ASICE: "asice",
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.TIFF: "tif",
}

_FORMS = {
    FormType.FAMILY_CASE: "audžuģimenes lieta",
    FormType.SUPPORT_PLAN: "atbalsta plāns",
    FormType.COMPETENCE_REVIEW: "kompetenču pārskats",
    FormType.SELF_ASSESSMENT: "kompetenču pašnovērtējums",
    FormType.WORKER_NOTES: "sociālā darbinieka palīgmateriāls",
    FormType.CARE_PREFERENCES: "vēlamo aprūpes parametru anketa",
    FormType.IAP: "bērna individuālais attīstības plāns",
    FormType.OTHER_FAMILY: "cits ģimenes dokuments",
    FormType.OTHER_CHILD: "cits bērna dokuments",
    FormType.NEEDS: "informācija par bērna vajadzībām",
    FormType.CAREGIVER_HISTORY: "informācija par bērna līdzšinējiem aprūpētājiem",
    FormType.WELFARE_GOAL: "informācija par bērna labklājības mērķi",
}
_LINE_END = "\r\n"
"""As any editor of any system shows it."""


def entry_name(document: DeclaredDocument) -> str:
    """`dok-01.pdf`: readable without the password, so it says nothing (method S90)."""
    return f"dok-{document.no:02}.{EXTENSIONS[document.media_type]}"


def inscription(answer: AnswerManifest) -> bytes:
    """`apliecinajums.txt`, byte for byte as it lies in the archive."""
    lines = [*MARKING.splitlines(), "", "APLIECINĀJUMS", ""]
    if answer.certification is not None:
        lines += _of_the_set(answer, answer.certification)
    for document in answer.documents:
        if document.certification is not None:
            lines.append(f"{entry_name(document)}: {_by(document.certification)}")
        elif document.derivative is Derivative.ORIGINAL:
            lines.append(f"{entry_name(document)}: elektronisks oriģināls, pārsūtīts nemainīts.")
    if any(document.derivative is Derivative.EXTRACT for document in answer.documents):
        lines += ["", "Ar zīmi [..] izrakstā apzīmēts izlaists teksts."]
    return (_LINE_END.join(lines) + _LINE_END).encode()


def _by(how: Certification) -> str:
    return f"{how.words}. {how.position}, {how.organisation}, {how.officer}, {how.on:%d.%m.%Y}."


def _of_the_set(answer: AnswerManifest, how: Certification) -> list[str]:
    """One certification above the list of all that it certifies."""
    listed = [
        f"{entry_name(document)}: {_described(document)}"
        for document in answer.documents
        if document.derivative is not Derivative.ORIGINAL
    ]
    return [
        how.words,
        f"Dokumentu atvasinājumu kopums, dokumentu skaits: {len(listed)}.",
        f"Amats: {how.position}, {how.organisation}",
        f"Vārds, uzvārds: {how.officer}",
        f"Datums: {how.on:%d.%m.%Y}.",
        "",
        "Apliecinātie dokumenti:",
        *listed,
        "",
    ]


def _described(document: DeclaredDocument) -> str:
    spouse = f", {document.spouse}. laulātais" if document.spouse else ""
    return f"{_FORMS[document.form]}, {document.subject}{spouse}"
