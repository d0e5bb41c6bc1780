"""What may be asked, of whom, by whom: the written request of method S57, S77 and S108.

Which ways of receipt go together is `passwords.channels`; which signed file suffices, `proofs.sufficing`.
Copies of one kind about one family or child are asked for once at a time; whether they are asked for already
is found when the request is kept (`matters.casework.once`). More children of the family are a supplement.
"""

from hub.exchange.owed import NEXT_STEP
from hub.exchange.record import Record
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Once, OpenAlready
from saikne_schemas.manifests import RequestForCopies
from saikne_schemas.vocabulary import ExchangeKind, LegalBasis

_MOVE_OF = {
    LegalBasis.METHOD_FAMILY_MOVE: ExchangeKind.FAMILY_CASE,
    LegalBasis.METHOD_CHILD_MOVE: ExchangeKind.CHILD_IAP,
}


class NotYourCentre(Refusal):
    code = "exchange.not-your-centre"


class AskedOfYourself(Refusal):
    code = "exchange.asked-of-yourself"


class HolderUnknown(Refusal):
    code = "exchange.holder-unknown"


class BasisDoesNotFit(Refusal):
    """On this ground something else is asked for; `bases` are those that fit."""

    code = "exchange.basis-does-not-fit"


class AskedAlready(OpenAlready):
    code = "exchange.asked-already"


def about(record: Record) -> str:
    """The family whose case, or the child whose plan is asked for."""
    return record.family or record.children[0]


ONCE: Once[Record] = Once(about, frozenset(NEXT_STEP), AskedAlready)


def check(request: RequestForCopies, *, caller: object, holder_is_active_centre: bool) -> None:
    """Refuse a request that may not be made; the caller is the centre whose key signed it."""
    if request.requester != caller:
        raise NotYourCentre
    if request.holder == request.requester:
        raise AskedOfYourself
    if not holder_is_active_centre:
        raise HolderUnknown
    fitting = [one for one in LegalBasis if _MOVE_OF.get(one, request.kind) is request.kind]
    if request.legal_basis not in fitting:
        raise BasisDoesNotFit(bases=[one.value for one in fitting])
