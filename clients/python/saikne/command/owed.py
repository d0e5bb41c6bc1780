"""What is owed, in words, with the verbs that do it: which fit is said here, who owes what says the hub.

Source: design.md 3, 9; method S57-S135, whose duties these are. Of copies it depends on where their exchange
stands and on the way that they take (method S88-S90). What a centre outside of the hub owes is seen to by
the one that awaits it, which says here what that centre did.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from saikne.command.connection import journal
from saikne.command.given import today_in_riga
from saikne.command.speaking_for import command_of
from saikne.command.speech import Console, say, word
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import PAPER_WAYS, DeliveryChannel, DutyKind, ExchangeState

if TYPE_CHECKING:
    from saikne_schemas.matters import DutyView
    from saikne_schemas.views import ExchangeView, SideView

Acts = tuple[str, ...]
ACTS: Mapping[DutyKind, Acts] = MappingProxyType(
    {
        DutyKind.ANSWER: ("answer",),
        DutyKind.REQUEST_COPIES: ("move request-copies",),
        DutyKind.REGISTER: ("move registered",),
        DutyKind.COURT_NOTICE: ("move court-told",),
        DutyKind.TALK: ("move talked",),
        DutyKind.ARCHIVE_CASE: ("move archived",),
        DutyKind.ARCHIVE_IAP: ("child-move iap-archived",),
        DutyKind.DECIDE_LATE_NOTICE: ("move decide",),
        DutyKind.ACKNOWLEDGE_NOTICE: ("move notice", "move not-received"),
        DutyKind.PROVE_NOTICE: ("move notice-claimed", "move override"),
        DutyKind.ANSWER_DATE: ("move confirm-override", "move decline-override"),
        DutyKind.PLACE_CHILD: ("child-move placed",),
        DutyKind.INFORM_BEFORE: ("child-move informed",),
        DutyKind.ACQUAINTANCE: ("child-move acquaintance",),
        DutyKind.FORMER_FAMILY: ("child-move contact",),
        DutyKind.RECORD_CONTACT: ("siblings recorded",),
        DutyKind.CERTIFICATE: ("training certificate",),
        DutyKind.INVOICE: ("training invoice",),
        DutyKind.REPORT_COST: ("training paid",),
        DutyKind.CONFIRM_PLAN: ("plan confirmed",),
        DutyKind.TELL_FAMILY: ("training informed",),
        DutyKind.HOLD_TRAINING: ("training held",),
        DutyKind.SEND_PLAN: ("plan send", "plan confirmed"),
        DutyKind.CONFIRM_COPIES: ("download", "dispute"),
        DutyKind.SEND_OFFERED: ("answer",),
        DutyKind.SEND_AGAIN: ("answer",),
        DutyKind.READ_PASSWORD_OUT: ("reveal",),
        DutyKind.TELL_POST_OUTCOME: ("post-outcome",),
        DutyKind.DECIDE_EXTENSION: ("accept-extension", "decline-extension"),
        DutyKind.DECIDE_REFUSAL: ("dispute-refusal", "accept-refusal"),
        DutyKind.RESOLVE_ASTRAY: ("resolve",),
        DutyKind.RECEIVE_COPIES: ("matter",),
        DutyKind.YEARLY_TALK: ("plan talk",),
    }
)
"""The verbs by which its owner does what is owed: the first is the usual one, each other a choice."""
ACTS_BY_WORKFLOW: Mapping[tuple[DutyKind, str], Acts] = MappingProxyType(
    {
        (DutyKind.REQUEST_COPIES, "child_move"): ("child-move request-iap",),
        (DutyKind.RECEIVE_COPIES, "family_move"): ("matter", "move copies-given-up"),
        (DutyKind.ANSWER_PROPOSAL, "agreement"): ("agreement accept", "agreement refuse"),
        (DutyKind.ANSWER_PROPOSAL, "training"): ("training accept", "training decline"),
        (DutyKind.ANSWER_PROPOSAL, "sibling_contact"): ("siblings agree", "siblings decline"),
    }
)
"""The same where it depends on what the duty is about."""
BESIDE_AN_ANSWER: Mapping[ExchangeState, Acts] = MappingProxyType(
    {
        ExchangeState.REQUESTED: ("propose-extension",),
        ExchangeState.PREPARING: ("propose-extension",),
        ExchangeState.DISPUTED: ("propose-extension",),
    }
)
"""What else a centre may do about an answer that it owes: ask for a later day (method S78), and, as long as
the hub says so, refuse with a reason. What was sent once is mended, not refused."""
AWAITING: Mapping[DutyKind, Acts] = MappingProxyType(
    {
        DutyKind.TELL_POST_OUTCOME: ("confirm",),
        DutyKind.ACKNOWLEDGE_NOTICE: ("move notice-claimed", "move ask-notice"),
    }
)
"""What may be done by who awaits it: papers that have come are confirmed, whatever the post says; a centre
that is silent about the family's notice is shown the proof, from which the day then follows."""
POSTED = frozenset({DutyKind.TELL_POST_OUTCOME})
"""Of papers that are on their way: who awaits them may hold them before the post's word is told."""
PROVED = frozenset({"notice_claimed", "notice_recorded"})
"""From which events on the hub establishes a move's day when the previous centre says nothing."""
OPENED: Acts = ("confirm", "dispute")
"""What is done about an archive that this computer has opened, though its password has lapsed meanwhile."""
ANSWERING = frozenset({DutyKind.ANSWER, DutyKind.SEND_OFFERED, DutyKind.SEND_AGAIN})
BY_WAY = ANSWERING | {DutyKind.CONFIRM_COPIES}
"""Done by another verb where the copies are on paper."""
SENT_BY: Mapping[DeliveryChannel, str] = MappingProxyType(
    {DeliveryChannel.IN_PERSON: "handed-over", DeliveryChannel.REGISTERED_POST: "posted"}
)
"""Papers that are declared leave by this verb."""
LETTER = ("outside letter", "outside received")
"""What is asked of a centre outside of the hub reaches it by a letter, and its term runs from the receipt;
nobody is told by the hub."""
NOT_RECEIVED = "request_made"
"""What the term of an answer is counted from until the receipt is told."""


