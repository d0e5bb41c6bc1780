"""Which hosts are this machine: only there is anything said in clear without the operator's word.

The operator's word is a host's name: a network is private as far as somebody answers for it.
"""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from hub.kernel.refusal import Refusal

_IN_CLEAR = frozenset({"http", "smtp"})


class InClear(Refusal):
    """A setting leads beyond this machine without TLS, to a host that the operator has not named for it."""

    code = "settings.in-clear"


def is_here(host: str) -> bool:
    """A Unix socket, or an address of the loopback interface."""
    if host.startswith(("/", "@")) or host.rstrip(".").lower() == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def require_tls(setting: str, url: str | None, *, except_for: Collection[str]) -> None:
    """Refuses an address that is spoken to in clear beyond this machine."""
    parts = urlsplit(url or "")
    host = parts.hostname or ""
    if parts.scheme.lower() in _IN_CLEAR and host and not is_here(host) and host not in except_for:
        raise InClear(setting=setting, host=host)
