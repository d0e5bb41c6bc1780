"""The closed lists about children who move or are parted: a child's move, contact with those left behind.

They only grow; a value is what is stored and signed. Source: method S106-S112 (a child moves), S111 (the
former family), S116-S121 (siblings).
"""

from enum import StrEnum


class ChildMoveState(StrEnum):
    PLANNED = "planned"
    PLACED = "placed"
    """The child lives with the new family."""
    CLOSED = "closed"
    """The plan's copy has come or is given up, its part archived, contact with the former family arranged."""
    CANCELLED = "cancelled"


class ChildMoveRole(StrEnum):
    NEW = "new"
    """The centre of the family that will care for the child (method S5, S7)."""
    PREVIOUS = "previous"
    """The centre of the family that has cared for the child so far (method S4, S8)."""


class FamilyTold(StrEnum):
    """How the new family was told about the child: it has no account here, its centre has (method S106)."""

    FAMILY_IN_PERSON = "family_in_person"
    FAMILY_WITH_CENTRE = "family_with_centre"


class MeetingParticipant(StrEnum):
    """Who met before the move (method S107)."""

    FORMER_FAMILY = "former_family"
    NEW_FAMILY = "new_family"
    CHILDS_COURT = "childs_court"
    SPECIALISTS = "specialists"
    BOTH_CENTRES = "both_centres"


class ChildMoveCancelled(StrEnum):
    """Why a child does not move after all."""

    COURT_DECIDED_OTHERWISE = "court_decided_otherwise"
    FAMILY_WITHDREW = "family_withdrew"
    CHILDS_INTERESTS = "childs_interests"
    RECORDED_BY_MISTAKE = "recorded_by_mistake"


class ChildMoveWarning(StrEnum):
    """What is taken although the method wants something before it."""

    NOT_INFORMED = "child_placed_without_information"
    NOT_ACQUAINTED = "child_placed_without_acquaintance"


class ContactKind(StrEnum):
    VISIT = "visit"
    PHONE = "phone"
    VIDEO = "video"
    LETTERS = "letters"
    JOINT_EVENT = "joint_event"
    HOLIDAYS = "holidays"
    """Holidays spent together."""


class Regularity(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ON_OCCASIONS = "on_occasions"


class SiblingContactState(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    CHANGING = "changing"
    """Agreed, and another arrangement is proposed; what was agreed holds until all agree to the other."""
    DECLINED = "declined"
    ENDED = "ended"


class SiblingContactRole(StrEnum):
    PROPOSER = "proposer"
    PARTY = "party"


class ContactDifficulty(StrEnum):
    """Why contact is difficult (method S117)."""

    DISTANCE = "distance"
    FAMILY_MEANS = "family_means"
    SCHEDULES = "schedules"
    CONFLICT = "conflict"
    HEALTH = "health"
    NONE = "none"


class ContactSupport(StrEnum):
    """Kinds of support (method S119)."""

    ORGANISATIONAL = "organisational"
    PSYCHOSOCIAL = "psychosocial"
    INFORMATIVE = "informative"


class ContactSpecialist(StrEnum):
    """Other specialists and institutions that take part (method S119, S120)."""

    PSYCHOLOGIST = "psychologist"
    MEDIATOR = "mediator"
    SOCIAL_EDUCATOR = "social_educator"
    ORPHANS_COURT = "orphans_court"
    SOCIAL_SERVICE = "social_service"
    SCHOOL = "school"
    HEALTH_CARE = "health_care"


class ContactDeclined(StrEnum):
    NOT_IN_CHILDS_INTERESTS = "not_in_childs_interests"
    COURT_DECISION = "court_decision"
    FAMILY_MEANS = "family_means"
    CHILD_DOES_NOT_WISH = "child_does_not_wish"
    TAKEN_BACK = "taken_back"


class ContactEnded(StrEnum):
    CHILDREN_TOGETHER = "children_together"
    """They live in one family now."""
    LEFT_CARE = "left_care"
    COURT_DECISION = "court_decision"
    NOT_IN_CHILDS_INTERESTS = "not_in_childs_interests"
