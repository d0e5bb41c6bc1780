"""What was said wrongly is put right by another verb: which one it is, from when on, and what it did.

Source: method S74, S80, S89, S106; design.md 3. Said after the act itself, where the matter is looked at, and
where the act is refused a second time. Who may do it in which state says the hub; this only names it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from saikne.command.given import today_in_riga
from saikne.command.speaking_for import command_of, side_of, spoken_for
from saikne.command.speech import Console, say, word
from saikne_schemas.vocabulary import (
    AgreementRole,
    AgreementState,
    ExchangeKind,
    ExchangeState,
    PostalOutcome,
    SideRole,
    Workflow,
)

if TYPE_CHECKING:
    from saikne_schemas.corrections import MoveCorrection

Fits = Callable[[Any, str], bool]
"""Whether it can be done as a matter or an exchange stands, by this role."""


@dataclass(frozen=True)
class Remedy:
    """`verb` puts right what one of `said` has said."""

    said: tuple[str, ...]
    verb: str
    fits: Fits


def _notice(view: Any, role: str) -> bool:
    """Once the family has moved, only where both centres agreed on the day: the notice dates it no more."""
    from saikne_schemas.family_move_words import DatedBy

    agreed = view.content.dated_by is DatedBy.OVERRIDE
    return _notice_told(view, role) and (agreed or not _in_effect(view))


def _notice_dated(view: Any, role: str) -> bool:
    """It did, and the day has come: another one is proposed, by whom none is proposed yet."""
    return _notice_told(view, role) and not _notice(view, role) and view.content.override is None


def _notice_told(view: Any, role: str) -> bool:
    from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState

    dated = view.state in {FamilyMoveState.LATE, FamilyMoveState.DATED}
    return role == FamilyMoveRole.PREVIOUS and dated and view.content.notice is not None


def _in_effect(view: Any) -> bool:
    return view.content.effective_on is not None and view.content.effective_on <= today_in_riga()


def _registration(view: Any, role: str) -> bool:
    """Only what a person entered; what the register has confirmed is changed there."""
    from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState

    entry, states = view.content.registered, {FamilyMoveState.DATED, FamilyMoveState.CLOSED}
    by_hand = entry is not None and entry.registration is None
    return role == FamilyMoveRole.NEW and view.state in states and by_hand


def _own_day(view: Any, role: str) -> bool:
    return view.content.override is not None and view.content.override.side == role


def _family_stays(view: Any, _: str) -> bool:
    from saikne_schemas.family_move_words import FamilyMoveState

    return not _in_effect(view) and view.state not in {FamilyMoveState.CLOSED, FamilyMoveState.CANCELLED}


def _child_stays(view: Any, role: str) -> bool:
    from saikne_schemas.child_vocabulary import ChildMoveRole, ChildMoveState

    placed = view.state == ChildMoveState.PLACED and role == ChildMoveRole.NEW
    return placed or view.state == ChildMoveState.PLANNED


def _contract(view: Any, _: str) -> bool:
    from saikne_schemas.training_lists import TrainingState

    return view.state in {TrainingState.PROPOSED, TrainingState.IN_FORCE}


def _ceiling(view: Any, _: str) -> bool:
    from saikne_schemas.training_lists import CeilingState

    return bool(view.state == CeilingState.IN_FORCE)


def _agreement(view: Any, role: str) -> bool:
    return view.state == AgreementState.PROPOSED and role == AgreementRole.PROPOSER


def _contact(view: Any, role: str) -> bool:
    from saikne_schemas.child_vocabulary import SiblingContactRole, SiblingContactState

    return view.state == SiblingContactState.PROPOSED and role == SiblingContactRole.PROPOSER


def _request(view: Any, role: str) -> bool:
    asked = {ExchangeState.REQUESTED, ExchangeState.PREPARING, ExchangeState.DISPUTED}
    own = role == SideRole.REQUESTER and view.kind is not ExchangeKind.CHILD_INFORMATION
    return own and view.state in asked


def _offer(view: Any, role: str) -> bool:
    own = role == SideRole.HOLDER and view.kind is ExchangeKind.CHILD_INFORMATION
    return own and view.state in {ExchangeState.REQUESTED, ExchangeState.PREPARING}


def _unsent(view: Any, role: str) -> bool:
    return role == SideRole.HOLDER and view.state is ExchangeState.PREPARING


def _item(view: Any, role: str) -> bool:
    paper = view.answer.paper if view.answer else None
    posted = paper is not None and paper.item_number is not None
    return role == SideRole.HOLDER and view.state is ExchangeState.DISPATCHED and posted


def _astray(view: Any, _: str) -> bool:
    """Copies that were handed out: an item of the post when it has come to somebody."""
    paper = view.answer.paper if view.answer else None
    under_way = paper is not None and paper.item_number and paper.outcome is not PostalOutcome.DELIVERED
    sent = {ExchangeState.DISPATCHED, ExchangeState.LAPSED, ExchangeState.CONFIRMED}
    return view.state in sent and not under_way


REMEDIES: Mapping[Workflow, tuple[Remedy, ...]] = MappingProxyType(
    {
        Workflow.FAMILY_MOVE: (
            Remedy(("move notice", "move correct-notice"), "move correct-notice", _notice),
            Remedy(("move notice", "move correct-notice"), "move override", _notice_dated),
            Remedy(
                ("move registered", "move correct-registration"), "move correct-registration", _registration
            ),
            Remedy(("move override",), "move decline-override", _own_day),
            Remedy(("move begin",), "move cancel", _family_stays),
        ),
        Workflow.CHILD_MOVE: (Remedy(("child-move begin",), "child-move cancel", _child_stays),),
        Workflow.TRAINING: (Remedy(("training propose", "training accept"), "training cancel", _contract),),
        Workflow.PRICE_CEILING: (
            Remedy(("training ceiling", "training correct-ceiling"), "training correct-ceiling", _ceiling),
            Remedy(("training ceiling",), "training withdraw-ceiling", _ceiling),
        ),
        Workflow.AGREEMENT: (Remedy(("agreement record",), "agreement refuse", _agreement),),
        Workflow.SIBLING_CONTACT: (Remedy(("siblings propose",), "siblings decline", _contact),),
        Workflow.COPIES: (
            Remedy(("request",), "withdraw", _request),
            Remedy(("offer",), "take-back", _offer),
            Remedy(("answer", "answer-on-paper"), "discard", _unsent),
            Remedy(("posted", "correct-item"), "correct-item", _item),
            Remedy(("answer", "handed-over", "post-outcome"), "wrong-recipient", _astray),
        ),
    }
)
"""By workflow, an exchange's being copies: what puts which act right."""


