"""What the hub found when it looked at a signed file: a verdict in one word, who signed, and when.

Source: MK 473, MK 558 (domain 2.3, 4.2). A verdict is the hub's own word on the day on which the file was
sent; the file itself stays what proves the signature.
"""

from enum import StrEnum

from saikne_schemas.wire import Moment, OneLine, View


class Verdict(StrEnum):
    """Of a file with several signatures: that of the worst one."""

    VALID = "valid"
    """Unchanged since it was signed; the operator's trusted lists lead to who signed and who stamped it."""
    WHOLE = "whole"
    """Unchanged since it was signed; whether the signature is a qualified one could not be traced, since the
    operator has installed no trusted list that is in force."""
    UNTRUSTED = "untrusted"
    """Unchanged since it was signed, but the trusted lists do not lead to who signed."""
    INCOMPLETE = "incomplete"
    """Unchanged since it was signed, but it has no time stamp, or no answer that the certificate was good."""
    ALTERED = "altered"
    """The signature does not verify: the file was changed after it was signed, or is damaged."""
    UNSIGNED = "unsigned"
    """It bears no signature."""
    NOT_LOOKED_AT = "not_looked_at"
    """It is too large to be looked at, or could not be."""


class Signer(View):
    name: OneLine
    """As the certificate says."""
    at: Moment | None = None
    """The moment of the time stamp, or, where there is none, the one that the signer told."""
