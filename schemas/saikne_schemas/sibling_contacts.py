"""Contact of siblings who live in families of different centres, as those centres agree on it.

Two to six centres. What they agree on is what each files in its family's case and in each child's plan: the
kinds and regularity of contact, the support, who else takes part. Source: method S10, S116-S121.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from saikne_schemas.child_vocabulary import (
    ContactDeclined,
    ContactDifficulty,
    ContactEnded,
    ContactKind,
    ContactSpecialist,
    ContactSupport,
    Regularity,
)
from saikne_schemas.matters import About, Beginning, MatterView
from saikne_schemas.rules import Broken
from saikne_schemas.wire import SCHEMA, Day, EachOnce, Id, IdentityRefs, Reference, Stated, View, WireDocument

_PATH = "/v1/sibling-contacts"

Children = Annotated[list[Reference], Field(min_length=1, max_length=10), EachOnce]
Difficulties = Annotated[list[ContactDifficulty], Field(min_length=1, max_length=5), EachOnce]
Support = Annotated[list[ContactSupport], Field(min_length=1, max_length=3), EachOnce]


def _none_stands_alone(reasons: list[ContactDifficulty]) -> None:
    if ContactDifficulty.NONE in reasons and len(reasons) > 1:
        raise Broken("none-alone", "none stands alone")


class ContactCentre(WireDocument):
    """A centre with those of the siblings who live in its family."""

    centre: Id
    children: Children


class Arrangement(WireDocument):
    """How the siblings keep contact and what helps them to."""

    kinds: Annotated[list[ContactKind], Field(min_length=1, max_length=6), EachOnce]
    regularity: Regularity
    support: Support
    specialists: Annotated[list[ContactSpecialist], Field(max_length=7), EachOnce] = []


class ProposeContact(Beginning):
    """A centre proposes contact between siblings to the centres of the other families."""

    goes_to: ClassVar[str] = _PATH
    schema_: Literal["saikne.sibling-contact/1"] = SCHEMA
    proposer: Id
    centres: Annotated[list[ContactCentre], Field(min_length=2, max_length=6)]
    """The proposer among them."""
    reasons: Difficulties
    decisions: Annotated[list[Reference], Field(max_length=10), EachOnce] = []
    """Of orphans' courts, as far as they bear on the contact."""
    arrangement: Arrangement
    identities: IdentityRefs = []
    """Who is meant, sealed to the centres that are to know it."""

    @model_validator(mode="after")
    def _says_what_fits(self) -> "ProposeContact":
        _none_stands_alone(self.reasons)
        if self.proposer not in [one.centre for one in self.centres]:
            raise Broken("proposer-among-centres", "the proposer is one of the centres")
        return self


class AgreeContact(About):
    """A party agrees to the arrangement that stands proposed; the last one makes it agreed."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/agree"
    schema_: Literal["saikne.sibling-contact-agreed/1"] = SCHEMA
    proposal: Id
    """The statement that proposed the arrangement."""


class DeclineContact(About):
    """A party declines what stands proposed, or its author takes it back; what was agreed before holds."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/decline"
    schema_: Literal["saikne.sibling-contact-declined/1"] = SCHEMA
    proposal: Id
    reason: ContactDeclined


class ChangeContact(About):
    """A party proposes another arrangement; all others agree to it anew."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/change"
    schema_: Literal["saikne.sibling-contact-change/1"] = SCHEMA
    arrangement: Arrangement


class DifficultyFound(About):
    """A centre has found out why contact is difficult for its family, and supported it (method S117)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/difficulty"
    schema_: Literal["saikne.sibling-contact-difficulty/1"] = SCHEMA
    found_on: Day
    reasons: Difficulties
    support: Support

    @model_validator(mode="after")
    def _is_a_difficulty(self) -> "DifficultyFound":
        if ContactDifficulty.NONE in self.reasons:
            raise Broken("difficulty-named", "a difficulty is named")
        return self


class RecordedInCase(About):
    """A centre has filed what was agreed in its family's case and in each child's plan (S120, S121)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/recorded"
    schema_: Literal["saikne.sibling-contact-recorded/1"] = SCHEMA
    recorded_on: Day
    children: Children
    """In whose plans it stands: all that live in this centre's family."""


class EndContact(About):
    """The arrangement is no longer needed."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/end"
    schema_: Literal["saikne.sibling-contact-ended/1"] = SCHEMA
    ended_on: Day
    reason: ContactEnded


class ContactCentreView(View):
    centre: Id
    children: list[Stated]


class ArrangementView(View):
    kinds: list[ContactKind]
    regularity: Regularity
    support: list[ContactSupport]
    specialists: list[ContactSpecialist] = []


class FoundDifficulty(View):
    centre: Id
    found_on: Day
    reasons: list[ContactDifficulty]
    support: list[ContactSupport]


class Recorded(View):
    centre: Id
    recorded_on: Day


class SiblingContact(View):
    centres: list[ContactCentreView]
    reasons: list[ContactDifficulty]
    decisions: list[Stated] = []
    arrangement: ArrangementView | None = None
    """What all have agreed on."""
    agreed_on: Day | None = None
    proposed: ArrangementView | None = None
    """What is to be agreed on."""
    proposal: Id | None = None
    """The statement that proposed it."""
    agreed_by: list[Id] = []
    """Who agrees to what is proposed, its author first."""
    difficulties: list[FoundDifficulty] = []
    recorded: list[Recorded] = []
    """Who has filed what is agreed on now."""
    declined: ContactDeclined | None = None
    """Why the last proposal came to nothing."""
    ended: ContactEnded | None = None
    ended_on: Day | None = None


class SiblingContactView(MatterView):
    """Contact of siblings as one of their centres sees it."""

    lies_at: ClassVar[str] = _PATH
    content: SiblingContact
