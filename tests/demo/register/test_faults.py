"""What is ordered happens in order, what is left to chance happens alike with the same seed."""

import pytest

from saikne_demo.register import Deed, Fault, Faults


def drawn(seed: int) -> list[Fault | None]:
    faults = Faults(seed)
    faults.chance(Fault.SLOW, 0.3)
    faults.chance(Fault.DOWN, 0.3)
    return [faults.next(Deed.SEND) for _ in range(200)]


def test_orders_are_kept_in_their_order_and_then_all_is_well() -> None:
    faults = Faults()
    faults.order(Fault.SLOW, times=2)
    faults.order(Fault.DOWN)
    assert [faults.next(Deed.SEND) for _ in range(4)] == [Fault.SLOW, Fault.SLOW, Fault.DOWN, None]
    assert faults.made == {Fault.SLOW: 2, Fault.DOWN: 1}


def test_an_order_concerns_one_kind_of_deed() -> None:
    faults = Faults()
    faults.order(Fault.BUSY, on=Deed.ASK)
    assert [faults.next(deed) for deed in Deed] == [None, Fault.BUSY, None, None]


def test_the_same_seed_makes_the_same_faults_and_another_one_others() -> None:
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert set(drawn(1)) == {None, Fault.SLOW, Fault.DOWN}


def test_a_certain_fault_always_happens_until_all_is_cleared() -> None:
    faults = Faults()
    faults.chance(Fault.SLOW, 1.0)
    assert {faults.next(Deed.SEND) for _ in range(50)} == {Fault.SLOW}
    faults.order(Fault.DOWN)
    faults.clear()
    assert faults.next(Deed.SEND) is None


def test_what_cannot_happen_is_not_ordered() -> None:
    faults = Faults()
    for fault in (Fault.REJECTS, Fault.FORGETS, Fault.ERROR_AFTER):
        with pytest.raises(ValueError, match="cannot befall"):
            faults.order(fault, on=Deed.ASK)
    faults.chance(Fault.SLOW, 0.6)
    with pytest.raises(ValueError, match="between 0 and 1"):
        faults.chance(Fault.DOWN, 0.6)
