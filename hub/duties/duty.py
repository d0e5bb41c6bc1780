"""When something owed by a day is overdue, and how late it is. Read from the dates, never from a flag.

Source: design.md 3; domain 1.5 (a term counted in days ends with the day, in Riga).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from hub.workdays.calendars import Calendar, Calendars
from hub.workdays.deadlines import working_days_between
from saikne_schemas.vocabulary import DutyKind as DutyKind  # noqa: PLC0414  # duties are spoken of from here

BY_METHOD: Mapping[DutyKind, int] = MappingProxyType(
    {
        DutyKind.ANSWER: 10,
        DutyKind.REGISTER: 3,
        DutyKind.COURT_NOTICE: 3,
    }
)
"""Terms that the method names, in working days."""
ON_A_DAY = frozenset({DutyKind.YEARLY_TALK})
"""Of these the method names the last day, not a term: it is known long before, and the duty begins when it
nears. No newer edition of the calendars puts it off."""
NAMED_IN: Mapping[DutyKind, tuple[str, ...]] = MappingProxyType(
    {
        DutyKind.ANSWER: ("S78", "S109"),
        DutyKind.REGISTER: ("S80",),
        DutyKind.COURT_NOTICE: ("S81",),
        DutyKind.YEARLY_TALK: ("S122", "S124"),
    }
)
"""The rows of the method that name the term, or the day."""
NAMED_BY_METHOD = NAMED_IN.keys()
BY_THE_HUB: Mapping[DutyKind, int] = MappingProxyType(
    {
        DutyKind.REQUEST_COPIES: 3,
        DutyKind.TALK: 10,
        DutyKind.DECIDE_LATE_NOTICE: 1,
        DutyKind.ACKNOWLEDGE_NOTICE: 3,
        DutyKind.PROVE_NOTICE: 5,
        DutyKind.ANSWER_DATE: 3,
        DutyKind.ARCHIVE_CASE: 10,
        DutyKind.ARCHIVE_IAP: 10,
        DutyKind.PLACE_CHILD: 10,
        DutyKind.INFORM_BEFORE: 5,
        DutyKind.ACQUAINTANCE: 10,
        DutyKind.FORMER_FAMILY: 10,
        DutyKind.RECORD_CONTACT: 10,
        DutyKind.CERTIFICATE: 5,
        DutyKind.INVOICE: 10,
        DutyKind.REPORT_COST: 10,
        DutyKind.CONFIRM_PLAN: 10,
        DutyKind.ANSWER_PROPOSAL: 5,
        DutyKind.TELL_FAMILY: 5,
        DutyKind.HOLD_TRAINING: 5,
        DutyKind.SEND_PLAN: 10,
        DutyKind.CONFIRM_COPIES: 3,
        DutyKind.SEND_OFFERED: 5,
        DutyKind.SEND_AGAIN: 3,
        DutyKind.READ_PASSWORD_OUT: 1,
        DutyKind.TELL_POST_OUTCOME: 10,
        DutyKind.DECIDE_EXTENSION: 2,
        DutyKind.RESOLVE_ASTRAY: 1,
        DutyKind.DECIDE_REFUSAL: 5,
        DutyKind.RECEIVE_COPIES: 10,
    }
)
"""The hub's own days of reminding where the method names none; a view says so."""
WORKING_DAYS: Mapping[DutyKind, int] = MappingProxyType({**BY_METHOD, **BY_THE_HUB})


class Stake(StrEnum):
    """What a duty is to the centre whose row it is."""

    OWES = "owes"
    AWAITS = "awaits"
    OVERSEES = "oversees"


class Ending(StrEnum):
    MET = "met"
    WITHDRAWN = "withdrawn"


