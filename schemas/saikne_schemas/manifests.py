"""The statements of a centre: small JSON documents whose exact bytes are covered by a request's signature.

`id` is chosen by the centre and is the statement's identity: the same bytes sent again get the same answer,
other bytes under the same `id` are refused. Source: design.md 1; method S57, S77, S108, S134.
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Protocol

from pydantic import AfterValidator, Field, model_validator

from saikne_schemas.beside import Despite
from saikne_schemas.rules import Broken
from saikne_schemas.statements import EXCHANGES, ExchangeStatement, Statement
from saikne_schemas.vocabulary import (
    PAPER_WAYS,
    CaseSection,
    CertificationWords,
    DeliveryChannel,
    DepartureReason,
    Derivative,
    DisputeReason,
    ExchangeKind,
    FormType,
    IncompleteBecause,
    LegalBasis,
    MediaType,
    Original,
    PasswordChannel,
    Purpose,
    WithdrawReason,
)
from saikne_schemas.wire import (
    IDENTITY,
    SCHEMA,
    Count,
    Day,
    EachOnce,
    Id,
    IdentityRefs,
    OneLine,
    ProofRef,
    RandomId,
    Reference,
    Sha256,
    WireDocument,
    Yes,
)

MANIFEST_BYTES = 256 * 1024
"""A manifest longer than this is refused before it is read."""
DOCUMENTS_AT_MOST = 500
DOCUMENT_BYTES = 8 * 1024**3
"""One document holds at most 8 GiB."""
DocumentNumber = Annotated[int, Field(ge=1, le=DOCUMENTS_AT_MOST)]


class Receipt(WireDocument):
    """The wished way of receipt: how the copies come (method S88-S90), and an archive's password."""

    channel: DeliveryChannel
    password_channel: PasswordChannel | None = None
    """By which other way an archive's password comes; absent where the copies come on paper."""

    @model_validator(mode="after")
    def _an_archive_has_a_password(self) -> "Receipt":
        if (self.channel in PAPER_WAYS) is (self.password_channel is not None):
            raise Broken("password-way", "an archive names the way of its password; paper has none")
        return self

    @property
    def by_mail_twice(self) -> bool:
        """Archive and password by two mails: the weaker way, for two centres that have agreed to it."""
        return by_mail_twice(self.channel, self.password_channel)


def by_mail_twice(channel: str | None, password_channel: str | None) -> bool:
    return (channel, password_channel) == (DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.EMAIL)


class RequestForCopies(ExchangeStatement):
    """The new centre asks the previous one for copies (method S77, S108)."""

    goes_to: ClassVar[str] = EXCHANGES
    schema_: Literal["saikne.request/1"] = SCHEMA
    id: RandomId = IDENTITY
    requester: Id
    holder: Id
    kind: ExchangeKind
    family: Reference | None = None
    """The family's case number or register id; required for `family_case`, absent for `child_iap`."""
    children: Annotated[list[Reference], Field(max_length=20), EachOnce] = []
    """The placed children known to the requester; exactly one for `child_iap`."""
    legal_basis: LegalBasis
    purpose: Purpose
    receipt: Receipt
    proofs: Annotated[list[ProofRef], Field(max_length=5)] = []
    """The request as a file with a secure electronic signature and time stamp (a signed container or a PDF),
    where the two centres' own agreement does not let a signed statement suffice (MK 473 p. 3)."""
    identities: IdentityRefs = []
    """Who is meant, sealed to the centres that are to know it."""
    despite: Despite | None = None
    """Where copies of the same kind about the same family or child are asked for already."""

    @model_validator(mode="after")
    def _subject_fits_kind(self) -> "RequestForCopies":
        if self.kind is ExchangeKind.CHILD_INFORMATION:
            raise Broken("information-is-offered", "child_information is offered, not asked for")
        if self.kind is ExchangeKind.CHILD_IAP and (self.family is not None or len(self.children) != 1):
            raise Broken("one-child", "child_iap names exactly one child and no family")
        if self.kind is ExchangeKind.FAMILY_CASE and self.family is None:
            raise Broken("family-named", "family_case names the family")
        return self


class Certification(WireDocument):
    """The inscription that makes a copy a certified one (MK 558; domain 2.3)."""

    words: CertificationWords
    officer: OneLine
    position: OneLine
    organisation: OneLine
    on: Day


class Copied(Protocol):
    """A document of an answer, in an archive or on paper, as far as its number and certification go."""

    @property
    def no(self) -> int: ...
    @property
    def derivative(self) -> Derivative: ...
    @property
    def certification(self) -> Certification | None: ...


def check_form(form: FormType, spouse: int | None, sections: Sequence[CaseSection]) -> None:
    """Which forms name a spouse, and which has sections (method S48, S51, S52)."""
    per_spouse = form in (FormType.COMPETENCE_REVIEW, FormType.SELF_ASSESSMENT)
    if per_spouse is (spouse is None):
        raise Broken("spouse-named", "competence forms name the spouse (1 or 2), other forms do not")
    if sections and form is not FormType.FAMILY_CASE:
        raise Broken("sections", "only a family's case has sections")


def check_set(documents: Sequence[Copied], certification: Certification | None) -> None:
    """Numbered in order; every copy certified once, by itself or with the whole set (domain 2.3)."""
    if [document.no for document in documents] != list(range(1, len(documents) + 1)):
        raise Broken("documents-numbered", "documents are numbered 1, 2, 3 … in order")
    copies = [document for document in documents if document.derivative is not Derivative.ORIGINAL]
    if any((certification is None) is (copy.certification is None) for copy in copies):
        raise Broken("certified-once", "a copy is certified once: by itself or with the whole set")
    if certification is not None and not copies:
        raise Broken("originals-uncertified", "a set of originals carries no certification")


