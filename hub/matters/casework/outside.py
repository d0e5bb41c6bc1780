"""What a member says in the place of a centre that is not in the hub: may it, and on which day does it count.

Source: method S57, S74, S88-S90; domain 1.5 (a term runs from the day of what began it, not from the day on
which somebody wrote it down). The statement is the member's own, signed and kept so; its rule is asked as
if the outside centre had made it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from hub.centres import store as centres
from hub.centres.centre import CentreState
from hub.evidence.event import Fact
from hub.kernel.clock import riga_day
from hub.kernel.days import DONE, happened
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.casework.records import Desk, Sent
from hub.matters.workflow import Outcome
from saikne_schemas.statements import ForOutside

N = TypeVar("N")
B = TypeVar("B")


class SpeaksForItself(Refusal):
    """The centre is in the hub: what it does, it states itself."""

    code = "outside.speaks-for-itself"


class NotBetweenTheTwo(Refusal):
    """Only who deals with an outside centre speaks for it, and only about what the two deal with."""

    code = "outside.not-between-the-two"


class NotForAnother(Refusal):
    """It goes with files that its author has sent to the hub itself."""

    code = "outside.not-for-another"


REFUSES = (SpeaksForItself, NotBetweenTheTwo, NotForAnother, *DONE)


async def check(desk: Desk, roles: Mapping[CentreId, StrEnum], sent: Sent) -> None:
    """Refuse a word for another centre where that one can speak, or where its author deals with another."""
    word = sent.outside
    if word is None:
        return
    centre = sent.whose
    if sent.manifest.by_itself:
        raise NotForAnother
    if centre not in roles or sent.author not in roles or centre == sent.author:
        raise NotBetweenTheTwo
    found = (await centres.find(desk.tx, [centre])).get(centre)
    if found is None or found.state is not CentreState.OUTSIDE:
        raise SpeaksForItself(centre=str(centre))
    happened(word.on, riga_day(desk.now))


def on_its_day(outcome: Outcome[N, B], word: ForOutside | None, today: date) -> Outcome[N, B]:
    """What it meets was done on the day that is named, and what begins with it is counted from then."""
    if word is None or word.on == today:
        return outcome
    opens = tuple(replace(one, starts_on=word.on) if one.starts_on == today else one for one in outcome.opens)
    return replace(outcome, opens=opens, done_on=outcome.done_on or word.on)


def facts(word: ForOutside | None) -> dict[str, Fact]:
    """What evidence says of it beside the deed."""
    if word is None:
        return {}
    return {
        "for_outside": {
            "centre": str(word.centre),
            "on": word.on.isoformat(),
            "came_by": word.came_by.value,
            "proofs": [one.sha256 for one in word.proofs],
        }
    }
