"""The holder answers: it declares the set, sends each document, takes it back or dispatches (method S78)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.agreements.agreement import password_by_mail, require_signed_certification
from hub.agreements.casework import papers_between
from hub.centres import store as centres
from hub.centres.centre import Centre, taking_part
from hub.duties.duty import DutyKind
from hub.exchange import documents, owed, quotas, store, ways
from hub.exchange.casework.beside import (
    Effect,
    Write,
    change_answer,
    erase_password,
    erase_payload,
    insert_rows,
)
from hub.exchange.casework.case import Case, Desk, newest_answer
from hub.exchange.casework.handing_over import last_day_to_collect
from hub.exchange.casework.way import agreed_with, way_under_way
from hub.exchange.incomplete import with_reasons
from hub.kernel.clock import end_of, riga_day
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal, TooMuch
from hub.matters.workflow import Moment, Outcome
from hub.parcels import casework as parcels
from hub.parcels.store import row_of, segment
from hub.passwords import casework as passwords
from hub.passwords.channels import Route, route
from hub.passwords.handover import ErasedBecause
from hub.plumbing.promises import promise
from hub.plumbing.rows import Rows
from hub.proofs import casework as proofs
from hub.proofs import sufficing
from hub.web.limits import NOT_SOON
from saikne_schemas.agreements import Agreement
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import AnswerManifest, DeclaredDocument, Discard, Dispatch, Receipt
from saikne_schemas.paper import PaperAnswer, PaperDocument
from saikne_schemas.signed_files import Verdict
from saikne_schemas.views import MissingForm
from saikne_schemas.vocabulary import (
    PAPER_WAYS,
    DeliveryChannel,
    PasswordChannel,
    RequestSignatures,
)

ROUNDS_AT_MOST = 50
"""How often an answer may be declared; whoever needs more withdraws and asks again."""
_NO_SIGNATURE = frozenset({None, Verdict.UNSIGNED})


class TooMuchPrepared(TooMuch):
    """A centre has declared more documents than it may hold here without sending them on their way."""

    code = "exchange.too-much-prepared"


class TooManyRounds(Refusal):
    code = "exchange.too-many-rounds"


class DocumentsAwaited(Refusal):
    code = "exchange.documents-awaited"


class DocumentNotDeclared(Refusal):
    code = "exchange.document-not-declared"


@dataclass(frozen=True, slots=True)
class Preparing:
    """What is known of the two centres when the holder declares an answer."""

    requester: Centre | None
    contacts: Contacts
    prepared_bytes: int
    """Of all that the holder has declared and not sent."""
    at_most: int
    files: Mapping[UUID, Verdict]
    """What the hub found in the file that certifies the set."""
    papers: Sequence[Agreement]
    """What the two ever agreed in writing; asked only where nothing that was signed suffices, or where a
    password is to go by mail as its archive does."""

    def way_of(self, case: Case, said: AnswerManifest, today: date) -> Route:
        """As wished; or another one, to the addresses that the requester has notified by now."""
        wish = case.record.receipt
        taken = said.way or wish
        if said.way is None and wish.channel in PAPER_WAYS:
            raise ways.DepartsFromWish(wish=wish.channel.value, way=DeliveryChannel.HUB.value)
        ways.check_departure(wish, taken, said.departure)
        requester = taking_part(self.requester)
        ways.check_collects(taken.channel, outside=requester.outside)
        if taken == wish:
            return agreed_with(case, self.contacts)
        return route(taken, self.contacts, password_by_mail=password_by_mail(self.papers, today))

    def check_certified(self, said: AnswerManifest, today: date) -> UUID | None:
        """Which signed file certifies the set; one that is named has to be signed, whatever was agreed."""
        if said.certified_by is not None and self.files.get(said.certified_by.id) in _NO_SIGNATURE:
            raise sufficing.NotSigned
        if sufficing.relied_on(self.files.values()) is RequestSignatures.PLAIN:
            require_signed_certification(self.papers, today, self.files.values())
        return said.certified_by.id if said.certified_by else None

    def check_room(self, said: AnswerManifest) -> None:
        wanted = sum(document.bytes for document in said.documents)
        if self.prepared_bytes + wanted > self.at_most:
            raise TooMuchPrepared(NOT_SOON, prepared_bytes=self.prepared_bytes, bytes_at_most=self.at_most)


async def preparing(desk: Desk, author: CentreId, case: Case, said: AnswerManifest) -> Preparing:
    files = await proofs.verdicts(desk.tx, author, [said.certified_by] if said.certified_by else [])
    by_mail_twice = said.way is not None and said.way.by_mail_twice
    asked_papers = by_mail_twice or sufficing.best_of(files) is None
    return Preparing(
        requester=(await centres.find(desk.tx, [case.requester])).get(case.requester),
        contacts=(await centres.contacts(desk.tx, case.requester)).contacts,
        prepared_bytes=await quotas.prepared_bytes(desk.tx, case.holder),
        at_most=desk.limits.prepared_bytes,
        files=files,
        papers=await papers_between(desk.tx, case.holder, case.requester) if asked_papers else (),
    )


def declare(case: Case, said: AnswerManifest, moment: Moment, known: Preparing) -> Effect:
    """Open a new round: the documents are named, and the round's password is made."""
    lacking = lacking_forms(case, said)
    signed = known.check_certified(said, moment.today)
    known.check_room(said)
    way = known.way_of(case, said, moment.today)

    async def make_password(desk: Desk, case: Case, _: Moment) -> None:
        await passwords.prepare(desk.tx, desk.keyring, case.round_of(case.record.round + 1), way)

    return _new_round(case, Round(said, lacking, way.delivery, signed), moment, make_password)


