"""Requests for copies, as one workflow: what begins an exchange, and every statement that moves it.

The table is `steps`; which step a statement is, what is looked up for it, what it does and why it may be
refused stands here. Source: method S57-S60, S77-S79, S88-S90, S106, S108-S109, S134.
"""

from functools import partial

from hub.agreements import casework as agreements
from hub.centres.centre import CentreSuspended
from hub.evidence.event import EventKind
from hub.exchange import copy_request, documents, extension, incomplete, offer, supplement, ways
from hub.exchange.casework import (
    answering,
    asking,
    closing,
    extending,
    handing_over,
    misdirected,
    paper,
    receiving,
    refusing,
    supplementing,
)
from hub.exchange.casework.case import Case, OtherRound
from hub.exchange.casework.exchanges import Exchanges
from hub.exchange.casework.verb import verb
from hub.exchange.record import Record
from hub.exchange.steps import STEPS, Action, Role
from hub.kernel import days
from hub.matters.casework.engine import Engine
from hub.matters.workflow import AnyVerb, Moment, Opening, Workflow, knowing
from hub.passwords import casework as passwords
from hub.passwords import channels
from hub.plumbing.blobs import BlobsFull, BlobsUnavailable
from hub.proofs import sufficing
from hub.proofs.casework import NamedElsewhere, Unknown
from hub.workdays.calendars import YearNotKnown
from hub.workdays.store import CalendarMissing
from saikne_schemas import extensions, manifests, offers, refusals, supplements
from saikne_schemas import paper as on_paper
from saikne_schemas.statements import Accepted
from saikne_schemas.views import ExchangeView
from saikne_schemas.vocabulary import ExchangeState
from saikne_schemas.vocabulary import Workflow as Kind

_WAYS = (*channels.REFUSES, ways.CannotCollect)
_AGREED = (channels.ContactChanged, CentreSuspended)
_HANDED_OVER = (OtherRound, ways.OtherWay, *_AGREED, passwords.NotHandedOver, passwords.Expired)
_CALENDARS = (CalendarMissing, YearNotKnown)
_DECLARED = (
    documents.SpousesNotStated,
    documents.MayNotTravel,
    documents.SubjectNotAsked,
    documents.CertificationDoesNotFit,
    documents.CertificationMixed,
    days.DateInTheFuture,
    days.DateOutOfRange,
    answering.TooManyRounds,
    ways.DepartsFromWish,
    ways.DepartureDoesNotFit,
)
_NOT_LEFT = "nothing has left yet: that it was dispatched, handed over or posted is told"
_ON_PAPER = (OtherRound, ways.OtherWay, *days.DONE, *_CALENDARS)

