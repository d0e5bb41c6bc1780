"""Which act each statement is: what a person's key may sign, by what the person may do in the centre's name.

Of several acts one is enough: what either side of a matter may say, each side's people may. A statement that
stands nowhere here is made by a centre's own system alone, as what the register's job says. The side that
begins a matter asks, the one that is asked answers; a centre's own work with a family is begun by it too.
Source: design.md 10; method S90, S91.
"""

from collections.abc import Mapping
from types import MappingProxyType

from hub.people.person import Act
from saikne_schemas import (
    agreements,
    child_moves,
    corrections,
    extensions,
    family_moves,
    manifests,
    offers,
    outside,
    paper,
    plan_sendings,
    plan_talks,
    plans,
    price_ceilings,
    proofs,
    reconciliation,
    refusals,
    registrations,
    sibling_contacts,
    supplements,
    training,
)
from saikne_schemas.wire import WireDocument

ANY_WORK = frozenset(Act) - {Act.MANAGE_PEOPLE}
"""Of these any lets a person send what a statement will name: a proof, or who is meant."""


def _of(*statements: type[WireDocument]) -> frozenset[type[WireDocument]]:
    return frozenset(statements)


_EITHER_SIDE = _of(
    *(family_moves.OverrideDate, family_moves.ConfirmOverride, family_moves.DeclineOverride),
    *(family_moves.ObjectToDate, family_moves.Talked, family_moves.CancelMove),
    *(child_moves.BeginChildMove, child_moves.MeetingHeld, child_moves.CancelChildMove),
    *(sibling_contacts.ChangeContact, sibling_contacts.DifficultyFound),
    *(sibling_contacts.RecordedInCase, sibling_contacts.EndContact),
    *(paper.WrongRecipient, proofs.OpenProof),
)
MAY_STATE: Mapping[Act, frozenset[type[WireDocument]]] = MappingProxyType(
    {
        Act.ASK: _EITHER_SIDE
        | _of(
            *(manifests.RequestForCopies, manifests.Withdrawal, supplements.Supplement),
            *(extensions.AcceptExtension, extensions.DeclineExtension),
            *(refusals.DisputeRefusal, refusals.AcceptRefusal),
            *(outside.RequestReceived, outside.NameOutsideCentre, outside.CorrectOutsideCentre),
            *(family_moves.BeginFamilyMove, family_moves.NoticeClaimed, family_moves.AskNotice),
            *(family_moves.Registered, family_moves.CourtTold, family_moves.CopiesAsked),
            *(family_moves.GiveUpCopies, corrections.CorrectRegistration),
            *(registrations.PrepareRegistration, registrations.TryRegistrationAgain),
            *(registrations.WithdrawRegistration, reconciliation.ResolveDifference),
            *(child_moves.AcquaintanceHeld, child_moves.ChildPlaced, child_moves.IapAsked),
            *(child_moves.GiveUpIap, child_moves.FormerFamilyContact),
            *(plans.SupportPlan, plans.ActivityAdded, plans.ActivityEnded, plans.ServiceGiven),
            *(plans.FamilyReported, plans.PlanClosed, plan_talks.TalkHeld, plan_talks.TalkNeeded),
            *(sibling_contacts.ProposeContact, training.InformedFamily),
        ),
        Act.ANSWER: _EITHER_SIDE
        | _of(
            *(manifests.AnswerManifest, manifests.Discard, paper.PaperAnswer),
            *(offers.Offer, offers.TakeOfferBack, refusals.Refuse, extensions.ProposeExtension),
            *(proofs.ReadSigned, family_moves.NoticeReceived, family_moves.NoticeNotReceived),
            *(family_moves.DecideLateNotice, family_moves.Archived, corrections.CorrectNotice),
            *(child_moves.InformedBefore, child_moves.IapArchived),
            *(sibling_contacts.AgreeContact, sibling_contacts.DeclineContact),
            *(training.TrainingHeld, training.CertificateIssued),
        ),
        Act.DISPATCH: _of(
            *(manifests.Dispatch, manifests.Reveal, paper.HandedOver, paper.Posted),
            *(paper.PostOutcome, paper.CorrectItem, paper.Resolve, paper.WrongRecipient),
            *(plans.PlanSent, plan_sendings.PlanRecipient, plan_sendings.PlanDispatch),
            *(plan_sendings.PlanProlong, plan_sendings.PlanPasswordAgain),
        ),
        Act.CONFIRM: _of(
            *(manifests.Confirmation, manifests.Dispute, manifests.Prolong, manifests.HandOverAgain),
            *(paper.PaperReceipt, paper.WrongRecipient, proofs.ReadSigned, plans.PlanConfirmed),
        ),
        Act.AGREE: _of(
            *(agreements.ProposeAgreement, agreements.AcceptAgreement),
            *(agreements.RefuseAgreement, agreements.EndAgreement),
            *(training.TrainingContract, training.AcceptContract, training.DeclineContract),
            *(training.CancelTraining, training.Invoice, training.InvoicePaid),
            *(price_ceilings.PriceCeiling, price_ceilings.CorrectCeiling),
            price_ceilings.WithdrawCeiling,
        ),
        Act.MANAGE_PEOPLE: _of(),
    }
)
"""Whom a key belongs to is approved on a page, and told by no statement."""


def acts_for(statement: type[WireDocument]) -> frozenset[Act]:
    """Any of which lets a person state it; none: no person's key does."""
    return frozenset(act for act, stated in MAY_STATE.items() if statement in stated)
