"""What a centre owes, as a calendar program reads it (RFC 5545): a whole day each, by reference alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from icalendar import Calendar, Event

from hub.board.casework.worklist import Case, cases_of
from hub.board.speech import Speech, first_letter_large
from hub.duties import store
from hub.duties.duty import Stake
from hub.kernel.ids import CentreId
from hub.matters.casework.records import Desk

EVENTS_AT_MOST = 1_000
"""The most urgent."""
_ASK_AGAIN = timedelta(hours=1)


async def owed(desk: Desk, tenant: CentreId) -> list[Case]:
    calendars = await desk.calendars.current(desk.tx)
    rows = await store.page(desk.tx, tenant, store.Listed(EVENTS_AT_MOST, Stake.OWES))
    return await cases_of(desk, tenant, rows, calendars)


def written(cases: Sequence[Case], speech: Speech, url: str) -> bytes:
    """The same bytes for the same duties, so that a program is told when nothing has changed.

    An entry keeps its name while the duty lives: a later day moves it, its end removes it.
    """
    made = Calendar()
    made.add("prodid", "-//Saikne//board//LV")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"Saikne: {speech.t('board')}")
    made.add("refresh-interval", _ASK_AGAIN, parameters={"value": "DURATION"})
    for case in cases:
        made.add_component(_event(case, speech, url))
    return bytes(made.to_ical())


def _event(case: Case, speech: Speech, url: str) -> Event:
    duty, made = case.duty, Event()
    what = first_letter_large(speech.word(f"duty.{duty.kind}"))
    terms = speech.t("of-days", count=duty.working_days)
    rule = speech.t(f"rule.{case.rule}", terms=terms, day=speech.day(duty.due_on))
    made.add("uid", f"{duty.id}@saikne")
    made.add("dtstamp", datetime.combine(duty.starts_on, time(), UTC))
    made.add("dtstart", duty.due_on)
    made.add("dtend", duty.due_on + timedelta(days=1))
    made.add("summary", f"{case.called}: {what}")
    made.add("description", "\n".join((speech.t(f"about.{case.about}"), rule)))
    made.add("url", f"{url}/records/{duty.concerns}")
    made.add("transp", "TRANSPARENT")
    return made