@dataclass(frozen=True)
class Stands:
    """How far an exchange is and which way its copies take; nothing is known of what is no exchange."""

    state: ExchangeState | None = None
    way: DeliveryChannel | None = None
    opened: bool = False
    """This computer has opened the archive that was sent last."""
    refusable: bool = False
    """The hub says that the holder may refuse: nothing of what is asked was sent."""
    listed: bool = False
    """Looked at in a list, which tells nothing of what puts an act right."""


NOTHING_KNOWN = Stands()


def stands(view: "ExchangeView") -> Stands:
    """Of an exchange that is looked at as a whole."""
    answer = view.answer
    archive = answer.archive_sha256 if answer else None
    return Stands(
        view.state,
        (answer.way if answer else None) or view.receipt.channel,
        opened=archive is not None and journal().what_was_opened(archive) is not None,
        refusable=view.refusable,
    )


def stands_in_list(line: "SideView", opened: Collection[str]) -> Stands:
    """The same of its line, among the archives that were opened here."""
    return Stands(
        line.state,
        line.way,
        opened=line.archive_sha256 in opened,
        refusable=line.refusable,
        listed=True,
    )


def stake(duty: "DutyView") -> str:
    """What a centre outside of the hub owes is seen to by the one that awaits it."""
    return "owes" if duty.stake == "awaits" and duty.owner_outside else duty.stake


def acts(duty: "DutyView", at: Stands = NOTHING_KNOWN, number: str | None = None) -> list[str]:
    """The commands that do it, for who sees to it; none for a duty that a newer hub knows and this does not.

    `number`: how what it is about is named, if not in whole.
    """
    about = number or str(duty.concerns)
    if stake(duty) != "owes":
        lapsed = duty.kind is DutyKind.SEND_AGAIN and at.opened
        proved = duty.kind is DutyKind.ACKNOWLEDGE_NOTICE and duty.basis in PROVED
        waits = OPENED if lapsed else () if proved else AWAITING.get(duty.kind, ())
        return [f"saikne {does} {about}" for does in waits if duty.stake == "awaits"]
    if not duty.owner_outside:
        return [f"saikne {does} {about}" for does in _verbs(duty, at)]
    asked = at.state is ExchangeState.REQUESTED
    by_letter = asked and duty.kind is DutyKind.ANSWER and duty.basis == NOT_RECEIVED
    return [
        *(f"saikne {does} {about}" for does in LETTER if by_letter),
        *(command_of(does, about, duty.owner) for does in _verbs(duty, at)),
        *(f"saikne {does} {about}" for does in AWAITING.get(duty.kind, ()) if duty.kind in POSTED),
    ]


