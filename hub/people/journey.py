"""A person goes to the organisation's provider and comes back: what for, and what ties the two ends together.

Source: OpenID Connect Core 1.0 (3.1.2); RFC 7636, 9700 (2.1, 4.7). The browser holds 32 random bytes; state,
nonce and verifier are made from them, each by its name, so that the database keeps a digest and nothing by
which a stolen answer could be used. An answer counts once, for ten minutes, in the browser that went.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal, TooMuch
from hub.people.person import PersonId
from hub.people.provider import Discovered, NotProvedThere
from hub.people.session import ABSOLUTE, PROVED
from hub.signing.public_key import b64url

BACK_WITHIN = timedelta(minutes=10)


class ReturnUnknown(Refusal):
    """Nobody went from this browser, or came back already, or stayed too long, or is another one by now."""

    code = "people.return-unknown"


class TooManyJourneys(TooMuch):
    """From one address. Whoever comes back has gone, so that tries at a provider are bounded with them."""

    code = "people.too-many-journeys"


class Purpose(StrEnum):
    SIGN_IN = "sign_in"
    PROVE = "prove"
    """Who is in already proves it again."""
    ADD = "add"
    """The account becomes a way to sign in."""


ASKED: Mapping[Purpose, Mapping[str, str]] = {
    Purpose.SIGN_IN: {"max_age": str(int(ABSOLUTE.total_seconds()))},
    Purpose.PROVE: {"max_age": "0", "prompt": "login"},
    Purpose.ADD: {"max_age": "0", "prompt": "login"},
}
"""How anew the provider is to ask; a sign-in may rest on one there that is no older than one here may be."""
_FRESH: Mapping[Purpose, timedelta] = {Purpose.SIGN_IN: ABSOLUTE, Purpose.PROVE: PROVED, Purpose.ADD: PROVED}


@dataclass(frozen=True, slots=True)
class Wish:
    """Why somebody goes, kept until he is back."""

    centre: CentreId
    purpose: Purpose
    following: str
    """The page to go on to."""
    person: PersonId | None = None
    """Who is in already."""
    issuer: str = ""
    """Of the provider, once somebody has gone there: the centre may have another one by the return."""

    def written(self) -> JsonObject:
        return {
            "centre": str(self.centre),
            "issuer": self.issuer,
            "purpose": self.purpose.value,
            "following": self.following,
            "person": str(self.person) if self.person else None,
        }

    @classmethod
    def read(cls, said: JsonObject) -> "Wish":
        person = said["person"]
        return cls(
            centre=CentreId(UUID(said["centre"])),
            purpose=Purpose(said["purpose"]),
            following=said["following"],
            person=PersonId(UUID(person)) if person else None,
            issuer=said["issuer"],
        )

    def require_fresh(self, authenticated_at: datetime | None, now: datetime) -> None:
        """Where the provider says when it asked, it was lately enough; and to prove something it says so."""
        if authenticated_at is None:
            if self.purpose is Purpose.PROVE:
                raise NotProvedThere
        elif now - authenticated_at > _FRESH[self.purpose]:
            raise NotProvedThere


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the browser holds until it is back, and what is made from it."""

    held: str

    @classmethod
    def new(cls) -> "Ticket":
        return cls(secrets.token_urlsafe(32))

    @property
    def state(self) -> str:
        return self._made("state")

    @property
    def nonce(self) -> str:
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        return self._made("verifier")

    def fits(self, state: str) -> bool:
        return bool(self.held) and hmac.compare_digest(self.state.encode(), state.encode())

    def _made(self, name: str) -> str:
        return b64url(hmac.digest(self.held.encode(), name.encode(), "sha256"))


def address(found: Discovered, client_id: str, back: str, ticket: Ticket, purpose: Purpose) -> str:
    """Where the browser goes: the provider's page, with what is asked of it."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": back,
        "scope": "openid",
        "state": ticket.state,
        "nonce": ticket.nonce,
        "code_challenge": b64url(hashlib.sha256(ticket.verifier.encode()).digest()),
        "code_challenge_method": "S256",
        **ASKED[purpose],
    }
    return f"{found.authorization}{'&' if '?' in found.authorization else '?'}{urlencode(asked)}"