class DeclaredDocument(WireDocument):
    """One document of an answer, declared before it is sent."""

    no: DocumentNumber
    form: FormType
    subject: Reference
    """The family or the child that the document is about."""
    spouse: Annotated[int, Field(ge=1, le=2)] | None = None
    sections: list[CaseSection] = []
    """Of the family's case: which of its ten sections the document holds."""
    media_type: MediaType
    bytes: Annotated[int, Field(ge=1, le=DOCUMENT_BYTES)]
    sha256: Sha256
    original: Original
    derivative: Derivative
    certification: Certification | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "DeclaredDocument":
        if self.derivative is Derivative.ORIGINAL and self.certification is not None:
            raise Broken(
                "copy-certified", "a copy carries its certification; an electronic original carries none"
            )
        check_form(self.form, self.spouse, self.sections)
        return self


class AnswerManifest(ExchangeStatement):
    """The holder declares what it will send (method S78, S86; features N6)."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/answer"
    by_itself: ClassVar[bool] = True
    schema_: Literal["saikne.answer/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    spouses: Annotated[int, Field(ge=1, le=2)] | None = None
    """How many spouses the family has (method S19); required for a family's case."""
    children: Annotated[list[Reference], Field(max_length=20)] = []
    """The children placed with the family, by the holder's knowledge."""
    way: Receipt | None = None
    """The way it goes where copies on paper were wished; otherwise absent: it goes as wished."""
    departure: DepartureReason | None = None
    """Why it goes another way than the wished one."""
    certification: Certification | None = None
    """One for the whole set of copies; each of them then carries none (domain 2.3)."""
    accounted: Yes | None = None
    """The holder accounts for the whole case (method S48, S49): of its ten sections and the support plan,
    what no document holds counts as missing. Older programs do not say so, and are taken by what they say."""
    certified_by: ProofRef | None = None
    """The certification of the set as a signed file, kept beside the copies: needed where the two centres
    have agreed on secure electronic signatures (MK 473 p. 3)."""
    documents: Annotated[list[DeclaredDocument], Field(min_length=1, max_length=DOCUMENTS_AT_MOST)]

    @model_validator(mode="after")
    def _numbered_and_certified(self) -> "AnswerManifest":
        check_set(self.documents, self.certification)
        return self


class MissingBecause(WireDocument):
    """Why one thing that the method makes mandatory is not among the copies (method S47-S55)."""

    form: FormType
    subject: Reference
    """The family or the child that it would be about."""
    spouse: Annotated[int, Field(ge=1, le=2)] | None = None
    section: CaseSection | None = None
    """Of the family's case: the section that no document holds."""
    because: IncompleteBecause

    @model_validator(mode="after")
    def _is_one_thing(self) -> "MissingBecause":
        check_form(self.form, self.spouse, [self.section] if self.section else [])
        return self


def _one_reason_each(reasons: list[MissingBecause]) -> list[MissingBecause]:
    if len({(one.form, one.subject, one.spouse, one.section) for one in reasons}) != len(reasons):
        raise Broken("named-once", "each is named once")
    return reasons


WhyMissing = Annotated[
    list[MissingBecause], Field(max_length=DOCUMENTS_AT_MOST), AfterValidator(_one_reason_each)
]


class Dispatch(ExchangeStatement):
    """The holder sends the sealed set on its way; this meets the term (domain 1.5)."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/dispatch"
    by_itself: ClassVar[bool] = True
    schema_: Literal["saikne.dispatch/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    incomplete_because: IncompleteBecause | None = None
    """The reason of all that is missing and has none of its own."""
    missing_because: WhyMissing = []
    """A reason for each thing that is missing."""


class Discard(ExchangeStatement):
    """The holder takes back an answer it has not dispatched, to declare another."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/discard"
    schema_: Literal["saikne.discard/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count


class CheckedDocument(WireDocument):
    """A document as the requester computed it from the opened archive."""

    no: DocumentNumber
    sha256: Sha256
    bytes: Annotated[int, Field(ge=1, le=DOCUMENT_BYTES)]


class Confirmation(ExchangeStatement):
    """The three-part receipt: it arrived, it opens, it is complete (method S134; features N7)."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/confirm"
    schema_: Literal["saikne.confirmation/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    arrived: Yes
    opens: Yes
    complete: Yes
    archive_sha256: Sha256
    documents: Annotated[list[CheckedDocument], Field(min_length=1, max_length=DOCUMENTS_AT_MOST)]


class Dispute(ExchangeStatement):
    """The requester says what is wrong; the answer is open again and the clock is not restarted."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/dispute"
    schema_: Literal["saikne.dispute/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    reason: DisputeReason
    documents: Annotated[list[DocumentNumber], Field(max_length=DOCUMENTS_AT_MOST)] = []
    """The numbers of the documents concerned, where the reason is about documents."""


class Withdrawal(ExchangeStatement):
    """The requester takes its request back."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/withdraw"
    schema_: Literal["saikne.withdrawal/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    reason: WithdrawReason


class AuthorisedPerson(WireDocument):
    name: OneLine
    position: OneLine


class Reveal(Statement):
    """The holder's authorised person asks to see the password once, to read it out (channel `voice`)."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/reveal"
    schema_: Literal["saikne.reveal/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    spoken_by: AuthorisedPerson


class Prolong(ExchangeStatement):
    """The requester needs its password for longer: three working days more, at most three times."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/prolong"
    schema_: Literal["saikne.prolong/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count


class HandOverAgain(ExchangeStatement):
    """The requester asks that the password be sent once more by the agreed channel."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/hand-over-again"
    schema_: Literal["saikne.hand-over-again/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
