"""To which addresses a centre's own system may have people sent back: https, exact, a few.

Source: RFC 6749 (3.1.2), 8252 (8.3), 9700 (2.1: compared to the letter). Plain http counts on the own machine
alone, for whoever builds such a system. The host is written so that a page's policy can name it.
"""

import re
from urllib.parse import urlsplit

from hub.kernel.refusal import Refusal

AT_MOST = 10
_LONGEST = 400
_PLAIN = re.compile(r"[!#-;=?-\[\]_a-z~]+")
"""No space, quotation mark, angle bracket, backslash or accent: RFC 3986 has none of them in an address."""
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1"})


class AddressNotTaken(Refusal):
    """`why` names the part that is wrong."""

    code = "access.return-address-not-taken"


class TooManyAddresses(Refusal):
    """Another one is removed first."""

    code = "access.too-many-return-addresses"


def checked(address: str) -> str:
    """The address as it was written, if people may be sent there."""
    if len(address) > _LONGEST or not _PLAIN.fullmatch(address):
        raise AddressNotTaken(why="characters")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressNotTaken(why="form") from None
    host = parts.hostname or ""
    if parts.netloc not in {host, f"{host}:{port}"} or not _HOST.fullmatch(host):
        raise AddressNotTaken(why="host")
    if "#" in address:
        raise AddressNotTaken(why="fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _OWN_MACHINE):
        raise AddressNotTaken(why="scheme")
    return address


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def host_of(address: str) -> str:
    """As a person is told of it."""
    return urlsplit(address).netloc
