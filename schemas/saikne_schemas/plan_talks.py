"""The yearly talk with a family, as its centre states it: that it was held, and when the next one is needed.

What travels outside: what was said, and the marks of the competence review, which stay in the family's file
at its centre and are not signed (method S129). Source: method S44, S122, S124, S129; domain 2.2.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from saikne_schemas.matters import About
from saikne_schemas.plan_lists import EarlierTalk, TalkHow, TalkReason
from saikne_schemas.plan_sendings import PLANS_LIE_AT as _PATH
from saikne_schemas.rules import Broken
from saikne_schemas.wire import SCHEMA, Day, View

SPOUSES_AT_MOST = 2


class TalkHeld(About):
    """The centre has talked with the family about its competences and support (method S122, S129)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/talk"
    schema_: Literal["saikne.talk-held/1"] = SCHEMA
    held_on: Day
    reason: TalkReason
    form: TalkHow
    reviews: Annotated[int, Field(ge=0, le=SPOUSES_AT_MOST)]
    """How many competence reviews were filled in at it: one a spouse; their marks stay in the file."""
    evaluation_on: Day | None = None
    """When the orphans' court evaluates the family next, where that is known."""


class TalkNeeded(About):
    """A talk is needed before the year is over, for a reason (method S122), or the court's day is known."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/talk-needed"
    schema_: Literal["saikne.talk-needed/1"] = SCHEMA
    reason: EarlierTalk | None = None
    """Of an earlier day; the court's needs none."""
    by: Day | None = None
    """The last day on which it is held."""
    evaluation_on: Day | None = None
    """When the orphans' court evaluates the family: the talk comes before (method S124)."""

    @model_validator(mode="after")
    def _names_a_day_and_its_reason(self) -> "TalkNeeded":
        if self.by is None and self.evaluation_on is None:
            raise Broken("talk-day", "a day is named: the last one for the talk, or the court's")
        if (self.by is None) is not (self.reason is None):
            raise Broken("talk-reason", "an earlier day is named with its reason")
        return self


class FamilyTalk(View):
    held_on: Day
    reason: TalkReason
    form: TalkHow
    reviews: int


class NextTalk(View):
    """By when the next one is held, and why by then; as the plan's last statement left it."""

    by: Day
    reason: TalkReason
    wanted_by: Day | None = None
    """As the centre stated it, with its reason."""
    wanted_because: EarlierTalk | None = None
    evaluation_on: Day | None = None
    """The court's next one."""
