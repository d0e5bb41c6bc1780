"""Sealed facts of a registration: of the agreed form, to the key that was stated.

Source: method S80; domain 3.3; RFC 7516. To the hub they are ciphertext.
"""

from hub.kernel.refusal import Refusal
from hub.signing.sealed import NotASeal, read_seal
from saikne_schemas.register_entries import SEAL_TYPE


class SealMalformed(Refusal):
    """Not a compact JWE by the algorithms that are agreed on, to the key that was stated."""

    code = "agis.seal-malformed"


def sealed_facts(body: bytes, kid: str | None) -> str:
    """The seal as text, where it is one to this key."""
    try:
        seal = read_seal(body, SEAL_TYPE)
    except NotASeal:
        raise SealMalformed from None
    if seal.kid != kid:
        raise SealMalformed
    return seal.text
