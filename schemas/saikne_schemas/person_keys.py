"""A key of a person's own, made in that person's browser, and what it may state in the centre's name.

The file is a JWS in general JSON form, as an enrolment is: the payload is signed by the new key, so that
possession is proved, and by the key of whoever approves it. The private half never leaves the browser.
Source: design.md 10 (people act, centres answer for it); board.md 3.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from saikne_schemas.enrolment import PublicKey
from saikne_schemas.wire import IDENTITY, SCHEMA, EachOnce, Moment, RandomId, WireDocument


class Act(StrEnum):
    """What a person may do in a centre's name."""

    ASK = "ask"
    """For copies, and begin what centres deal with."""
    ANSWER = "answer"
    """Refuse, propose a later day, seal documents, certify."""
    DISPATCH = "dispatch"
    """Send an answer on its way, or hand it over."""
    CONFIRM = "confirm"
    """Collect, open and confirm what was sent, or dispute it."""
    AGREE = "agree"
    """To what binds the centre: an agreement, a training's contract."""
    MANAGE_PEOPLE = "manage_people"


class PersonKey(WireDocument):
    """A person's own signing key; signed by that key and by the key of whoever approves it."""

    schema_: Literal["saikne.person-key/1"] = SCHEMA
    id: RandomId = IDENTITY
    centre: RandomId
    """In whose name the person acts."""
    person: RandomId
    """Whose key it is, by the hub's number for that person; a name never stands here."""
    acts: Annotated[list[Act], Field(min_length=1, max_length=6), EachOnce]
    """The most that may be stated by it; less where the person may less."""
    until: Moment
    """From then on it counts for nothing new."""
    key: PublicKey