async def requester(desk: Desk, _author: CentreId, case: Case, _: PaperAnswer) -> Centre | None:
    return (await centres.find(desk.tx, [case.requester])).get(case.requester)


def declare_on_paper(case: Case, said: PaperAnswer, moment: Moment, requester: Centre | None) -> Effect:
    """Open a new round on paper: no password, nothing to send to the hub."""
    lacking = lacking_forms(case, said)
    outside = said.for_outside is not None
    ways.check_departure(case.record.receipt, Receipt(channel=said.way), said.departure, outside=outside)
    taking_part(requester)
    return _new_round(case, Round(said, lacking, said.way), moment)


def lacking_forms(case: Case, said: documents.Answer) -> list[MissingForm]:
    """What a new round would miss; refuses what may not travel, and a round too many."""
    documents.check(said, case.record.asked)
    lacking = documents.missing(said, case.record.asked)
    if case.record.round + 1 > ROUNDS_AT_MOST:
        raise TooManyRounds(at_most=ROUNDS_AT_MOST)
    return lacking


@dataclass(frozen=True, slots=True)
class Round:
    """A new round whose way is decided."""

    said: documents.Answer
    missing: list[MissingForm]
    way: DeliveryChannel
    certified_by: UUID | None = None


def _new_round(case: Case, opened: Round, moment: Moment, *first: Write) -> Effect:
    """Write a declared answer down; the payload of the round before it goes."""
    said, number = opened.said, case.record.round + 1
    documents.check_certified(said, moment.today)

    async def take_back_in_time(desk: Desk, case: Case, _: Moment) -> None:
        late = case.round_of(number).payload()
        await promise(desk.tx, "exchange.abandon", late, after=desk.preparation_time)

    rows = insert_rows(*_rows(case, number, opened, moment))
    payload_before = (erase_payload(),) if case.record.round else ()
    return Outcome(
        case.record.model_copy(update={"round": number, "certified_by": opened.certified_by}),
        facts={
            "round": number,
            "way": opened.way.value,
            "documents": len(said.documents),
            "missing": len(opened.missing),
            **({"certified_by": str(opened.certified_by)} if opened.certified_by else {}),
        },
        beside=(*first, *payload_before, rows, take_back_in_time),
    )


def _rows(case: Case, number: int, opened: Round, moment: Moment) -> tuple[Rows, Rows]:
    said, of_round = opened.said, {"exchange_id": case.identity, "round": number}
    answer = {
        **of_round,
        "statement_id": said.id,
        "way": opened.way.value,
        "departure": said.departure,
        "missing": kept_missing(opened.missing),
        "declared_at": moment.now,
    }
    declared = [
        {
            **of_round,
            "no": one.no,
            "form": one.form.value,
            "subject": one.subject,
            "spouse": one.spouse,
            **_carried(one),
        }
        for one in said.documents
    ]
    return Rows(store.answer, [answer]), Rows(store.document, declared)


