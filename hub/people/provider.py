"""A centre's own OpenID provider: as the operator registered it, what it says of itself, what goes wrong.

Source: OpenID Connect Discovery 1.0 (3); RFC 9207; security.md, threat 24. A person has one account there and
another here: the provider says who comes, the hub alone says who may. Whatever a provider writes is read and
judged, and never shown to anybody.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from hub.kernel.ids import CentreId
from hub.kernel.refusal import OutageOf, Refusal
from hub.kernel.secret import Secret


class ProviderUnknown(Refusal):
    """The centre has none, or is suspended."""

    code = "people.provider-unknown"


class ProviderDoesNotFit(Refusal):
    """What the provider says of itself is not what the hub needs; `why` names the field."""

    code = "people.provider-does-not-fit"


class OtherIssuer(Refusal):
    """The centre has another provider already: people's accounts are of that one."""

    code = "people.other-issuer"


class ProviderAway(OutageOf):
    """It does not answer, not in time, too much, or not as a provider does. People have other ways."""

    code = "people.provider-away"
    retry_after = timedelta(seconds=30)


class Declined(Refusal):
    """The provider let nobody in, or the person went back."""

    code = "people.provider-declined"


class NotBelieved(Refusal):
    """What came from the provider does not prove who comes; `why` names what is wrong of it."""

    code = "people.provider-not-believed"


class NotProvedThere(Refusal):
    """The provider did not ask the person anew, or does not say when it did."""

    code = "people.not-proved-there"


@dataclass(frozen=True, slots=True)
class Provider:
    """As the operator registered it."""

    centre: CentreId
    issuer: str
    client_id: str
    secret: Secret
    hosts: frozenset[str]
    """With their ports: no other is called."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """What a provider says of itself, as far as the hub goes by it."""

    issuer: str
    authorization: str
    """Where a person's browser is sent."""
    token: str
    jwks: str
    names_itself: bool = field(default=False)
    """In every answer that a browser brings back (RFC 9207)."""
    by_header: bool = field(default=True)
    """The client shows its secret in a header; else in the form (RFC 6749 2.3.1)."""

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(urlsplit(one).netloc.lower() for one in (self.authorization, self.token, self.jwks))