_ASK = Opening(
    statement=manifests.RequestForCopies,
    operation="askForCopies",
    event=EventKind.REQUEST_OPENED,
    state=ExchangeState.REQUESTED,
    parties=lambda said: [(said.requester, Role.REQUESTER), (said.holder, Role.HOLDER)],
    rule=knowing(asking.know_for_request, asking.ask),
    once=copy_request.ONCE,
    refuses=(
        copy_request.NotYourCentre,
        copy_request.AskedOfYourself,
        asking.TooManyOpen,
        copy_request.HolderUnknown,
        copy_request.BasisDoesNotFit,
        *agreements.REFUSES,
        *sufficing.INSUFFICIENT,
        *_WAYS,
        ways.CannotSend,
        *_CALENDARS,
    ),
)
_OFFER = Opening(
    statement=offers.Offer,
    operation="offerInformation",
    event=EventKind.INFORMATION_OFFERED,
    state=ExchangeState.REQUESTED,
    parties=lambda said: [(said.receiver, Role.REQUESTER), (said.holder, Role.HOLDER)],
    rule=knowing(asking.know_for_offer, asking.offer),
    refuses=(
        copy_request.NotYourCentre,
        offer.OfferedToYourself,
        asking.TooManyOpen,
        offer.ReceiverUnknown,
        copy_request.BasisDoesNotFit,
        *_WAYS,
        *_CALENDARS,
    ),
)
_ANSWER = (
    verb(
        statement=manifests.AnswerManifest,
        operation="declareAnswer",
        event=EventKind.ANSWER_DECLARED,
        action=Action.ANSWER,
        rule=knowing(answering.preparing, answering.declare),
        refuses=(
            *_DECLARED,
            answering.TooMuchPrepared,
            documents.SignedFileNotCertified,
            *(Unknown, NamedElsewhere, *sufficing.INSUFFICIENT, *agreements.REFUSES_AN_ANSWER),
            *_AGREED,
            *_WAYS,
        ),
        untold=_NOT_LEFT,
    ),
    verb(
        statement=manifests.Discard,
        operation="discardAnswer",
        event=EventKind.ANSWER_DISCARDED,
        action=Action.DISCARD,
        rule=answering.discard,
        refuses=(OtherRound,),
        untold=_NOT_LEFT,
    ),
)
_CLOSE = (
    verb(
        statement=manifests.Confirmation,
        operation="confirmReceipt",
        event=EventKind.RECEIPT_CONFIRMED,
        action=Action.CONFIRM,
        rule=knowing(closing.answered, closing.confirm),
        refuses=(OtherRound, ways.OtherWay, closing.ReceiptDiffers),
    ),
    verb(
        statement=manifests.Dispute,
        operation="disputeAnswer",
        event=EventKind.ANSWER_DISPUTED,
        action=Action.DISPUTE,
        rule=knowing(closing.answered, closing.dispute),
        refuses=(OtherRound, answering.DocumentNotDeclared, closing.ReasonDoesNotFit),
    ),
    verb(
        statement=manifests.Withdrawal,
        operation="withdrawRequest",
        event=EventKind.REQUEST_WITHDRAWN,
        action=Action.WITHDRAW,
        rule=closing.withdraw,
    ),
)
_NO = (
    verb(
        statement=offers.TakeOfferBack,
        operation="takeOfferBack",
        event=EventKind.INFORMATION_TAKEN_BACK,
        action=Action.TAKE_BACK,
        rule=closing.take_offer_back,
        refuses=(closing.NothingOffered,),
    ),
    verb(
        statement=refusals.Refuse,
        operation="refuseRequest",
        event=EventKind.REQUEST_REFUSED,
        action=Action.REFUSE,
        rule=knowing(refusing.before, refusing.refuse),
        refuses=(*refusing.REFUSES, days.DateInTheFuture, days.DateOutOfRange),
    ),
    verb(
        statement=refusals.DisputeRefusal,
        operation="disputeRefusal",
        event=EventKind.REFUSAL_DISPUTED,
        action=Action.DISPUTE_REFUSAL,
        rule=knowing(refusing.spoken, refusing.dispute),
        refuses=(refusing.OtherRefusal,),
    ),
    verb(
        statement=refusals.AcceptRefusal,
        operation="acceptRefusal",
        event=EventKind.REFUSAL_ACCEPTED,
        action=Action.ACCEPT_REFUSAL,
        rule=refusing.accept,
        refuses=(refusing.OtherRefusal,),
        untold="the holder has said no, and has nothing more to do",
    ),
)
_TERM = (
    receiving.VERB,
    verb(
        statement=supplements.Supplement,
        operation="supplementRequest",
        event=EventKind.REQUEST_SUPPLEMENTED,
        action=Action.SUPPLEMENT,
        rule=knowing(supplementing.holder, supplementing.supplement),
        refuses=(
            documents.MayNotTravel,
            supplement.NothingWasAsked,
            supplement.OneChildOnly,
            supplement.TooManyChildren,
            supplement.AddsNothing,
            CentreSuspended,
            *_CALENDARS,
        ),
    ),
    verb(
        statement=extensions.ProposeExtension,
        operation="proposeExtension",
        event=EventKind.EXTENSION_PROPOSED,
        action=Action.PROPOSE_EXTENSION,
        rule=knowing(extending.counted, extending.propose),
        refuses=(
            extension.NotLater,
            extension.TooLong,
            extension.NotAWorkingDay,
            extending.NoTerm,
            *_CALENDARS,
        ),
    ),
    verb(
        statement=extensions.AcceptExtension,
        operation="acceptExtension",
        event=EventKind.EXTENSION_AGREED,
        action=Action.ACCEPT_EXTENSION,
        rule=knowing(extending.term, extending.accept),
        refuses=(extending.NoTerm, extending.NotProposed),
    ),
    verb(
        statement=extensions.DeclineExtension,
        operation="declineExtension",
        event=EventKind.EXTENSION_DECLINED,
        action=Action.DECLINE_EXTENSION,
        rule=knowing(extending.term, extending.decline),
        refuses=(extending.NoTerm, extending.NotProposed),
    ),
)
_PAPER = (
    verb(
        statement=on_paper.PaperAnswer,
        operation="answerOnPaper",
        event=EventKind.ANSWER_DECLARED,
        action=Action.ANSWER_ON_PAPER,
        rule=knowing(answering.requester, answering.declare_on_paper),
        refuses=(*_DECLARED, CentreSuspended),
        untold=_NOT_LEFT,
    ),
    verb(
        statement=on_paper.HandedOver,
        operation="handOverInPerson",
        event=EventKind.ANSWER_HANDED_OVER,
        action=Action.HAND_OVER_IN_PERSON,
        rule=knowing(paper.papers, paper.hand_over),
        refuses=(*_ON_PAPER, *incomplete.REFUSES, paper.PersonNotListed),
    ),
    verb(
        statement=on_paper.Posted,
        operation="postAnswer",
        event=EventKind.ANSWER_POSTED,
        action=Action.POST,
        rule=knowing(paper.papers, paper.post),
        refuses=(*_ON_PAPER, *incomplete.REFUSES),
    ),
    verb(
        statement=on_paper.PostOutcome,
        operation="tellPostOutcome",
        event=paper.outcome_event,
        action=paper.outcome_step,
        rule=knowing(paper.posted_papers, paper.tell_outcome),
        refuses=(*_ON_PAPER, paper.OutcomeKnown),
    ),
    verb(
        statement=on_paper.CorrectItem,
        operation="correctItem",
        event=EventKind.POST_CORRECTED,
        action=Action.CORRECT_ITEM,
        rule=knowing(paper.posted_papers, paper.correct_item),
        refuses=(OtherRound, ways.OtherWay, paper.SameItem),
    ),
    verb(
        statement=on_paper.PaperReceipt,
        operation="confirmPaper",
        event=EventKind.RECEIPT_CONFIRMED,
        action=Action.CONFIRM_PAPER,
        rule=knowing(closing.answered, closing.confirm_paper),
        refuses=(OtherRound, ways.OtherWay),
    ),
)
_ASTRAY = (
    verb(
        statement=on_paper.WrongRecipient,
        operation="tellWrongRecipient",
        event=EventKind.RECIPIENT_WRONG,
        action=Action.TELL_WRONG_RECIPIENT,
        rule=knowing(misdirected.concerned, misdirected.freeze),
        refuses=(OtherRound, *_CALENDARS),
    ),
    verb(
        statement=on_paper.Resolve,
        operation="resolveWrongRecipient",
        event=EventKind.RECIPIENT_RESOLVED,
        action=Action.RESOLVE,
        rule=knowing(misdirected.concerned, misdirected.resolve),
        refuses=(OtherRound,),
    ),
)
_PASSWORD = (
    verb(
        statement=manifests.Prolong,
        operation="prolongPassword",
        event=EventKind.HANDOVER_PROLONGED,
        action=Action.PROLONG,
        rule=knowing(handing_over.collecting, handing_over.prolong),
        refuses=(
            OtherRound,
            ways.OtherWay,
            passwords.ProlongedTooOften,
            passwords.NotHandedOver,
            passwords.Expired,
            *_CALENDARS,
        ),
    ),
    verb(
        statement=manifests.HandOverAgain,
        operation="handOverAgain",
        event=EventKind.HANDOVER_ASKED_AGAIN,
        action=Action.HAND_OVER_AGAIN,
        rule=knowing(handing_over.way, handing_over.again),
        refuses=(*_HANDED_OVER, passwords.SpokenNotSent, passwords.TooManyTries),
        untold="the password comes once more to whoever asks for it; its sender has nothing to do",
    ),
)

