"""How it is told what the hub found in a signed file: the verdict in a sentence, then who signed and when."""

from collections.abc import Sequence

from saikne.command.speech import Console
from saikne_schemas.signed_files import Signer, Verdict


def tell_signatures(console: Console, verdict: Verdict | None, signers: Sequence[Signer]) -> None:
    """Silent about a file that can bear none."""
    if verdict is None:
        return
    console.tell(f"signed.{verdict.value}")
    for signer in signers:
        if signer.at is None:
            console.tell("signed.by", name=signer.name)
        else:
            console.tell("signed.by-at", name=signer.name, at=signer.at)
