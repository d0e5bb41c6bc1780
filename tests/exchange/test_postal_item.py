"""Numbers of registered items: the vectors of UPU S10, and forms that are merely unusual."""

import pytest

from hub.exchange.postal_item import is_s10

VALID = (
    "EB000717618HK",
    "EB000717595HK",
    "EE471108151FR",
    "RB167995284IT",
    "LL572405406US",
    "RR473124829GB",
    "RR123456785LV",
)


@pytest.mark.parametrize("item", VALID)
def test_a_number_whose_check_digit_fits_is_recognised(item: str) -> None:
    assert is_s10(item)


@pytest.mark.parametrize("item", VALID)
@pytest.mark.parametrize("step", range(1, 10))
def test_any_other_check_digit_is_noticed(item: str, step: int) -> None:
    assert not is_s10(f"{item[:10]}{(int(item[10]) + step) % 10}{item[11:]}")


@pytest.mark.parametrize("item", ["RR 123 456 785 LV", "rr123456785lv", "RR-123456785-LV"])
def test_a_number_is_the_same_however_it_is_written(item: str) -> None:
    assert is_s10(item)


@pytest.mark.parametrize(
    "item",
    ["EB000717594HK", "RR12345678LV", "RR1234567855LV", "R1123456785LV", "RR12345678XLV", "2026-77", "1"],
)
def test_another_form_is_not_s10(item: str) -> None:
    assert not is_s10(item)
