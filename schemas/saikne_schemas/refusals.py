"""The holder's no to a request for copies, and the requester's answer to it.

Source: method S57, S77, S78, S108 (the holder answers a written request; it may be the wrong one to ask);
design.md 1. A reasoned refusal meets the term of the request; one that is disputed opens it again by its
first date. Who may still refuse is the hub's rule.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from saikne_schemas.rules import Broken
from saikne_schemas.statements import EXCHANGES, ExchangeStatement
from saikne_schemas.vocabulary import RefusalDispute, RefuseReason
from saikne_schemas.wire import IDENTITY, SCHEMA, Day, Id, IdentityRefs, ProofRef, RandomId, View


class Refuse(ExchangeStatement):
    """The holder says no, and why: it sends no copies, and the term of the request is met by that."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/refuse"
    schema_: Literal["saikne.refuse/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    reason: RefuseReason
    since: Day | None = None
    """Since when the family or the child is with this centre no longer; with `no_longer_ours`."""
    answered_in: Id | None = None
    """The exchange in which the copies went to this requester; with `already_answered`."""

    @model_validator(mode="after")
    def _says_what_its_reason_needs(self) -> "Refuse":
        if (self.reason is RefuseReason.NO_LONGER_OURS) is (self.since is None):
            raise Broken("refused-since", "no_longer_ours says since when; other reasons do not")
        if (self.reason is RefuseReason.ALREADY_ANSWERED) is (self.answered_in is None):
            raise Broken("refused-answered-in", "already_answered names the exchange; other reasons do not")
        return self


class DisputeRefusal(ExchangeStatement):
    """The requester says that the refusal is wrong; the answer is owed again by its first date."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/dispute-refusal"
    schema_: Literal["saikne.dispute-refusal/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    refusal: Id
    """The identity of the refusal."""
    reason: RefusalDispute
    proofs: Annotated[list[ProofRef], Field(max_length=5)] = []
    """What shows it, such as the family's agreement or the court's decision."""
    identities: IdentityRefs = []
    """Who is meant, sealed once more: what came with the request went with the refusal."""


class AcceptRefusal(ExchangeStatement):
    """The requester leaves a refusal as it is: nothing more is to be decided about it."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/accept-refusal"
    schema_: Literal["saikne.accept-refusal/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    refusal: Id
    """The identity of the refusal."""


class RefusalView(View):
    """The holder's no that was last said, and what the requester said to it."""

    refusal: Id
    """The identity of the holder's statement."""
    reason: RefuseReason
    since: Day | None = None
    answered_in: Id | None = None
    disputed: RefusalDispute | None = None
    accepted: bool = False
    """The requester leaves it as it is."""
