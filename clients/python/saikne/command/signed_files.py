"""How it is told what the hub found in a signed file: the verdict in a sentence, then who signed and when."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from saikne.command.speech import Console
from saikne_schemas.signed_files import Signer, Verdict

if TYPE_CHECKING:
    from saikne_schemas.proofs import ProofView
    from saikne_schemas.views import ExchangeView


def signed_in(view: "ExchangeView") -> "list[tuple[str, ProofView]]":
    """The request's file and the set's certification; each side may read what the other signed."""
    certified_by = view.answer.certified_by if view.answer else None
    named = (("request", view.signed_request), ("answer", certified_by))
    return [(what, file) for what, file in named if file is not None]


def tell_signed_files(console: Console, view: "ExchangeView") -> None:
    for what, file in signed_in(view):
        tell_signed_file(console, what, file)


def tell_signed_file(console: Console, what: str, file: "ProofView") -> None:
    console.tell(f"signed.{what}", proof=file.id)
    tell_signatures(console, file.signatures, file.signers)


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
