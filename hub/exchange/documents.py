"""Which documents may travel in an answer, and which the method makes mandatory.

Source: method S47-S55, S77, S106, S108, S110, S129; domain 1.2 (a child's move carries the IAP only), 2.2,
2.3. The same for an archive and for paper.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hub.kernel.days import drawn_up
from hub.kernel.refusal import Refusal
from saikne_schemas.manifests import AnswerManifest, Certification, DeclaredDocument
from saikne_schemas.paper import PaperAnswer
from saikne_schemas.views import MissingForm
from saikne_schemas.vocabulary import (
    CaseSection,
    CertificationWords,
    Derivative,
    ExchangeKind,
    FormType,
    MediaType,
)

OF_INFORMATION = (FormType.NEEDS, FormType.CAREGIVER_HISTORY, FormType.WELFARE_GOAL)
"""What is told before a child moves; none of it may be missing without a reason (method S106)."""
TRAVELS = {
    ExchangeKind.FAMILY_CASE: frozenset(
        {
            FormType.FAMILY_CASE,
            FormType.SUPPORT_PLAN,
            FormType.COMPETENCE_REVIEW,
            FormType.SELF_ASSESSMENT,
            FormType.WORKER_NOTES,
            FormType.CARE_PREFERENCES,
            FormType.IAP,
            FormType.OTHER_FAMILY,
            FormType.OTHER_CHILD,
        }
    ),
    ExchangeKind.CHILD_IAP: frozenset({FormType.IAP, FormType.OTHER_CHILD}),
    ExchangeKind.CHILD_INFORMATION: frozenset({*OF_INFORMATION, FormType.OTHER_CHILD}),
}
Answer = AnswerManifest | PaperAnswer
BESIDE_FROM = 1001
"""Numbers from here on are the hub's own entries beside the documents."""
OF_A_CHILD = frozenset({FormType.IAP, FormType.OTHER_CHILD, *OF_INFORMATION})
OF_A_SPOUSE = frozenset({FormType.COMPETENCE_REVIEW, FormType.SELF_ASSESSMENT})

