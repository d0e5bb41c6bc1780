"""What each call of an exchange is published to take and to refuse."""

from hub.agreements import casework as agreements
from hub.centres.centre import CentreSuspended
from hub.exchange import copy_request, documents, extension, offer, supplement, ways
from hub.exchange.casework import answering, asking, closing, collecting, extending, paper, reading
from hub.exchange.casework.statements import (
    IdentityReused,
    NotFound,
    OtherExchange,
    OtherRound,
)
from hub.exchange.casework.uploading import NotAsDeclared
from hub.exchange.steps import StepNotAllowed
from hub.kernel import days
from hub.passwords import casework as passwords
from hub.passwords import channels
from hub.plumbing.blobs import BlobsFull, BlobsUnavailable
from hub.proofs import casework as proofs
from hub.sealing import stream as sealing
from hub.signing.statement import ManifestMalformed, ManifestTooLarge
from hub.web.openapi import archives, reads, states, uploads
from hub.web.paging import CursorMalformed
from hub.web.ranges import RangeNotSatisfiable
from hub.web.uploads import TooManyUploads, UploadBrokenOff
from hub.workdays.calendars import YearNotKnown
from hub.workdays.store import CalendarMissing
from saikne_schemas import extensions, manifests, offers, supplements
from saikne_schemas import paper as on_paper
from saikne_schemas.vocabulary import MediaType

_STATEMENT = (ManifestMalformed, ManifestTooLarge, IdentityReused)
_ABOUT = (*_STATEMENT, NotFound, OtherExchange, StepNotAllowed)
_ABOUT_ROUND = (*_ABOUT, OtherRound)
_WAYS = (channels.ChannelNotOffered, channels.SameChannel, channels.NoContact, channels.SameAddress)
_AGREED = (channels.ContactChanged, CentreSuspended)
_STORE = (BlobsUnavailable, BlobsFull)


ASK = states(
    manifests.RequestForCopies,
    *_STATEMENT,
    copy_request.NotYourCentre,
    copy_request.AskedOfYourself,
    asking.TooManyOpen,
    copy_request.HolderUnknown,
    copy_request.BasisDoesNotFit,
    *agreements.REFUSES,
    proofs.Unknown,
    proofs.NamedElsewhere,
    *_WAYS,
    CalendarMissing,
    YearNotKnown,
)
OFFER = states(
    offers.Offer,
    *_STATEMENT,
    copy_request.NotYourCentre,
    offer.OfferedToYourself,
    asking.TooManyOpen,
    offer.ReceiverUnknown,
    copy_request.BasisDoesNotFit,
    *_WAYS,
)
_DECLARED = (
    *_ABOUT,
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
DECLARE = states(
    manifests.AnswerManifest,
    *_DECLARED,
    answering.TooMuchPrepared,
    documents.SignedFileNotCertified,
    *_AGREED,
    *_WAYS,
)
ANSWER_ON_PAPER = states(on_paper.PaperAnswer, *_DECLARED, CentreSuspended)
_STATED = (
    *_ABOUT_ROUND,
    ways.OtherWay,
    *days.DONE,
    proofs.Unknown,
    proofs.NamedElsewhere,
)
HAND_OVER_IN_PERSON = states(on_paper.HandedOver, *_STATED, answering.FormsMissing, paper.PersonNotListed)
POST = states(on_paper.Posted, *_STATED, answering.FormsMissing)
TELL_POST_OUTCOME = states(on_paper.PostOutcome, *_STATED, paper.OutcomeKnown)
CONFIRM_PAPER = states(on_paper.PaperReceipt, *_ABOUT_ROUND, ways.OtherWay)
TELL_WRONG_RECIPIENT = states(on_paper.WrongRecipient, *_ABOUT_ROUND)
RESOLVE = states(on_paper.Resolve, *_ABOUT_ROUND)
DISCARD = states(manifests.Discard, *_ABOUT_ROUND)
CONFIRM = states(manifests.Confirmation, *_ABOUT_ROUND, ways.OtherWay, closing.ReceiptDiffers)
DISPUTE = states(manifests.Dispute, *_ABOUT_ROUND, answering.DocumentNotDeclared, closing.ReasonDoesNotFit)
WITHDRAW = states(manifests.Withdrawal, *_ABOUT)
SUPPLEMENT = states(
    supplements.Supplement,
    *_ABOUT,
    documents.MayNotTravel,
    supplement.NothingWasAsked,
    supplement.OneChildOnly,
    supplement.TooManyChildren,
    supplement.AddsNothing,
    CentreSuspended,
    CalendarMissing,
    YearNotKnown,
)
PROPOSE_EXTENSION = states(
    extensions.ProposeExtension,
    *_ABOUT,
    extension.NotLater,
    extension.TooLong,
    extension.NotAWorkingDay,
    extending.NoTerm,
    CalendarMissing,
    YearNotKnown,
)
ACCEPT_EXTENSION = states(extensions.AcceptExtension, *_ABOUT, extending.NoTerm, extending.NotProposed)
DECLINE_EXTENSION = states(extensions.DeclineExtension, *_ABOUT, extending.NoTerm, extending.NotProposed)
HAND_OVER_AGAIN = states(
    manifests.HandOverAgain,
    *_ABOUT_ROUND,
    ways.OtherWay,
    *_AGREED,
    passwords.SpokenNotSent,
    passwords.TooManyTries,
    passwords.NotHandedOver,
    passwords.Expired,
)
REVEAL = states(
    manifests.Reveal,
    *_ABOUT_ROUND,
    ways.OtherWay,
    *_AGREED,
    passwords.NotVoice,
    passwords.PersonNotAuthorised,
    passwords.AlreadyRevealed,
    passwords.NotHandedOver,
    passwords.Expired,
)
DISPATCH = states(
    manifests.Dispatch,
    *_ABOUT_ROUND,
    ways.OtherWay,
    *_AGREED,
    answering.DocumentsAwaited,
    answering.FormsMissing,
    *_STORE,
)
SEND_DOCUMENT = uploads(
    MediaType,
    NotFound,
    StepNotAllowed,
    OtherRound,
    ways.OtherWay,
    answering.DocumentNotDeclared,
    NotAsDeclared,
    TooManyUploads,
    UploadBrokenOff,
    sealing.DocumentTooLong,
    sealing.DocumentTruncated,
    sealing.DigestMismatch,
    *_STORE,
)
LIST = reads(CursorMalformed)
SHOW = reads(NotFound)
STATEMENTS = reads(NotFound)
RECEIPT = reads(NotFound, reading.NoReceiptYet)
ARCHIVE = archives(
    NotFound, StepNotAllowed, ways.OtherWay, collecting.ArchiveGone, RangeNotSatisfiable, *_STORE
)
OVERDUE = reads(CursorMalformed)
