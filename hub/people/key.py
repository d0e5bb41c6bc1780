"""When a person's key may be offered and approved: whose it is, what for, until when, and who says so.

A page makes the key and signs for it; somebody else of the centre, who may manage its people and has such a
key already, compares its fingerprint and signs for it too. Nobody approves his own. The first of a centre is
approved by the operator, who has compared it and answers for it in the centre's chain, as for keys of a
centre that has lost its own (`hub key rotate --vouched`).
Source: design.md 10; board.md 3; security.md threat 12.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from hub.kernel.refusal import Refusal
from hub.people.person import OF_A_CENTRE, Person
from saikne_schemas.enrolment import KeyUse
from saikne_schemas.person_keys import Act, PersonKey

LIVES = timedelta(days=365)
"""At most; another is made and compared in a minute, and who left the house is gone from the list."""
LEEWAY = timedelta(minutes=5)
"""Between the moment at which a page was told until when, and its answer."""
AT_MOST = 10
"""That a person has at a time, with those that wait."""
LABEL_AT_MOST = 60


class EndedBecause(StrEnum):
    """Beside why a centre's own keys end: what is kept of a person's."""

    BY_PERSON = "by_person"
    BY_COORDINATOR = "by_coordinator"
    PERSON_SUSPENDED = "person_suspended"


class KeyDoesNotFit(Refusal):
    """It names somebody else, more acts than the person has, or ends too late."""

    code = "people.key-does-not-fit"


class KeyUnknown(Refusal):
    """There is no such key, or it waits no more, or its end has come."""

    code = "people.key-unknown"


class KeyYourOwn(Refusal):
    """Nobody approves his own key."""

    code = "people.key-your-own"


class ApproverWithoutKey(Refusal):
    """It was not signed by a key of whoever approves that is in force, and that may manage people."""

    code = "people.approver-without-key"


class TooManyKeys(Refusal):
    code = "people.too-many-keys"


def may_have(person: Person) -> bool:
    """Who states nothing needs no key: overseers and operators."""
    return person.role in OF_A_CENTRE and bool(person.acts)


def require_fit(document: PersonKey, person: Person, now: datetime) -> None:
    """That a document says of a key what may be said of it."""
    whose = document.person == person.id and document.centre == person.centre
    acts = person.acts >= set(document.acts)
    in_time = now < document.until <= now + LIVES + LEEWAY
    if not (may_have(person) and whose and acts and in_time and document.key.use is KeyUse.SIGNING):
        raise KeyDoesNotFit


def require_approver(approver: Person, document: PersonKey) -> None:
    approver.require(Act.MANAGE_PEOPLE)
    if document.person == approver.id:
        raise KeyYourOwn