class Basis(StrEnum):
    """From what event a term is counted (domain 1.5); the event's day itself is not counted."""

    REQUEST_MADE = "request_made"
    """Of a centre outside of the hub, while it is not known when the letter came to it."""
    REQUEST_RECEIVED = "request_received"
    SUPPLEMENT_RECEIVED = "supplement_received"
    NOTICE_RECEIVED = "notice_received"
    """The family's notice reached the previous centre (method S74, S76)."""
    NOTICE_RECORDED = "notice_recorded"
    """The previous centre told the hub of the notice: from then on it can be asked for its choice."""
    NOTICE_ASKED = "notice_asked"
    NOTICE_CLAIMED = "notice_claimed"
    """The new centre showed its proof of the notice: silence counts from here (domain 1.5)."""
    NOTICE_DENIED = "notice_denied"
    DATE_PROPOSED = "date_proposed"
    MOVE_EFFECTIVE = "move_effective"
    """The day on which a move takes effect (method S75, S80; domain 1.5)."""
    MOVE_DATE_KNOWN = "move_date_known"
    """The day of a move became known in the hub only after it: nobody is late for what was not possible."""
    PLACEMENT_PLANNED = "placement_planned"
    MOVE_AGREED = "move_agreed"
    MOVE_RECORDED = "move_recorded"
    """The hub learned of a move; only what the hub reminds of by itself is counted from it."""
    CHILD_PLACED = "child_placed"
    """The child lives with the new family (method S108-S111)."""
    AGREED = "agreed"
    """Both parties have agreed to what the matter is about."""
    PROPOSED = "proposed"
    """Another party has proposed something that is to be answered."""
    TRAINING_PLANNED = "training_planned"
    """The last session that the contract names."""
    TRAINING_ENDED = "training_ended"
    INVOICED = "invoiced"
    PLAN_SENT = "plan_sent"
    PLAN_UNDELIVERED = "plan_undelivered"
    """The hub could not bring it to the family."""
    PLAN_CHANGED = "plan_changed"
    """It was drawn up, supplemented, or corrections are wanted: the family has yet to agree."""
    COPIES_SENT = "copies_sent"
    """Dispatched, handed over or posted, as the hub was told of it."""
    COPIES_DELIVERED = "copies_delivered"
    """By the post, as the hub was told of it."""
    INFORMATION_OFFERED = "information_offered"
    PASSWORD_LAPSED = "password_lapsed"  # noqa: S105  # an event, not a password
    DISPUTED_LATE = "disputed_late"
    """By the requester, after the day on which it was to speak."""
    EXTENSION_PROPOSED = "extension_proposed"
    REQUEST_REFUSED = "request_refused"
    GONE_ASTRAY = "gone_astray"
    """Copies are known to be with a wrong recipient."""
    COPIES_DUE = "copies_due"
    """The last day on which the other centre sends what was asked for, or does its next step towards it."""
    REQUEST_WITHDRAWN = "request_withdrawn"
    """A move's request for copies was taken back: another one is to be made."""
    YEAR_SINCE_TALK = "year_since_talk"
    """A year after the last talk comes near (method S122); this and the next two begin some weeks before."""
    EVALUATION_NEARS = "evaluation_nears"
    """The talk comes before the court's yearly evaluation (method S124)."""
    TALK_WANTED = "talk_wanted"
    """The centre has stated a reason for an earlier one (method S122)."""
    FOUND_WITHOUT_OWNER = "found_without_owner"
    """What was begun before the hub asked for this next step: counted from the day it was found."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a duty stands on a day."""

    overdue: bool
    working_days_left: int
    working_days_late: int


def standing(due_on: date, ended_at: datetime | None, today: date, calendar: Calendar) -> Standing:
    """Today counts as left while the duty is open: on the last day one working day is left."""
    if ended_at is not None:
        return Standing(overdue=False, working_days_left=0, working_days_late=0)
    if today > due_on:
        return Standing(
            overdue=True, working_days_left=0, working_days_late=days_late(due_on, today, calendar)
        )
    left = working_days_between(today, due_on, calendar) + calendar.is_worked(today)
    return Standing(overdue=False, working_days_left=left, working_days_late=0)


def last_day_within(today: date, working_days: int, calendar: Calendar) -> date:
    """The last day of a term of which at most so many working days are left, as `standing` counts them."""
    day, left = today - timedelta(days=1), working_days
    while (left := left - calendar.is_worked(day + timedelta(days=1))) >= 0:
        day += timedelta(days=1)
    return day


def last_days_within(today: date, working_days: int, calendars: Calendars) -> tuple[date, date]:
    """The same by the statutory calendar, and by the one with moved days."""
    return (
        last_day_within(today, working_days, calendars.statutory),
        last_day_within(today, working_days, calendars.moved),
    )


def days_late(due_on: date, day: date, calendar: Calendar) -> int:
    """Working days from the last day of a term to a later one; none on the days off right after it."""
    return max(0, working_days_between(due_on, day, calendar))
