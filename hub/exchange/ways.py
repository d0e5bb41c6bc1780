"""Whether an answer may go another way than the wished one, and which verbs belong to which way.

Source: method S57, S88-S90; domain 2.3 (MK 473 p. 4); features N5. Paper may always take the place of an
archive, and another kind of paper way that of the wished one, if a reason is stated; an archive takes the
place of paper only. One archive way in the place of another would let the holder choose where a password
goes. Does not know any address: that is `passwords.channels`.
"""

from hub.kernel.refusal import Refusal
from saikne_schemas.manifests import Receipt
from saikne_schemas.vocabulary import PAPER_WAYS, DeliveryChannel, DepartureReason


class DepartsFromWish(Refusal):
    """Another way than the wished one, and no reason is stated."""

    code = "exchange.departs-from-wish"


class DepartureDoesNotFit(Refusal):
    """A reason where nothing departs, or one that speaks against the way that is taken."""

    code = "exchange.departure-does-not-fit"


class OtherWay(Refusal):
    """The statement belongs to another way than the one that the answer takes."""

    code = "exchange.other-way"


class CannotCollect(Refusal):
    """The centre that asks is not in the hub: nothing can wait for it there."""

    code = "exchange.cannot-collect"


class CannotSend(Refusal):
    """The centre that is asked is not in the hub: it has only paper to answer with here."""

    code = "exchange.cannot-send"


def check_sends(way: DeliveryChannel, *, outside: bool) -> None:
    """Of a centre outside of the hub only paper is wished: no other way can be told of it here."""
    if outside and way not in PAPER_WAYS:
        raise CannotSend(way=way.value, ways=sorted(one.value for one in PAPER_WAYS))


def check_collects(way: DeliveryChannel, *, outside: bool) -> None:
    if outside and way is DeliveryChannel.HUB:
        raise CannotCollect


def check_departure(
    wish: Receipt, taken: Receipt, because: DepartureReason | None, *, outside: bool = False
) -> None:
    """`outside`: a holder that is not in the hub departs from no archive, since it could not send one."""
    if taken == wish:
        if because is not None:
            raise DepartureDoesNotFit(wish=wish.channel.value, way=taken.channel.value)
        return
    if because is None and outside and wish.channel not in PAPER_WAYS and taken.channel in PAPER_WAYS:
        return
    if because is None:
        raise DepartsFromWish(wish=wish.channel.value, way=taken.channel.value)
    if taken.channel in PAPER_WAYS:
        return
    if wish.channel not in PAPER_WAYS or because is DepartureReason.NOT_KEPT_ELECTRONICALLY:
        raise DepartureDoesNotFit(wish=wish.channel.value, way=taken.channel.value)


def check_way(way: str, *allowed: DeliveryChannel) -> None:
    """Refuse a verb of a paper way about an archive, and the other way round."""
    if way not in allowed:
        raise OtherWay(way=way)


def check_archive(way: str) -> None:
    if way in PAPER_WAYS:
        raise OtherWay(way=way)