_WORDS = {
    Derivative.COPY: CertificationWords.KOPIJA_PAREIZA,
    Derivative.TRUE_COPY: CertificationWords.NORAKSTS_PAREIZS,
    Derivative.EXTRACT: CertificationWords.IZRAKSTS_PAREIZS,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an exchange is about by now."""

    kind: ExchangeKind
    family: str | None
    children: Sequence[str]
    """All that were ever named."""
    more_children: Sequence[str] = ()
    """Those whom a supplement named, and none before."""
    more_forms: Sequence[FormType] = ()
    """What a supplement asks for beside what the method makes mandatory."""
    answered_before: bool = False
    """The first request is answered and confirmed: only the supplement is awaited."""


class MayNotTravel(Refusal):
    """A document that the kind of exchange does not carry: a family's, when a child moves (domain 1.2)."""

    code = "exchange.document-may-not-travel"


class SubjectNotAsked(Refusal):
    """A document about a family or child that is not what was asked for."""

    code = "exchange.subject-not-asked"


class CertificationDoesNotFit(Refusal):
    code = "exchange.certification-does-not-fit"


class CertificationMixed(Refusal):
    """One certification has one wording, so the set that it certifies is of one kind (domain 2.3)."""

    code = "exchange.certification-mixed"


class SignedFileNotCertified(Refusal):
    """A signed container is an original wherever it goes: it is forwarded whole and never certified."""

    code = "exchange.signed-file-not-certified"


class SpousesNotStated(Refusal):
    code = "exchange.spouses-not-stated"


def check(answer: Answer, asked: Asked) -> None:
    """Refuse an answer that holds what may not travel; what is missing is another question."""
    kind = asked.kind
    if kind is ExchangeKind.FAMILY_CASE and answer.spouses is None:
        raise SpousesNotStated
    children = set(asked.children) | (set(answer.children) if kind is ExchangeKind.FAMILY_CASE else set())
    for document in answer.documents:
        if document.form not in TRAVELS[kind]:
            raise MayNotTravel(no=document.no, form=document.form.value)
        subjects = children if document.form in OF_A_CHILD else {asked.family}
        if document.subject not in subjects:
            raise SubjectNotAsked(no=document.no)
    _check_certification(answer)


def check_certified(answer: Answer, today: date) -> None:
    """Nothing is certified on a day that has not come; a copy may have been certified long ago."""
    for how in certifications(answer):
        drawn_up(how.on, today)


def certifications(answer: Answer) -> list[Certification]:
    """Of the whole set, or of each copy."""
    certified = [answer.certification, *(document.certification for document in answer.documents)]
    return [how for how in certified if how is not None]


def _check_certification(answer: Answer) -> None:
    copies = [document for document in answer.documents if document.derivative is not Derivative.ORIGINAL]
    for copy in copies:
        if isinstance(copy, DeclaredDocument) and copy.media_type is MediaType.ASICE:
            raise SignedFileNotCertified(no=copy.no)
    if answer.certification is not None and len({copy.derivative for copy in copies}) > 1:
        raise CertificationMixed
    for copy in copies:
        how = copy.certification or answer.certification
        if how is not None and how.words is not _WORDS[copy.derivative]:
            raise CertificationDoesNotFit(no=copy.no)


def missing(answer: Answer, asked: Asked) -> list[MissingForm]:
    """The mandatory forms that the answer does not hold: first the method's, then those asked for."""
    held = {(d.form, d.subject, d.spouse) for d in answer.documents}
    by_method = _of_supplement(asked) if asked.answered_before else _by_method(answer, asked)
    wanted = dict.fromkeys([*by_method, *_asked_for(answer, asked)])
    forms = [
        MissingForm(form=form, subject=subject, spouse=spouse)
        for form, subject, spouse in wanted
        if (form, subject, spouse) not in held
    ]
    return forms + _sections(answer, asked)


def _sections(answer: Answer, asked: Asked) -> list[MissingForm]:
    """Of a case that is accounted for, or says what it holds: the sections that no document of it holds."""
    cases = [document for document in answer.documents if document.form is FormType.FAMILY_CASE]
    stated = {section for document in cases for section in document.sections}
    judged = stated or (cases and _accounted(answer, asked))
    return [
        MissingForm(form=FormType.FAMILY_CASE, subject=asked.family, section=section)
        for section in CaseSection
        if judged and section not in stated
    ]


def _accounted(answer: Answer, asked: Asked) -> bool:
    """A supplement to what was confirmed adds to the case and does not tell it again."""
    return bool(answer.accounted) and not asked.answered_before


_Wanted = Iterator[tuple[FormType, str | None, int | None]]


def _by_method(answer: Answer, asked: Asked) -> _Wanted:
    if asked.kind is ExchangeKind.FAMILY_CASE:
        yield FormType.FAMILY_CASE, asked.family, None
        if _accounted(answer, asked):
            yield FormType.SUPPORT_PLAN, asked.family, None
        for spouse in _spouses(answer):
            yield FormType.COMPETENCE_REVIEW, asked.family, spouse
    by_kind = OF_INFORMATION if asked.kind is ExchangeKind.CHILD_INFORMATION else (FormType.IAP,)
    for child in _children(answer, asked):
        for form in by_kind:
            yield form, child, None


def _of_supplement(asked: Asked) -> _Wanted:
    for child in asked.more_children:
        yield FormType.IAP, child, None


def _asked_for(answer: Answer, asked: Asked) -> _Wanted:
    for form in asked.more_forms:
        if form in OF_A_CHILD:
            children = asked.more_children if asked.answered_before else ()
            for child in children or _children(answer, asked):
                yield form, child, None
        elif form in OF_A_SPOUSE:
            for spouse in _spouses(answer):
                yield form, asked.family, spouse
        else:
            yield form, asked.family, None


def _spouses(answer: Answer) -> range:
    return range(1, (answer.spouses or 1) + 1)


def _children(answer: Answer, asked: Asked) -> list[str]:
    known = answer.children if asked.kind is ExchangeKind.FAMILY_CASE else []
    return list(dict.fromkeys([*asked.children, *known]))
