"""What may be offered unasked."""

from uuid import UUID, uuid4

import pytest

from hub.exchange.offer import check
from hub.kernel.refusal import Refusal
from saikne import compose
from saikne_schemas.manifests import Receipt
from saikne_schemas.offers import Offer
from saikne_schemas.vocabulary import DeliveryChannel, LegalBasis, PasswordChannel

HERE, THERE = uuid4(), uuid4()


def refusal_of(
    *,
    holder: UUID = HERE,
    receiver: UUID = THERE,
    basis: LegalBasis = LegalBasis.METHOD_CHILD_MOVE,
    active: bool = True,
) -> str | None:
    offer = compose(
        Offer,
        holder=holder,
        receiver=receiver,
        child="AG-7741-B1",
        legal_basis=basis,
        receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS),
    )
    try:
        check(offer, caller=HERE, receiver_is_active_centre=active)
    except Refusal as refused:
        return refused.code
    return None


def test_a_childs_centre_tells_the_next_one() -> None:
    assert refusal_of() is None


def test_nobody_offers_in_anothers_name() -> None:
    assert refusal_of(holder=THERE) == "exchange.not-your-centre"


def test_a_centre_offers_nothing_to_itself() -> None:
    assert refusal_of(receiver=HERE) == "exchange.offered-to-yourself"


def test_only_a_centre_that_takes_part_is_told() -> None:
    assert refusal_of(active=False) == "exchange.receiver-unknown"


@pytest.mark.parametrize("basis", sorted(set(LegalBasis) - {LegalBasis.METHOD_CHILD_MOVE}))
def test_only_a_childs_move_is_a_reason(basis: LegalBasis) -> None:
    assert refusal_of(basis=basis) == "exchange.basis-does-not-fit"
