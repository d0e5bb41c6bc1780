"""When a written agreement between two centres holds, and what it says about signatures and passwords.

Source: MK 473 p. 3 (domain 2.3); method S35. Says nothing about the agreement every centre has with the hub
when it is admitted: that one holds between all of them, unless two have a younger one of their own.
"""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from hub.duties.duty import Basis
from hub.evidence.event import EventKind
from hub.kernel.days import DONE, PLANNED, arranged, drawn_up
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Steps
from hub.matters.workflow import Opening, Outcome, Owed, Scene, Verb, Workflow, table
from hub.proofs.sufficing import say_what_lacks
from saikne_schemas.agreements import (
    AcceptAgreement,
    Agreement,
    AgreementView,
    EndAgreement,
    ProposeAgreement,
    RefuseAgreement,
)
from saikne_schemas.signed_files import Verdict
from saikne_schemas.vocabulary import AgreementRole, AgreementState, DutyKind, SignaturesAgreed
from saikne_schemas.vocabulary import Workflow as Kind


class DaysOutOfOrder(Refusal):
    """An agreement is signed before it begins and begins before it ends."""

    code = "agreements.days-out-of-order"


class EndsInThePast(Refusal):
    code = "agreements.ends-in-the-past"


class EndsLaterThanAgreed(Refusal):
    """One centre alone ends an agreement, but does not prolong it: a longer time is a new agreement."""

    code = "agreements.ends-later-than-agreed"


class QualifiedSignatureNeeded(Refusal):
    """The two have agreed on secure electronic signatures, and the request came without."""

    code = "agreements.qualified-signature-needed"


class SignedCertificationNeeded(Refusal):
    """The two have agreed on secure electronic signatures, and nobody signed what certifies the copies."""

    code = "agreements.signed-certification-needed"


class AgreementEnded(Refusal):
    """The two had an agreement of their own, and it has ended."""

    code = "agreements.ended"


