"""Every wish by every way by every reason: what departs needs a reason that fits, what does not has none."""

from itertools import product

import pytest

from hub.exchange.ways import (
    CannotSend,
    DepartsFromWish,
    DepartureDoesNotFit,
    OtherWay,
    check_archive,
    check_departure,
    check_sends,
    check_way,
)
from saikne_schemas.manifests import Receipt
from saikne_schemas.vocabulary import DeliveryChannel, DepartureReason, PasswordChannel

HUB_SMS = Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS)
HUB_VOICE = Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.VOICE)
EMAIL = Receipt(channel=DeliveryChannel.EMAIL_TWO_STEP, password_channel=PasswordChannel.SMS)
IN_PERSON = Receipt(channel=DeliveryChannel.IN_PERSON)
BY_POST = Receipt(channel=DeliveryChannel.REGISTERED_POST)
RECEIPTS = (HUB_SMS, HUB_VOICE, EMAIL, IN_PERSON, BY_POST)
PAPER = (IN_PERSON, BY_POST)


def outcome(
    wish: Receipt, way: Receipt, because: DepartureReason | None, *, outside: bool = False
) -> str | None:
    try:
        check_departure(wish, way, because, outside=outside)
    except (DepartsFromWish, DepartureDoesNotFit) as refused:
        return refused.code
    return None


@pytest.mark.parametrize(("wish", "way"), list(product(RECEIPTS, RECEIPTS)))
@pytest.mark.parametrize("because", [None, *DepartureReason])
def test_a_way_is_the_wished_one_or_departs_with_a_reason(
    wish: Receipt, way: Receipt, because: DepartureReason | None
) -> None:
    if wish == way:
        wanted = None if because is None else "exchange.departure-does-not-fit"
    elif because is None:
        wanted = "exchange.departs-from-wish"
    elif way in PAPER or (wish in PAPER and because is not DepartureReason.NOT_KEPT_ELECTRONICALLY):
        wanted = None
    else:
        wanted = "exchange.departure-does-not-fit"
    assert outcome(wish, way, because) == wanted


@pytest.mark.parametrize(("wish", "way"), list(product(RECEIPTS, RECEIPTS)))
def test_who_could_send_no_archive_departs_from_none(wish: Receipt, way: Receipt) -> None:
    none_wished = wish not in PAPER and way in PAPER
    wanted = None if none_wished else outcome(wish, way, None)
    assert outcome(wish, way, None, outside=True) == wanted


@pytest.mark.parametrize("wish", RECEIPTS)
def test_a_centre_outside_of_the_hub_is_asked_for_paper(wish: Receipt) -> None:
    check_sends(wish.channel, outside=False)
    if wish in PAPER:
        check_sends(wish.channel, outside=True)
        return
    with pytest.raises(CannotSend) as refused:
        check_sends(wish.channel, outside=True)
    assert refused.value.facts == {"way": wish.channel.value, "ways": ["in_person", "registered_post"]}


def test_a_step_belongs_to_its_way() -> None:
    check_way("in_person", DeliveryChannel.IN_PERSON)
    with pytest.raises(OtherWay) as refused:
        check_way("hub", DeliveryChannel.IN_PERSON, DeliveryChannel.REGISTERED_POST)
    assert (refused.value.code, refused.value.facts) == ("exchange.other-way", {"way": "hub"})


@pytest.mark.parametrize("way", list(DeliveryChannel))
def test_an_archive_goes_by_the_hub_or_by_mail(way: DeliveryChannel) -> None:
    if way in {DeliveryChannel.HUB, DeliveryChannel.EMAIL_TWO_STEP}:
        check_archive(way.value)
    else:
        with pytest.raises(OtherWay):
            check_archive(way.value)
