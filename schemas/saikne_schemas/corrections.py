"""What a centre told wrongly about a family's move and puts right: both days are kept and shown to both.

Source: method S74-S76 (the day on which the notice came decides), S80 (the term is judged by the day of the
entry in AĢIS). A correction names its reason from a closed list, and the person who makes it.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from saikne_schemas.correction_words import CorrectedFact, CorrectionReason
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.matters import About
from saikne_schemas.proofs import ProofRef
from saikne_schemas.vocabulary import DutyKind
from saikne_schemas.wire import SCHEMA, Day, EachOnce, Moment, View

_PATH = "/v1/family-moves"


class CorrectNotice(About):
    """The previous centre puts right when the family's notice reached it; the move is dated anew by the rule.

    Once the day of the move has come, only what leaves that day as it is.
    """

    goes_to: ClassVar[str] = _PATH + "/{matter}/correct-notice"
    schema_: Literal["saikne.notice-corrected/1"] = SCHEMA
    received_at: Moment
    reason: CorrectionReason
    corrected_by: AuthorisedPerson
    proofs: Annotated[list[ProofRef], Field(max_length=20), EachOnce]
    """None is needed to agree to the day that the new centre has proved."""


class CorrectRegistration(About):
    """The new centre puts right on which day it entered the move in AĢIS by hand."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/correct-registration"
    schema_: Literal["saikne.registration-corrected/1"] = SCHEMA
    registered_on: Day
    reason: CorrectionReason
    corrected_by: AuthorisedPerson


class MoveCorrection(View):
    """What was told at first, what holds instead, and what that did to the move: nothing goes unsaid."""

    fact: CorrectedFact
    before: Day
    after: Day
    reason: CorrectionReason
    corrected_on: Day
    corrected_by: AuthorisedPerson
    moved_before: Day | None = None
    """The day of the move until then, if it had one."""
    moved_after: Day | None = None
    """Since then; the same where the correction left it. Absent: the day is not fixed any more."""
    dropped: list[DutyKind] = []
    """What was owed by either centre and is owed no more; with the move's day it is owed anew."""
    again: list[DutyKind] = []
    """What was done under a day that counts no more, and is to be done once again."""
