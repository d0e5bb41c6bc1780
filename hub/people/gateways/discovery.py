"""What an OpenID provider says of itself: its issuer has to be the one that was asked, its addresses safe.

Source: OpenID Connect Discovery 1.0 (3, 4.3); RFC 8414; security.md, threat 24. In clear only this machine is
spoken to. Which hosts are called beyond that the operator has seen and agreed to: `providers` holds to it.
"""

from urllib.parse import urlsplit

from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Refusal
from hub.people.id_token import ALGORITHMS
from hub.people.provider import Discovered, ProviderDoesNotFit
from hub.plumbing.nearby import is_here

WELL_KNOWN = "/.well-known/openid-configuration"
_BY_HEADER, _BY_FORM = "client_secret_basic", "client_secret_post"


class IssuerMalformed(Refusal):
    """Not an address by TLS, or one with a query, a fragment or a name in it."""

    code = "people.issuer-malformed"


def require_issuer(issuer: str) -> None:
    if not _is_safe(issuer) or "?" in issuer or issuer.endswith("/.well-known"):
        raise IssuerMalformed


def read(document: JsonObject, issuer: str) -> Discovered:
    """As far as the hub goes by it; what is not said counts as the specification has it."""
    if document.get("issuer") != issuer:
        raise ProviderDoesNotFit(why="issuer")
    addresses = {
        name: document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    }
    for name, address in addresses.items():
        if not isinstance(address, str) or not _is_safe(address):
            raise ProviderDoesNotFit(why=name)
    _require(document, "response_types_supported", {"code"}, else_={"code"})
    _require(document, "code_challenge_methods_supported", {"S256"}, else_={"S256"})
    _require(document, "id_token_signing_alg_values_supported", set(ALGORITHMS), else_=set())
    ways = _require(
        document, "token_endpoint_auth_methods_supported", {_BY_HEADER, _BY_FORM}, else_={_BY_HEADER}
    )
    return Discovered(
        issuer=issuer,
        authorization=str(addresses["authorization_endpoint"]),
        token=str(addresses["token_endpoint"]),
        jwks=str(addresses["jwks_uri"]),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        by_header=_BY_HEADER in ways,
    )


def _require(document: JsonObject, name: str, known: set[str], *, else_: set[str]) -> set[str]:
    """Those of a list that the hub knows too; refused where there is none."""
    said = document.get(name)
    both = known & {one for one in said if isinstance(one, str)} if isinstance(said, list) else else_
    if not both:
        raise ProviderDoesNotFit(why=name)
    return both


def _is_safe(address: str) -> bool:
    """By TLS, or on this machine; nothing in it by which one host is taken for another."""
    try:
        parts = urlsplit(address)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and not set(" \\#@") & set(address)
    known = parts.scheme == "https" or (parts.scheme == "http" and is_here(parts.hostname or ""))
    return plain and known and bool(parts.hostname) and port_is_one
