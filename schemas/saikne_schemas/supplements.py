"""More asked for within the same exchange: children placed since, forms found missing.

Source: features F19 (no second case); domain 1.1; method S77, S108. What may be added to which kind of
request is the hub's rule.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from saikne_schemas.rules import Broken
from saikne_schemas.statements import EXCHANGES, ExchangeStatement
from saikne_schemas.vocabulary import FormType, SupplementReason
from saikne_schemas.wire import IDENTITY, SCHEMA, EachOnce, Id, IdentityRefs, RandomId, Reference


class Supplement(ExchangeStatement):
    """The requester adds to its request; what was answered and confirmed before stays so."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/supplement"
    schema_: Literal["saikne.supplement/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    children: Annotated[list[Reference], Field(max_length=20), EachOnce] = []
    """Placed children that the request did not name."""
    forms: Annotated[list[FormType], Field(max_length=20), EachOnce] = []
    """Forms that the next answer must hold, beside those that the method makes mandatory."""
    reason: SupplementReason
    identities: IdentityRefs = []
    """Who is meant, sealed to the centres that are to know it."""

    @model_validator(mode="after")
    def _adds_something(self) -> "Supplement":
        if not self.children and not self.forms:
            raise Broken("supplement-adds", "a supplement names children or forms")
        return self
