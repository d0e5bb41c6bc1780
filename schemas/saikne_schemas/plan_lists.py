"""The closed lists of a family's support plan. They only grow; a value is what is stored and signed.

Source: method S44, S49, S50, S122-S124, S129, S131-S135, S153, S155. No document and no library of documents
here: help for typing loads this.
"""

from enum import StrEnum


class PlanState(StrEnum):
    DRAWN_UP = "drawn_up"
    SENT = "sent"
    """To the family; its confirmation is awaited."""
    CORRECTING = "correcting"
    """The family wants corrections: the plan is to be signed or sent again."""
    AGREED = "agreed"
    SUPPLEMENTED = "supplemented"
    """Agreed, but for activities that were added since (method S135)."""
    CLOSED = "closed"
    UNDELIVERED = "undelivered"
    """The hub could not bring archive or password to the family: it is to be signed, or sent elsewhere."""
    LAPSED = "lapsed"
    """The family did not answer in time: it is to be sent again, unless it answers after all."""


class PlanUndelivered(StrEnum):
    """What of a sending did not reach the family."""

    ARCHIVE = "archive"
    """There is no such mailbox."""
    ARCHIVE_TOO_LARGE = "archive_too_large"
    """The family's mail server takes less."""
    PASSWORD = "password"  # noqa: S105  # what did not arrive, not its value
    """No message can be brought to this number."""


class PlanRole(StrEnum):
    CENTRE = "centre"


class CompetenceCategory(StrEnum):
    """Which competence an activity strengthens (method S153); how many there are is counted nowhere."""

    CARE_AND_PROTECTION = "care_and_protection"
    DEVELOPMENTAL_NEEDS = "developmental_needs"
    RELATIONS_WITH_FAMILIES = "relations_with_families"
    SAFE_LIFELONG_RELATIONS = "safe_lifelong_relations"
    TEAMWORK = "teamwork"
    OTHER = "other"
    """Of the guidelines' own grouping; the plan names it."""


class ActivityParty(StrEnum):
    """Who takes part in an activity; who does what stands in the plan."""

    FAMILY = "family"
    CENTRE = "centre"
    OTHER_PROVIDER = "other_provider"
    COURT = "court"


class ActivityMark(StrEnum):
    """How an activity ended."""

    DONE = "done"
    NO_LONGER_RELEVANT = "no_longer_relevant"


class AgreedHow(StrEnum):
    """In what manner the family agreed to an activity (field 8 of the plan)."""

    IN_PERSON_COLUMN_10 = "in_person_column_10"
    ELECTRONIC = "electronic"


class ArchiveChannel(StrEnum):
    """By what way the archive with the plan goes to the family (method S133)."""

    EMAIL = "email"


class PlanPasswordChannel(StrEnum):
    """By what way its password goes."""

    EMAIL = "email"
    """In the archive's own message: refused."""
    SEPARATE_EMAIL = "separate_email"
    SMS = "sms"
    PHONE = "phone"


class ConfirmedHow(StrEnum):
    """How the family confirmed its plan (method S132, S134)."""

    E_SIGNED = "e_signed"
    THREE_PART = "three_part"
    """Without an e-signature: received, corrections needed or not, agreed."""
    IN_PERSON = "in_person"
    """Signed in column 10 beside each activity."""


class PlanClosedBecause(StrEnum):
    YEAR_OVER = "year_over"
    COOPERATION_ENDED = "cooperation_ended"


class TalkReason(StrEnum):
    """Why a talk with the family is held: the year's, or an earlier one (method S122, S124)."""

    YEARLY = "yearly"
    NEW_CHILD = "new_child"
    CHANGED_CIRCUMSTANCES = "changed_circumstances"
    COURT_EVALUATION = "court_evaluation"
    """The orphans' court evaluates the family: the talk comes before."""


class EarlierTalk(StrEnum):
    """Why a talk is needed before the year is over (method S122)."""

    NEW_CHILD = "new_child"
    CHANGED_CIRCUMSTANCES = "changed_circumstances"


class TalkHow(StrEnum):
    """How it is held (method S44)."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class ReviewMark(StrEnum):
    """The scale of the competence review (method S129), which stays in the family's file, not signed.

    No statement bears one: it is here for the form that a centre fills in.
    """

    SUITABLE = "1"
    SOME_DIFFICULTIES = "2"
    MORE_DIFFICULTIES_THAN_STRENGTHS = "3"
    NOT_APPLICABLE = "n"


class ServiceKind(StrEnum):
    """What a centre does for a family beside the plan's activities (method S20, S67, S139, S140, S143)."""

    INITIAL_TRAINING = "initial_training"
    YEARLY_TRAINING = "yearly_training"
    SOCIAL_WORKER = "social_worker"
    PSYCHOLOGIST = "psychologist"
    PSYCHOSOCIAL_SUPPORT = "psychosocial_support"
    OTHER_SPECIALIST = "other_specialist"
    SPECIALIST_IN_REVIEW = "specialist_in_review"
    """A psychologist or another specialist takes part in the competence review; the family agrees first."""
    CONTACT_WITH_RELATIVES = "contact_with_relatives"
    PSYCHOLOGICAL_OPINION_TO_COURT = "psychological_opinion_to_court"
    CHARACTERISTIC_TO_COURT = "characteristic_to_court"
    TRAINING_REPORT_TO_COURT = "training_report_to_court"


class FamilyTells(StrEnum):
    """What a family tells its centre at once (method S145)."""

    CANNOT_TAKE_CHILD = "cannot_take_child"
    OBSTACLE_TO_DUTIES = "obstacle_to_duties"
    CIRCUMSTANCES_OF_CARE = "circumstances_of_care"
