"""Which signed files suffice where a secure electronic signature with a time stamp is agreed on.

Source: MK 473 p. 3 (domain 2.3). One that the trusted lists lead to is one. One that is whole, where no list
is in force, and one that nobody could look at, are claimed to be: who receives them may look for itself. A
file whose signature does not verify is sent by mistake whatever was agreed, and told so at once.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from hub.kernel.refusal import Refusal
from saikne_schemas.signed_files import Verdict
from saikne_schemas.vocabulary import RequestSignatures


class SignatureAltered(Refusal):
    """The signature does not verify: what was signed was changed, or it is no signature at all."""

    code = "proofs.signature-altered"


class NotSigned(Refusal):
    """The file that should bear a signature bears none."""

    code = "proofs.not-signed"


class SignatureIncomplete(Refusal):
    """It has no time stamp, or no answer on revocation."""

    code = "proofs.signature-incomplete"


class SignatureUntrusted(Refusal):
    """The trusted lists that are installed do not lead to who signed."""

    code = "proofs.signature-untrusted"


INSUFFICIENT = (SignatureAltered, NotSigned, SignatureIncomplete, SignatureUntrusted)
_REFUSED: dict[Verdict, type[Refusal]] = {
    Verdict.UNTRUSTED: SignatureUntrusted,
    Verdict.INCOMPLETE: SignatureIncomplete,
    Verdict.UNSIGNED: NotSigned,
    Verdict.ALTERED: SignatureAltered,
}
_STANDS_FOR = {
    Verdict.VALID: RequestSignatures.QUALIFIED,
    Verdict.WHOLE: RequestSignatures.QUALIFIED_CLAIMED,
    Verdict.NOT_LOOKED_AT: RequestSignatures.QUALIFIED_CLAIMED,
}


def relied_on(verdicts: Collection[Verdict]) -> RequestSignatures:
    """What a statement relies on whose files came to these; refuses one whose signature does not verify.

    Files that bear no sufficient signature are papers beside it.
    """
    if Verdict.ALTERED in verdicts:
        raise SignatureAltered
    stand = [_STANDS_FOR[verdict] for verdict in verdicts if verdict in _STANDS_FOR]
    if RequestSignatures.QUALIFIED in stand:
        return RequestSignatures.QUALIFIED
    return RequestSignatures.QUALIFIED_CLAIMED if stand else RequestSignatures.PLAIN


def best_of(files: Mapping[UUID, Verdict]) -> UUID | None:
    """The file that a statement relies on, if any suffices."""
    standing = {verdict: proof for proof, verdict in files.items() if verdict in _STANDS_FOR}
    return next((standing[verdict] for verdict in _STANDS_FOR if verdict in standing), None)


def say_what_lacks(verdicts: Collection[Verdict]) -> None:
    """Refuse with what the file lacks that comes nearest to one that suffices; silent where there is none."""
    for verdict, refusal in _REFUSED.items():
        if verdict in verdicts:
            raise refusal
