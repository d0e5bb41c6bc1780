"""What a centre tells the next one before a child moves to it, unasked.

Source: method S106; domain 1.2. The method gives no day by which, so nothing is owed by a day.
"""

from typing import ClassVar, Literal

from saikne_schemas.correction_words import OfferTakenBack
from saikne_schemas.manifests import Receipt
from saikne_schemas.statements import EXCHANGES, ExchangeStatement
from saikne_schemas.vocabulary import LegalBasis
from saikne_schemas.wire import IDENTITY, SCHEMA, Id, IdentityRefs, RandomId, Reference


class Offer(ExchangeStatement):
    """Opens an exchange of the kind `child_information`; its answer goes on as the answer to a request."""

    goes_to: ClassVar[str] = EXCHANGES + "/offers"
    schema_: Literal["saikne.offer/1"] = SCHEMA
    id: RandomId = IDENTITY
    holder: Id
    """The centre that tells: whose key signs this."""
    receiver: Id
    """The centre to which the child moves: the exchange's requester from here on."""
    child: Reference
    legal_basis: LegalBasis
    receipt: Receipt
    """One of the two ways that need no meeting, to the addresses that the receiver has notified."""
    identities: IdentityRefs = []
    """Who is meant, sealed to the centres that are to know it."""


class TakeOfferBack(ExchangeStatement):
    """The centre that offered it takes it back, as long as nothing was sent."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/take-back"
    schema_: Literal["saikne.offer-taken-back/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    reason: OfferTakenBack
