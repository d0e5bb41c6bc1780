"""Which documents may travel in an answer, and which the method makes mandatory.

Source: method S47-S55, S77, S108, S110, S129; domain 1.2 (a child's move carries the IAP only), 2.2.
"""

from collections.abc import Iterable

from hub.kernel.refusal import Refusal
from saikne_schemas.manifests import AnswerManifest, DeclaredDocument
from saikne_schemas.views import MissingForm
from saikne_schemas.vocabulary import CertificationWords, Derivative, ExchangeKind, FormType

TRAVELS = {
    ExchangeKind.FAMILY_CASE: frozenset(FormType),
    ExchangeKind.CHILD_IAP: frozenset({FormType.IAP, FormType.OTHER_CHILD}),
}
BESIDE_FROM = 1001
"""Numbers from here on are the hub's own entries beside the documents."""
OF_A_CHILD = frozenset({FormType.IAP, FormType.OTHER_CHILD})

_WORDS = {
    Derivative.COPY: CertificationWords.KOPIJA_PAREIZA,
    Derivative.TRUE_COPY: CertificationWords.NORAKSTS_PAREIZS,
    Derivative.EXTRACT: CertificationWords.IZRAKSTS_PAREIZS,
}


class MayNotTravel(Refusal):
    """A family's document in the answer to a request for a child's IAP (domain 1.2)."""

    code = "exchange.document-may-not-travel"


class SubjectNotAsked(Refusal):
    """A document about a family or child that is not what was asked for."""

    code = "exchange.subject-not-asked"


class CertificationDoesNotFit(Refusal):
    code = "exchange.certification-does-not-fit"


class SpousesNotStated(Refusal):
    code = "exchange.spouses-not-stated"


def check(answer: AnswerManifest, kind: ExchangeKind, family: str | None, asked: Iterable[str]) -> None:
    """Refuse an answer that holds what may not travel; what is missing is another question."""
    if kind is ExchangeKind.FAMILY_CASE and answer.spouses is None:
        raise SpousesNotStated
    children = set(asked) | (set(answer.children) if kind is ExchangeKind.FAMILY_CASE else set())
    for document in answer.documents:
        if document.form not in TRAVELS[kind]:
            raise MayNotTravel(no=document.no, form=document.form.value)
        subjects = children if document.form in OF_A_CHILD else {family}
        if document.subject not in subjects:
            raise SubjectNotAsked(no=document.no)
        _check_certification(document)


def _check_certification(document: DeclaredDocument) -> None:
    wanted = _WORDS.get(document.derivative)
    if document.certification is not None and document.certification.words is not wanted:
        raise CertificationDoesNotFit(no=document.no)


def missing(
    answer: AnswerManifest, kind: ExchangeKind, family: str | None, asked: Iterable[str]
) -> list[MissingForm]:
    """The mandatory forms that the answer does not hold, in the method's order."""
    held = {(d.form, d.subject, d.spouse) for d in answer.documents}
    if kind is ExchangeKind.CHILD_IAP:
        wanted: list[tuple[FormType, str | None, int | None]] = [
            (FormType.IAP, child, None) for child in asked
        ]
    else:
        spouses = range(1, (answer.spouses or 1) + 1)
        children = list(dict.fromkeys([*asked, *answer.children]))
        wanted = [
            (FormType.FAMILY_CASE, family, None),
            *((FormType.COMPETENCE_REVIEW, family, spouse) for spouse in spouses),
            *((FormType.IAP, child, None) for child in children),
        ]
    return [
        MissingForm(form=form, subject=subject, spouse=spouse)
        for form, subject, spouse in wanted
        if (form, subject, spouse) not in held
    ]
