"""The closed lists of a family's move. They only grow; a value is what is stored and signed.

Source: method S74 (how a family tells), S76 (the previous centre's right), S81-S85; domain 1.1, 1.4, 1.5.
Stands without pydantic, so that the command's help need not load it.
"""

from enum import StrEnum


class FamilyMoveState(StrEnum):
    AGREED = "agreed"
    """With the new centre; no notice is known, and no day."""
    LATE = "late"
    """The notice came in the month's last three working days: the previous centre has a choice."""
    DATED = "dated"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class FamilyMoveRole(StrEnum):
    NEW = "new"
    PREVIOUS = "previous"


class NoticeChannel(StrEnum):
    """In what provable way the family told the previous centre (method S74)."""

    EMAIL = "email"
    SMS = "sms"
    MESSENGER = "messenger"
    WRITTEN_APPLICATION = "written_application"
    IN_PERSON_MINUTES = "in_person_minutes"
    OTHER_PROVABLE = "other_provable"


class LateNoticeChoice(StrEnum):
    RELEASE = "release"
    """The family moves on the first of next month."""
    CONTINUE = "continue"
    """The previous centre keeps to its right until the end of next month."""


class DatedBy(StrEnum):
    """What fixed the day on which a move takes effect."""

    NOTICE_ON_TIME = "notice_on_time"
    RELEASE = "release"
    CONTINUE = "continue"
    OVERRIDE = "override"
    PREVIOUS_SILENT = "previous_silent"
    """The rule, without the previous centre: it let its time go by (domain 1.5)."""


class ObjectionReason(StrEnum):
    """Why a centre does not agree with a day that was established without the previous one."""

    NOTICE_NEVER_CAME = "notice_never_came"
    NOTICE_CAME_LATER = "notice_came_later"
    NOTICE_CAME_EARLIER = "notice_came_earlier"
    SUPPORT_CONTINUED = "support_continued"
    """The previous centre went on, as it had the right to (method S76)."""


class OverrideReason(StrEnum):
    """Why two centres name a day that the rule does not give (domain 1.5)."""

    CENTRE_CLOSED = "centre_closed"
    COURT_DECISION = "court_decision"
    AGREED_BY_ALL = "agreed_by_all"
    ERROR_CORRECTED = "error_corrected"


class CourtChannel(StrEnum):
    """How the orphans' court was told in writing."""

    E_ADDRESS = "e_address"
    REGISTERED_POST = "registered_post"
    EMAIL_SIGNED = "email_signed"
    IN_PERSON = "in_person"


class TalkForm(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    PHONE = "phone"


class TalkTopic(StrEnum):
    REASONS = "reasons"
    WORK_DONE = "work_done"
    NOTICE_ARRIVED = "notice_arrived"
    COMPETENCES = "competences"


class MoveCancelReason(StrEnum):
    FAMILY_STAYS = "family_stays"
    OTHER_CENTRE_CHOSEN = "other_centre_chosen"
    AGREEMENT_ENDED = "agreement_ended"
    RECORDED_IN_ERROR = "recorded_in_error"
