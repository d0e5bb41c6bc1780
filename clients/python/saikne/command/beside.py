"""What a matter waits for, what of it is owed, and what may be done beside that: with the commands.

Source: method S74-S78, S133; design.md 3, 9. Said where a matter is looked at, after what was said of it, and
where a step is refused. What can be put right is `correcting`; who may do what in which state says the hub.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from saikne.command.correcting import role_in
from saikne.command.given import today_in_riga
from saikne.command.owed import PROVED, acts, tell_acts, tell_duty
from saikne.command.speaking_for import command_of
from saikne.command.speech import Console, say
from saikne_schemas.family_move_words import DatedBy, FamilyMoveRole, FamilyMoveState
from saikne_schemas.plan_lists import PlanState
from saikne_schemas.vocabulary import DutyKind, Workflow

if TYPE_CHECKING:
    from saikne_schemas.family_moves import FamilyMoveView
    from saikne_schemas.matters import DutyView

PROLONGED_AT_MOST = 3
"""How often the hub gives a plan's family more time; it says so itself when it refuses."""
OBJECTS = "move object-to-date"
"""What either centre may do, for a time, about a day that was established without the previous one."""
_UNANSWERED = frozenset({PlanState.SENT, PlanState.LAPSED, PlanState.UNDELIVERED})
"""The family's answer to the last sending is not there: one that is shown was to an earlier one."""
Facts = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """`verb` may be done while `fits` gives the facts of its sentence; None where it may not."""

    verb: str
    fits: Callable[[Any], Facts | None]

    @property
    def sentence(self) -> str:
        return f"may.{self.verb.replace(' ', '.')}"


def objects(view: Any) -> Facts | None:
    """To a day that was established without the previous centre: either side, for some days.

    Not who proposes a day that the other centre has not answered yet: that is objected already.
    """
    move = view.content
    until, dated = move.objections_until, view.state == FamilyMoveState.DATED
    in_time = until is not None and today_in_riga() <= until
    own = move.override is not None and move.override.side == role_in(view)
    may = dated and move.dated_by is DatedBy.PREVIOUS_SILENT and in_time and not own
    return {"until": until} if may else None


def _under_way(view: Any) -> Any:
    """The hub's own sending of a plan, while the family's answer is awaited."""
    sending = view.content.sending
    if view.state != PlanState.SENT or sending is None or sending.undelivered is not None:
        return None
    return sending if today_in_riga() <= sending.answer_by else None


def _longer(view: Any) -> Facts | None:
    sending = _under_way(view)
    return {"until": sending.answer_by} if sending and sending.prolonged < PROLONGED_AT_MOST else None


def _password_again(view: Any) -> Facts | None:
    sending = _under_way(view)
    return {} if sending and sending.mailed_on is not None else None


CHOICES: Mapping[Workflow, tuple[Choice, ...]] = MappingProxyType(
    {
        Workflow.FAMILY_MOVE: (Choice(OBJECTS, objects),),
        Workflow.SUPPORT_PLAN: (
            Choice("plan hand-over-again", _password_again),
            Choice("plan prolong", _longer),
        ),
    }
)
"""By workflow: what nobody owes, and either side may do for a time."""


def may_be_done(view: Any) -> Iterator[str]:
    """A sentence for each choice, with its command."""
    for choice in CHOICES.get(view.workflow, ()):
        if (facts := choice.fits(view)) is not None:
            yield say(choice.sentence, act=command_of(choice.verb, view.id), **facts)


def waiting(view: Any) -> list[str]:
    """What a family's move without a day waits for, and what follows when the previous centre is silent."""
    if view.workflow is Workflow.SUPPORT_PLAN and view.state in _UNANSWERED and view.content.confirmed_on:
        return [say("plan.answered-before", on=view.content.confirmed_on)]
    undated = {FamilyMoveState.AGREED, FamilyMoveState.LATE}
    if view.workflow is not Workflow.FAMILY_MOVE or view.state not in undated:
        return []
    role = role_in(view)
    said = [say(f"move.next.{awaited(view)}.{role}", matter=view.id)]
    if until := silent_until(view):
        said.append(say(f"move.silence.{role}", until=until))
    elif role == FamilyMoveRole.PREVIOUS:
        said.append(say("move.silence.unproved"))
    return said


def silent_until(view: "FamilyMoveView") -> date | None:
    """The last day on which the previous centre can speak before the hub establishes the day."""
    running = [one for one in view.duties if one.ended_at is None and one.basis in PROVED]
    if not running:
        return None
    until = max(one.due_on for one in running)
    if view.content.notice is None:
        return until
    return max(until, view.content.counted[0].effective_on - timedelta(days=1))


def awaited(view: "FamilyMoveView") -> str:
    """What a move without a day waits for: its state, and the last word about the notice."""
    if view.state != FamilyMoveState.AGREED:
        return view.state
    move = view.content
    said = {
        "asked": move.asked_at,
        "claimed": move.claim.shown_at if move.claim else None,
        "denied": move.not_received_at,
    }
    spoken = {what: at for what, at in said.items() if at is not None}
    return max(spoken, key=lambda what: spoken[what]) if spoken else view.state


def acts_in(view: Any, duty: "DutyView") -> list[str]:
    """The commands of what is owed in a matter; one that leads only back to the matter is none."""
    if duty.kind is DutyKind.RECEIVE_COPIES and duty.stake == "owes":
        asked = getattr(view.content, "copies", None)
        of_family = view.workflow is Workflow.FAMILY_MOVE
        return [
            *([f"saikne status {asked}"] if asked else ()),
            *([f"saikne move copies-given-up {view.id}"] if of_family else ()),
        ]
    return acts(duty)


def tell_duties(console: Console, view: Any, *, told: str = "", ended: bool = False) -> None:
    """What is owed, by whom and when, with its commands but those that were `told` before."""
    for duty in view.duties:
        if ended or duty.ended_at is None:
            tell_duty(console, duty, indent="  ")
        if duty.ended_at is None:
            tell_acts(console, [act for act in acts_in(view, duty) if act not in told])