def _carried(one: DeclaredDocument | PaperDocument) -> dict[str, object]:
    """In an archive by bytes and digest, on paper by pages."""
    if isinstance(one, PaperDocument):
        return {"media_type": None, "bytes": None, "sha256": None, "pages": one.pages}
    digest = bytes.fromhex(one.sha256)
    return {"media_type": one.media_type.value, "bytes": one.bytes, "sha256": digest, "pages": None}


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer that may be sent on its way, and which way its password takes."""

    answer: store.AnswerRow
    password_channel: PasswordChannel
    collect_by: date
    """By the requester's calendar: as long its password lives."""
    missing: Sequence[MissingForm]
    """Each with its reason."""


async def whole_answer(desk: Desk, _author: CentreId, case: Case, said: Dispatch) -> Ready:
    """Only a complete, matching set is dispatched; a missing form needs a stated reason."""
    answer = await newest_answer(desk.tx, case, said.round)
    ways.check_archive(answer.way)
    held = await store.documents(desk.tx, case.identity, said.round)
    awaited = [document.no for document in held if document.sealed_at is None]
    if awaited:
        raise DocumentsAwaited(documents=awaited)
    way = await way_under_way(desk.tx, case, answer.way)
    missing = with_reasons(missing_of(answer), said)
    collect_by = await last_day_to_collect(desk, case.requester, riga_day(desk.now))
    return Ready(answer, way.password_channel, collect_by, missing)


def missing_of(answer: store.AnswerRow) -> list[MissingForm]:
    return [MissingForm(**form) for form in answer.missing]


def kept_missing(missing: Sequence[MissingForm]) -> list[dict[str, object]]:
    return [form.model_dump(mode="json") for form in missing]


@dataclass(frozen=True, slots=True)
class Whole:
    """The finished archive, and what was sealed in it beside the documents."""

    archive: parcels.Whole
    beside: Sequence[parcels.Part]
    """The manifest, its signature and the inscription."""


NOTHING = Whole(parcels.Whole(b"", 0, b""), ())
"""Where only the description of a dispatch is wanted."""


def dispatch(whole: Whole, case: Case, said: Dispatch, moment: Moment, ready: Ready) -> Effect:
    """Send the set on its way: the term is met, the password starts by its own channel.

    From here the requester owes that it collects and confirms, and the holder a password that is spoken.
    """
    spoken = ready.password_channel is PasswordChannel.VOICE
    begins = (DutyKind.CONFIRM_COPIES, *((DutyKind.READ_PASSWORD_OUT,) if spoken else ()))
    mailed = ready.answer.way == DeliveryChannel.EMAIL_TWO_STEP
    segments = [
        row_of(case.handover, documents.BESIDE_FROM + index, where, sealed, moment.now)
        for index, (where, sealed) in enumerate(whole.beside)
    ]

    async def hand_over(desk: Desk, case: Case, moment: Moment) -> None:
        await passwords.hand_over(desk.tx, case.handover, moment.now, end_of(ready.collect_by))
        if mailed:
            await promise(desk.tx, "exchange.mail_archive", case.handover.payload())

    return Outcome(
        case.record,
        meets=owed.ANSWERING,
        drops=owed.PROPOSED,
        opens=tuple(case.owes(kind, moment.today) for kind in begins),
        tells=((case.requester, "answer_dispatched"),),
        facts={
            "round": said.round,
            "archive_sha256": whole.archive.archive_sha256.hex(),
            "bytes": whole.archive.archive_bytes,
            "collect_by": ready.collect_by.isoformat(),
        },
        beside=(
            insert_rows(Rows(segment, segments)),
            change_answer(
                dispatched_at=moment.now,
                directory=whole.archive.directory,
                archive_bytes=whole.archive.archive_bytes,
                archive_sha256=whole.archive.archive_sha256,
                missing=kept_missing(ready.missing),
                incomplete_because=said.incomplete_because,
                delivery="queued" if mailed else None,
            ),
            hand_over,
        ),
    )


def discard(case: Case, said: Discard, _: Moment) -> Effect:
    """Take back a set that was not dispatched; its segments and its password go."""
    case.check_round(said.round)
    return Outcome(
        case.record,
        facts={"round": said.round},
        beside=(erase_payload(), erase_password(ErasedBecause.DISCARDED)),
    )
