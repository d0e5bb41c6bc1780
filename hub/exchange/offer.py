"""What may be offered unasked, by whom and to whom: what a child's centre tells the next one (method S106).

Domain 1.2: it is told before the child moves, on the ground of the child's move alone. Which ways of receipt
go together is `passwords.channels`.
"""

from hub.exchange.copy_request import BasisDoesNotFit, NotYourCentre
from hub.kernel.refusal import Refusal
from saikne_schemas.offers import Offer
from saikne_schemas.vocabulary import LegalBasis


class OfferedToYourself(Refusal):
    code = "exchange.offered-to-yourself"


class ReceiverUnknown(Refusal):
    code = "exchange.receiver-unknown"


def check(offer: Offer, *, caller: object, receiver_is_active_centre: bool) -> None:
    """Refuse an offer that may not be made; the caller is the centre whose key signed it."""
    if offer.holder != caller:
        raise NotYourCentre
    if offer.receiver == offer.holder:
        raise OfferedToYourself
    if not receiver_is_active_centre:
        raise ReceiverUnknown
    if offer.legal_basis is not LegalBasis.METHOD_CHILD_MOVE:
        raise BasisDoesNotFit(bases=[LegalBasis.METHOD_CHILD_MOVE.value])