def to_be_done(duty: "DutyView") -> bool:
    """One's own; of what others owe, what one can act on: they are late, or papers may be here."""
    if stake(duty) == "owes":
        return True
    return (duty.overdue or duty.kind in POSTED) and bool(acts(duty))


def _verbs(duty: "DutyView", at: Stands) -> Acts:
    if at.state is ExchangeState.FROZEN and duty.kind in ANSWERING:
        return ()  # first is found out what became of the copies (method S87)
    takes_back = ("discard",) if at.listed and at.state is ExchangeState.PREPARING else ()
    usual = ACTS_BY_WORKFLOW.get((duty.kind, duty.workflow.value)) or ACTS.get(duty.kind, ())
    if duty.kind is DutyKind.ANSWER and at.state is not None:
        beside = BESIDE_AN_ANSWER.get(at.state, ())
        refuses = ("refuse",) if at.refusable else ()
        return (*_by_way(duty, at, usual), *refuses, *beside, *takes_back)
    if duty.kind in ANSWERING:
        return (*_by_way(duty, at, usual), *takes_back)
    return _by_way(duty, at, usual)


def _by_way(duty: "DutyView", at: Stands, usual: Acts) -> Acts:
    if duty.kind is DutyKind.CONFIRM_COPIES and at.opened and not duty.owner_outside:
        return OPENED
    if duty.kind not in BY_WAY or not (duty.owner_outside or at.way in PAPER_WAYS):
        return usual
    if duty.kind is DutyKind.CONFIRM_COPIES:
        return ("confirm", *usual[1:])
    declared = at.state is ExchangeState.PREPARING and at.way in SENT_BY
    return (SENT_BY[at.way] if declared and at.way else "answer-on-paper",)


def tell_owed(
    console: Console, duties: "Iterable[DutyView]", at: Stands = NOTHING_KNOWN, told: str = ""
) -> None:
    """What is to be done next, by whom and when, with its commands but those that were `told` before."""
    for duty in duties:
        if duty.ended_at is None:
            tell_duty(console, duty, indent="  ")
            tell_acts(console, [act for act in acts(duty, at) if act not in told])


def tell_acts(console: Console, commands: list[str]) -> None:
    for place, command in enumerate(commands):
        console.line(f"      {say('today.or', act=command) if place else command}")


def tell_duty(console: Console, duty: Any, indent: str = "") -> None:
    """One line: what, whose, by when, and how it stands."""
    if duty.met_on is not None:
        late = duty.met_on > duty.due_on
        stood = say("duty.ended.late" if late else "duty.ended.met", on=duty.met_on, days=duty.met_late_by)
    elif duty.ended_at is not None:
        stood = say("duty.ended.withdrawn", at=duty.ended_at)
    elif duty.overdue:
        stood = say("duty.late", days=duty.working_days_late)
    elif duty.due_on == today_in_riga():
        stood = say("duty.due-today")
    else:
        stood = say("duty.left", days=duty.working_days_left)
    by = "duty.by-method" if duty.by_method else "duty.by-hub"
    due = say(by, due=duty.due_on)
    console.line(f"{indent}{word('duty', duty.kind.value)} ({duty.owner_name}): {due}; {stood}")
    if duty.basis == NOT_RECEIVED:
        console.line(f"{indent}    {say('duty.since-asked', asked=duty.starts_on)}")
    if duty.basis == "move_date_known":
        console.line(f"{indent}    {say('duty.since-known', known=duty.starts_on)}")
    if duty.moved_by is not None:
        console.line(f"{indent}    {say('status.moved', before=duty.moved_by.before, **moved(duty))}")


def moved(term: Any) -> dict[str, Any]:
    """What is said of a term that the law moved: both days, and what is off."""
    off = [f"{for_people(one.day)} ({one.name or one.source})" for one in term.moved_by.days_off]
    return {"due": term.due_on, "original": term.original_due_on, "off": ", ".join(off)}
