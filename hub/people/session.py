"""How long a sign-in counts, when it has to be proved again, and how many wrong tries there may be.

Source: board.md 2 (idle half an hour, ten hours in all, five minutes for what is dangerous); OWASP ASVS 5.0,
7.3 and 6.3. Whoever was suspended is out with the next look.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from hub.kernel.refusal import Refusal, TooMuch
from hub.people.person import Person

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
PROVED = timedelta(minutes=5)
NEVER_PROVED = datetime(1970, 1, 1, tzinfo=UTC)
"""Where a provider does not say when it asked the person."""
SEEN_WITHIN = timedelta(minutes=1)
"""A look is noted once in so long: no page writes a row each time it is shown."""
TRIES, TRIES_WITHIN = 5, timedelta(minutes=15)
"""Of a password or a code of one person; a passkey is not guessed and goes on."""


class NotSignedIn(Refusal):
    """No session, or one that is over: whoever asked signs in and comes back."""

    code = "people.not-signed-in"


class ProveAgain(Refusal):
    """What is dangerous asks for a proof of a few minutes ago."""

    code = "people.prove-again"


class Wrong(Refusal):
    """Which of the three was wrong is not said, nor whether anybody has this address."""

    code = "people.wrong"


class TooManyTries(TooMuch):
    code = "people.too-many-tries"


class How(StrEnum):
    """By what a person has proved who it is."""

    LINK = "link"
    """An invitation: enough to set up a way to sign in, and for nothing else."""
    LOOK = "look"
    """An invitation, where the operator lets it suffice: only on one's own machine."""
    PASSKEY = "passkey"
    CODE = "code"
    """A password, and a code from an app."""
    ACCOUNT = "account"
    """At the provider of the person's own organisation."""


@dataclass(frozen=True, slots=True)
class Session:
    key: bytes
    """SHA-256 of what the browser holds."""
    person: Person
    how: How
    begun_at: datetime
    seen_at: datetime
    proved_at: datetime

    def require_proof(self, now: datetime) -> None:
        if now - self.proved_at > PROVED:
            raise ProveAgain


def counts(begun_at: datetime, seen_at: datetime, now: datetime) -> bool:
    return now - seen_at <= IDLE and now - begun_at <= ABSOLUTE


def pause(tries: int, tried_at: datetime | None, now: datetime) -> timedelta | None:
    """How long nobody may try again; None where one may."""
    if tried_at is None or tries < TRIES or now - tried_at >= TRIES_WITHIN:
        return None
    return tried_at + TRIES_WITHIN - now


def tries_after(tries: int, tried_at: datetime | None, now: datetime) -> int:
    """One more wrong try; those of long ago are forgotten."""
    return 1 if tried_at is None or now - tried_at >= TRIES_WITHIN else tries + 1
