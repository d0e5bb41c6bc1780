"""What is done side by side because a family moves, and when it counts as done.

Source: method S77 (copies asked for), S79 (archived), S80 (register), S81 (court), S82-S85 (talk); features
N3, N11. The copies have an exchange and a term of their own; whether they come holds up nothing here.
"""

from hub.duties.duty import DutyKind
from hub.kernel.days import happened
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from hub.transfers.courts import Directory
from hub.transfers.family.dating import owed
from hub.transfers.family.steps import DONE_BY_BOTH
from hub.transfers.fitting_exchange import NamedExchange, Wanted, require_fit
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.family_moves import (
    Archive,
    Archived,
    CopiesAsked,
    CourtNotice,
    CourtTold,
    FamilyMove,
    Registered,
    Registration,
    Talk,
    Talked,
)
from saikne_schemas.vocabulary import ExchangeKind

OTHER_COURT = "transfers.other-court"


class PsychologistNotAgreed(Refusal):
    """A psychologist takes part by agreement of both centres (method S85)."""

    code = "transfers.psychologist-not-agreed"


def register(move: FamilyMove, done: Registered, scene: Scene) -> Outcome[FamilyMove]:
    return entered(move, Registration(registered_on=done.registered_on, register_id=done.register_id), scene)


def entered(move: FamilyMove, entry: Registration, scene: Scene) -> Outcome[FamilyMove]:
    """The register holds the move, as a person or the register itself says."""
    happened(entry.registered_on, scene.today, after=move.effective_on)
    after = _with(move, DutyKind.REGISTER, registered=entry)
    return Outcome(
        after,
        to=_closed_if_last(after),
        meets=(DutyKind.REGISTER,),
        drops=_dropped_if_last(after),
        done_on=entry.registered_on,
        facts={"registered_on": entry.registered_on.isoformat()},
    )


def entry_taken_back(move: FamilyMove, scene: Scene) -> Outcome[FamilyMove]:
    """The register is to hold the move no more: its entry is owed again, from the same day as at first."""
    left = {*move.remaining, DutyKind.REGISTER}
    changes = {"registered": None, "remaining": [kind for kind in DONE_BY_BOTH if kind in left]}
    return Outcome(
        move.model_copy(update=changes),
        to=FamilyMoveState.DATED,
        opens=(owed(move, DutyKind.REGISTER, scene),),
    )


def tell_court(move: FamilyMove, told: CourtTold, scene: Scene, courts: Directory) -> Outcome[FamilyMove]:
    """It may be told before the family has moved; another court than the territory's is warned of."""
    court = courts.court(told.court)
    happened(told.sent_on, scene.today, after=move.agreed_on)
    notice = CourtNotice(
        court=told.court, channel=told.channel, sent_on=told.sent_on, letter_sha256=told.letter_sha256
    )
    after = _with(move, DutyKind.COURT_NOTICE, court_told=notice)
    return Outcome(
        after,
        to=_closed_if_last(after),
        meets=(DutyKind.COURT_NOTICE,),
        drops=_dropped_if_last(after),
        done_on=told.sent_on,
        facts={"court": told.court, "sent_on": told.sent_on.isoformat(), "channel": told.channel.value},
        warnings=() if courts.serving(move.territory, told.sent_on) == court else (OTHER_COURT,),
    )


def talk(move: FamilyMove, talked: Talked, scene: Scene) -> Outcome[FamilyMove]:
    if talked.psychologist and not talked.agreed_by_both:
        raise PsychologistNotAgreed
    happened(talked.held_on, scene.today, after=move.agreed_on)
    said = Talk(
        held_on=talked.held_on, form=talked.form, topics=talked.topics, psychologist=talked.psychologist
    )
    after = _with(move, DutyKind.TALK, talked=said)
    return Outcome(
        after,
        to=_closed_if_last(after),
        meets=(DutyKind.TALK,),
        drops=_dropped_if_last(after),
        done_on=talked.held_on,
        tells=((scene.other(), "talked"),),
        facts={"held_on": talked.held_on.isoformat(), "form": talked.form.value},
    )


def ask_copies(
    move: FamilyMove, asked: CopiesAsked, scene: Scene, exchange: NamedExchange | None
) -> Outcome[FamilyMove]:
    new, previous = scene.who(FamilyMoveRole.NEW), scene.who(FamilyMoveRole.PREVIOUS)
    require_fit(exchange, Wanted(ExchangeKind.FAMILY_CASE, new, previous, move.family))
    after = _with(move, DutyKind.REQUEST_COPIES, copies=asked.exchange)
    return Outcome(
        after,
        to=_closed_if_last(after),
        meets=(DutyKind.REQUEST_COPIES,),
        drops=_dropped_if_last(after),
        facts={"exchange": str(asked.exchange)},
    )


def archive(move: FamilyMove, archived: Archived, scene: Scene) -> Outcome[FamilyMove]:
    happened(archived.archived_on, scene.today, after=move.effective_on)
    filed = Archive(archived_on=archived.archived_on, archive_reference=archived.archive_reference)
    after = _with(move, DutyKind.ARCHIVE_CASE, archived=filed)
    return Outcome(
        after,
        to=_closed_if_last(after),
        meets=(DutyKind.ARCHIVE_CASE,),
        drops=_dropped_if_last(after),
        done_on=archived.archived_on,
        tells=((scene.who(FamilyMoveRole.NEW), "archived"),),
        facts={"archived_on": archived.archived_on.isoformat(), "reference": archived.archive_reference},
    )


def _closed_if_last(move: FamilyMove) -> FamilyMoveState | None:
    """Doing the last thing that is left closes the move."""
    return None if move.remaining else FamilyMoveState.CLOSED


def _dropped_if_last(move: FamilyMove) -> tuple[DutyKind, ...]:
    """Another day that was proposed is answered no more."""
    return () if move.remaining else (DutyKind.ANSWER_DATE,)


def _with(move: FamilyMove, kind: DutyKind, **changes: object) -> FamilyMove:
    """With the last thing done nothing awaits the other centre any more."""
    left = [one for one in move.remaining if one is not kind]
    if not left:
        changes["override"] = None
    return move.model_copy(update={**changes, "remaining": left})
