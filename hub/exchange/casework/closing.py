"""The requester closes: it confirms in three parts, or disputes, or takes the request back (method S134)."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.duties.duty import DutyKind
from hub.exchange import owed, store, ways
from hub.exchange.casework.again import again, spoke_late
from hub.exchange.casework.answering import DocumentNotDeclared
from hub.exchange.casework.beside import Effect, change_answer, countersign, erase_password, erase_payload
from hub.exchange.casework.case import Case, Desk, newest_answer
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Moment, Outcome
from hub.passwords.handover import ErasedBecause
from saikne_schemas.manifests import Confirmation, Dispute, Withdrawal
from saikne_schemas.offers import TakeOfferBack
from saikne_schemas.paper import PaperReceipt
from saikne_schemas.vocabulary import PAPER_WAYS, DisputeReason, ExchangeKind, ExchangeState

_MET = (DutyKind.CONFIRM_COPIES,)
_ON_ITS_WAY = tuple(kind for kind in owed.ON_ITS_WAY if kind not in _MET)
_OVER = (*_ON_ITS_WAY, *owed.AFTER_LAPSE)
"""What the requester owed it has done, by whichever it says; what else was owed meanwhile is moot."""


class ReasonDoesNotFit(Refusal):
    """A reason that the answer's way cannot give: there is no password to paper."""

    code = "exchange.reason-does-not-fit"


class NothingOffered(Refusal):
    """Who asked for it takes it back; who was asked says no."""

    code = "exchange.nothing-offered"


class ReceiptDiffers(Refusal):
    """What the requester computed is not what was declared: that is a dispute, not a confirmation."""

    code = "exchange.receipt-differs"


@dataclass(frozen=True, slots=True)
class Answered:
    """The newest answer, with its documents."""

    answer: store.AnswerRow
    documents: Sequence[store.DeclaredRow]
    late: bool
    """The requester says something of it after its own day."""


async def answered(
    desk: Desk, _author: CentreId, case: Case, said: Confirmation | Dispute | PaperReceipt
) -> Answered:
    answer = await newest_answer(desk.tx, case, said.round)
    documents = await store.documents(desk.tx, case.identity, said.round)
    return Answered(answer, documents, await spoke_late(desk, case.requester, case))


def confirm(case: Case, said: Confirmation, _: Moment, known: Answered) -> Effect:
    """Close the exchange on the requester's own digests, and countersign the receipt."""
    answer = known.answer
    ways.check_archive(answer.way)
    computed = {d.no: (d.sha256, d.bytes) for d in said.documents}
    differing = [d.no for d in known.documents if computed.pop(d.no, None) != (d.sha256.hex(), d.bytes)]
    if differing or computed or said.archive_sha256 != answer.archive_sha256.hex():
        raise ReceiptDiffers(documents=differing + sorted(computed))
    about = {"archive_sha256": answer.archive_sha256.hex(), "archive_bytes": answer.archive_bytes}
    return Outcome(
        case.record,
        meets=_MET,
        drops=_OVER,
        tells=((case.holder, "confirmed"),),
        facts={"round": said.round, "archive_sha256": said.archive_sha256},
        beside=(
            countersign(answer, about),
            erase_payload(later=True),
            erase_password(ErasedBecause.CONFIRMED),
        ),
    )


def confirm_paper(case: Case, said: PaperReceipt, _: Moment, known: Answered) -> Effect:
    """Close the exchange on what the requester holds in its hands, and countersign the receipt."""
    answer = known.answer
    ways.check_way(answer.way, *PAPER_WAYS)
    return Outcome(
        case.record,
        meets=_MET,
        drops=_OVER,
        tells=((case.holder, "confirmed"),),
        facts={"round": said.round, "way": answer.way},
        beside=(countersign(answer, _on_paper(answer, known.documents)),),
    )


def _on_paper(answer: store.AnswerRow, declared: Sequence[store.DeclaredRow]) -> dict[str, object]:
    """What the receipt names: the way with its own proof, and every document."""
    names = ("handed_over_to", "authority", "item_number", "outcome")
    days = {"sent_on": answer.sent_on.isoformat()}
    if answer.outcome_on is not None:
        days["outcome_on"] = answer.outcome_on.isoformat()
    documents = [
        {"no": one.no, "form": one.form, "subject": one.subject, "spouse": one.spouse, "pages": one.pages}
        for one in declared
    ]
    how = {name: value for name in names if (value := getattr(answer, name)) is not None}
    return {"channel": answer.way, **how, **days, "documents": documents}


def dispute(case: Case, said: Dispute, moment: Moment, known: Answered) -> Effect:
    """Open the answer again."""
    answer = known.answer
    if said.reason is DisputeReason.WRONG_PASSWORD and answer.way in PAPER_WAYS:
        raise ReasonDoesNotFit(reason=said.reason.value, way=answer.way)
    unknown = sorted(set(said.documents) - {one.no for one in known.documents})
    if unknown:
        raise DocumentNotDeclared(documents=unknown)
    more = again(case, moment, late=known.late)
    return Outcome(
        case.record,
        meets=_MET,
        drops=(*_ON_ITS_WAY, *more.moot),
        reopens=more.reopens,
        opens=more.opens,
        tells=((case.holder, "disputed_late") if known.late else (case.holder, "disputed"),),
        facts={"round": said.round, "reason": said.reason.value, "documents": [*said.documents]},
        beside=(
            change_answer(dispute=said.reason.value),
            erase_payload(),
            erase_password(ErasedBecause.DISPUTED),
        ),
    )


def withdraw(case: Case, said: Withdrawal, _: Moment) -> Effect:
    """Take the request back: nobody owes anything any more, and nothing is kept of an answer under way."""
    return _taken_back(case, said.reason.value, ((case.holder, "withdrawn"),))


def take_offer_back(case: Case, said: TakeOfferBack, _: Moment) -> Effect:
    """The same by who offered it, as long as nothing was sent."""
    if case.record.kind is not ExchangeKind.CHILD_INFORMATION:
        raise NothingOffered
    return _taken_back(case, said.reason.value, ((case.requester, "offer_taken_back"),))


def _taken_back(case: Case, reason: str, tells: tuple[tuple[CentreId, str], ...]) -> Effect:
    under_way = case.state is ExchangeState.PREPARING
    return Outcome(
        case.record,
        drops=owed.EVERYTHING,
        tells=tells,
        facts={"reason": reason},
        beside=(erase_payload(), erase_password(ErasedBecause.WITHDRAWN)) if under_way else (),
    )