def remedies(view: Any, said: str | None = None) -> Iterator[tuple[Remedy, str]]:
    """What this centre can put right now, with its command; `said`: only what that verb has said."""
    workflow = getattr(view, "workflow", Workflow.COPIES)
    for remedy in REMEDIES.get(workflow, ()):
        if said is None or said in remedy.said:
            by = (outside for role, outside in _roles(view) if remedy.fits(view, role))
            yield from ((remedy, command_of(remedy.verb, view.id, one)) for one in islice(by, 1))


def tell_remedies(console: Console, view: Any, said: str | None = None) -> None:
    """A line each: what may have been wrong, and the command."""
    for remedy, command in remedies(view, said):
        console.tell(f"put-right.{remedy.verb.replace(' ', '.')}", act=command)


def correction(one: "MoveCorrection") -> str:
    """Both days, why, by whom, and what that did to the move: for who made it and for who hears of it."""
    of = "family_move.corrections"
    said = [
        say("correction.days", on=one.corrected_on, fact=word(f"{of}.fact", one.fact.value)),
        say("correction.from-to", before=one.before, after=one.after),
        say("correction.why", reason=word(f"{of}.reason", one.reason.value)),
        say("correction.by", name=one.corrected_by.name, position=one.corrected_by.position),
    ]
    if one.moved_before != one.moved_after:
        before, after = one.moved_before or say("correction.open"), one.moved_after or say("correction.open")
        said.append(say("correction.moved", before=before, after=after))
    for what, kinds in (("dropped", one.dropped), ("again", one.again)):
        if kinds:
            said.append(say(f"correction.{what}", duties=", ".join(word("duty", kind) for kind in kinds)))
    return "; ".join(said)


def _roles(view: Any) -> Iterator[tuple[str, UUID | None]]:
    """In which something can be put right: the own one, then an outside centre's that owes something."""
    yield role_in(view), None
    if spoken_for() is None and isinstance(view.role, SideRole):
        owners = (one.owner for one in view.duties if one.owner_outside)
        yield from ((SideRole.HOLDER if one == view.holder else SideRole.REQUESTER, one) for one in owners)


def role_in(view: Any) -> str:
    """In which the one takes part that is spoken for: this centre, or one outside of the hub."""
    outside = spoken_for()
    if outside is None:
        return str(view.role)
    if isinstance(view.role, SideRole):
        return side_of(view.role)
    return str(next((one.role for one in view.parties if one.centre == outside.found), view.role))