_NOTICES = frozenset(
    {
        *("request_received", "offer_received", "offer_taken_back", "item_corrected", "withdrawn"),
        *("request_supplemented", "request_refused", "refusal_disputed", "refusal_disputed_late"),
        *("extension_proposed", "extension_agreed", "extension_declined", "password_prolonged"),
        *("answer_dispatched", "answer_handed_over", "answer_posted", "post_delivered", "post_returned"),
        *("confirmed", "disputed", "disputed_late", "lapsed", "abandoned", "wrong_recipient"),
        "recipient_resolved",
    }
)

COPIES: Workflow[Case, Moment, Record] = Workflow(
    kind=Kind.COPIES,
    content=Case,
    view=ExchangeView,
    states=ExchangeState,
    forgets_in=frozenset({ExchangeState.CONFIRMED, ExchangeState.WITHDRAWN, ExchangeState.REFUSED}),
    roles=Role,
    steps=STEPS,
    opening=_ASK,
    unasked=_OFFER,
    verbs=(*_ANSWER, *_CLOSE, *_NO, *_TERM, *_PAPER, *_ASTRAY, *_PASSWORD),
    notices=_NOTICES,
)
ENGINE: Engine[Accepted, Case, Moment, Record] = Engine(COPIES, Exchanges(COPIES))


def dispatching(whole: answering.Whole) -> AnyVerb[Case, Moment, Record]:
    """Needs more than being taken: the archive is made whole between two transactions."""
    return verb(
        statement=manifests.Dispatch,
        operation="dispatchAnswer",
        event=EventKind.ANSWER_DISPATCHED,
        action=Action.DISPATCH,
        rule=knowing(answering.whole_answer, partial(answering.dispatch, whole)),
        refuses=(
            OtherRound,
            ways.OtherWay,
            *_AGREED,
            answering.DocumentsAwaited,
            *incomplete.REFUSES,
            *_CALENDARS,
            BlobsUnavailable,
            BlobsFull,
        ),
    )


def revealing(shown: handing_over.Shown) -> AnyVerb[Case, Moment, Record]:
    """Is answered by more than an acceptance."""
    return verb(
        statement=manifests.Reveal,
        operation="revealPassword",
        event=EventKind.HANDOVER_REVEAL_ASKED,
        action=Action.REVEAL,
        rule=knowing(handing_over.way, shown.reveal),
        refuses=(
            *_HANDED_OVER,
            passwords.NotVoice,
            passwords.PersonNotAuthorised,
            passwords.AlreadyRevealed,
        ),
        untold="it is read out to the other side, on the telephone",
    )
