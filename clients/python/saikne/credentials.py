"""Who calls which hub: a centre's identifier, its two keys and what it may ask for."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from saikne.keys import CentreKey
from saikne.problems import LocalRefusal
from saikne_schemas.vocabulary import Scope

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class HubAddressRefused(LocalRefusal):
    """Documents do not travel in clear: a hub is called by https, unless it runs on this very machine."""

    code = "hub.address-refused"


@dataclass(frozen=True)
class Credentials:
    hub: str
    """The hub's public URL, which is also its OAuth issuer; without a slash at its end."""
    centre: UUID
    oauth_key: CentreKey
    signing_key: CentreKey
    scopes: tuple[Scope, ...] = (Scope.EXCHANGE,)


def hub_address(url: str) -> str:
    """The address in the form that is signed."""
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    if not safe or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise HubAddressRefused(url=url)
    return url.rstrip("/")
