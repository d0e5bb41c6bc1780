"""What is kept of an exchange beside the statements: what was asked, the wished way, how far it came.

The projection for reading: meaning lives in the statements (design.md 1).
"""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator

from hub.exchange.documents import Asked
from saikne_schemas.beside import DespiteView
from saikne_schemas.manifests import Receipt
from saikne_schemas.refusals import RefusalView
from saikne_schemas.views import ExtensionView, ItemCorrection
from saikne_schemas.vocabulary import (
    PAPER_WAYS,
    ExchangeKind,
    FormType,
    LegalBasis,
    Purpose,
    RequestSignatures,
)


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ExchangeKind
    family: str | None
    children: list[str]
    """All that were ever named."""
    legal_basis: LegalBasis
    purpose: Purpose
    receipt: Receipt
    """How the requester wishes to get the copies."""
    archive_address: str | None = None
    password_address: str | None = None
    """Both as notified when it was asked for; None where paper is wished."""
    signatures: RequestSignatures = RequestSignatures.PLAIN
    """What the request relies on."""
    despite: DespiteView | None = None
    """What was asked for already, and why it is asked for again."""
    signed_request: UUID | None = None
    """The requester's proof that it relies on."""
    certified_by: UUID | None = None
    """The holder's proof that certifies the newest answer."""
    round: int = 0
    """Of the newest answer."""
    more_children: list[str] = []
    more_forms: list[FormType] = []
    """These two by supplements."""
    answered_before: bool = False
    """Only more is awaited."""
    proposal: ExtensionView | None = None
    """The holder's proposal of a later day that stands."""
    refusal: RefusalView | None = None
    """The holder's no that was last said."""
    items_corrected: list[ItemCorrection] = []
    """Numbers of registered items that were told wrongly, the oldest first."""

    @model_validator(mode="after")
    def _an_archive_has_its_addresses(self) -> Self:
        there = {self.archive_address is not None, self.password_address is not None}
        if there != {self.receipt.channel not in PAPER_WAYS}:
            raise ValueError("an archive goes to an address, and so does its password; paper has none")
        return self

    def with_item(self, correction: ItemCorrection) -> "Record":
        return self.model_copy(update={"items_corrected": [*self.items_corrected, correction]})

    def grown(self, asked: Asked) -> "Record":
        """By a supplement."""
        more = ("children", "more_children", "more_forms", "answered_before")
        return self.model_copy(update={name: getattr(asked, name) for name in more})

    def proposing(self, day: ExtensionView | None) -> "Record":
        return self.model_copy(update={"proposal": day})

    def refused(self, refusal: RefusalView) -> "Record":
        return self.model_copy(update={"refusal": refusal})

    @property
    def asked(self) -> Asked:
        return Asked(
            kind=self.kind,
            family=self.family,
            children=self.children,
            more_children=self.more_children,
            more_forms=self.more_forms,
            answered_before=self.answered_before,
        )