class Action(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    END = "end"


_STATE, _ROLE = AgreementState, AgreementRole
STEPS: Steps[AgreementState, Action, AgreementRole] = table(
    {
        (_STATE.PROPOSED, Action.ACCEPT): {_ROLE.ADDRESSEE: _STATE.IN_FORCE},
        (_STATE.PROPOSED, Action.REFUSE): {
            _ROLE.ADDRESSEE: _STATE.REFUSED,
            _ROLE.PROPOSER: _STATE.REFUSED,
        },
        (_STATE.IN_FORCE, Action.END): {_ROLE.ADDRESSEE: _STATE.ENDED, _ROLE.PROPOSER: _STATE.ENDED},
    }
)


def signatures_between(papers: Sequence[Agreement], day: date) -> SignaturesAgreed:
    """What suffices between two centres on a day; `papers` are all they ever had in force.

    Of those valid on the day the one that began last decides; of two of one day, the one given last. Where
    none is valid but one has ended, refuses. Before any, each one's agreement with the hub holds.
    """
    if (decides := _in_force(papers, day)) is not None:
        return decides.signatures
    ends = [(paper.valid_to, paper.reference) for paper in papers if paper.valid_to is not None]
    if over := [(last, reference) for last, reference in ends if last < day]:
        last_day, reference = max(over)
        raise AgreementEnded(reference=reference, last_day=last_day.isoformat())
    return SignaturesAgreed.PLAIN


def password_by_mail(papers: Sequence[Agreement], day: date) -> bool:
    """Whether the two let a password follow its archive by mail (method S60); the same paper decides."""
    decides = _in_force(papers, day)
    return decides is not None and decides.password_by_mail


def _in_force(papers: Sequence[Agreement], day: date) -> Agreement | None:
    valid = [paper for paper in papers if paper.valid_from <= day <= (paper.valid_to or day)]
    return max(reversed(valid), key=lambda paper: paper.valid_from) if valid else None


def require_signed_certification(papers: Sequence[Agreement], day: date, files: Collection[Verdict]) -> None:
    """Refuse copies without a signed certification, where an agreement that is in force wants one.

    One that has ended keeps no answer back: what was asked for under it is owed.
    """
    decides = _in_force(papers, day)
    if decides is not None and decides.signatures is SignaturesAgreed.QUALIFIED:
        say_what_lacks(files)
        raise SignedCertificationNeeded


def require_enough(
    papers: Sequence[Agreement], day: date, *, qualified: bool, files: Collection[Verdict] = ()
) -> None:
    """Refuse what an agreement of the two does not let suffice; a qualified signature always does.

    Of the files that came, the one that lacks least is told what it lacks.
    """
    if not qualified and signatures_between(papers, day) is SignaturesAgreed.QUALIFIED:
        say_what_lacks(files)
        raise QualifiedSignatureNeeded


def _parties(proposal: ProposeAgreement) -> list[tuple[UUID, AgreementRole]]:
    return [
        (proposal.proposer, AgreementRole.PROPOSER),
        (proposal.addressee, AgreementRole.ADDRESSEE),
    ]


def _propose(proposal: ProposeAgreement, scene: Scene) -> Outcome[Agreement]:
    last = proposal.valid_to or proposal.valid_from
    drawn_up(proposal.signed_on, scene.today)
    for day in (proposal.valid_from, last):
        arranged(day, scene.today)
    if not proposal.signed_on <= proposal.valid_from <= last:
        raise DaysOutOfOrder
    said = Agreement(
        reference=proposal.reference,
        signed_on=proposal.signed_on,
        valid_from=proposal.valid_from,
        valid_to=proposal.valid_to,
        signatures=proposal.signatures,
        password_by_mail=proposal.password_by_mail,
    )
    told = ((scene.who(AgreementRole.ADDRESSEE), "proposed"),)
    return Outcome(said, opens=awaited(said, AgreementState.PROPOSED, scene), tells=told)


def awaited(_: Agreement, state: AgreementState, scene: Scene) -> tuple[Owed, ...]:
    """The other centre answers what was proposed."""
    if state is not AgreementState.PROPOSED:
        return ()
    proposer, addressee = scene.who(AgreementRole.PROPOSER), scene.who(AgreementRole.ADDRESSEE)
    return (Owed(DutyKind.ANSWER_PROPOSAL, addressee, scene.today, Basis.PROPOSED, (proposer,)),)


def _accept(paper: Agreement, _: AcceptAgreement, scene: Scene) -> Outcome[Agreement]:
    told = ((scene.who(AgreementRole.PROPOSER), "accepted"),)
    return Outcome(paper, meets=(DutyKind.ANSWER_PROPOSAL,), tells=told)


def _refuse(paper: Agreement, _: RefuseAgreement, scene: Scene) -> Outcome[Agreement]:
    """Whoever proposed takes it back: then there is nothing to answer."""
    answered = scene.roles[scene.author] is AgreementRole.ADDRESSEE
    owed = (DutyKind.ANSWER_PROPOSAL,)
    told = ((scene.other(), "refused"),)
    return Outcome(paper, meets=owed, tells=told) if answered else Outcome(paper, drops=owed, tells=told)


def _end(paper: Agreement, ending: EndAgreement, scene: Scene) -> Outcome[Agreement]:
    if ending.last_day < scene.today:
        raise EndsInThePast
    arranged(ending.last_day, scene.today)
    if ending.last_day < paper.valid_from:
        raise DaysOutOfOrder
    if paper.valid_to is not None and ending.last_day > paper.valid_to:
        raise EndsLaterThanAgreed(last_day=paper.valid_to.isoformat())
    ended = paper.model_copy(update={"valid_to": ending.last_day})
    facts = {"last_day": ending.last_day.isoformat()}
    return Outcome(ended, tells=((scene.other(), "ended"),), facts=facts)


AGREEMENTS: Workflow[Agreement] = Workflow(
    kind=Kind.AGREEMENT,
    content=Agreement,
    view=AgreementView,
    states=AgreementState,
    roles=AgreementRole,
    steps=STEPS,
    at_rest=frozenset({AgreementState.IN_FORCE}),
    awaited=awaited,
    opening=Opening(
        statement=ProposeAgreement,
        operation="proposeAgreement",
        event=EventKind.AGREEMENT_PROPOSED,
        state=AgreementState.PROPOSED,
        parties=_parties,
        rule=_propose,
        refuses=(DaysOutOfOrder, *DONE),
        by=AgreementRole.PROPOSER,
    ),
    verbs=(
        Verb(
            statement=AcceptAgreement,
            operation="acceptAgreement",
            event=EventKind.AGREEMENT_ACCEPTED,
            action=Action.ACCEPT,
            rule=_accept,
        ),
        Verb(
            statement=RefuseAgreement,
            operation="refuseAgreement",
            event=EventKind.AGREEMENT_REFUSED,
            action=Action.REFUSE,
            rule=_refuse,
        ),
        Verb(
            statement=EndAgreement,
            operation="endAgreement",
            event=EventKind.AGREEMENT_ENDED,
            action=Action.END,
            rule=_end,
            refuses=(EndsInThePast, DaysOutOfOrder, EndsLaterThanAgreed, *PLANNED),
        ),
    ),
    notices=frozenset({"proposed", "accepted", "refused", "ended"}),
)
