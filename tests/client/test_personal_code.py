"""Personal codes: new ones are taken by their form, old ones by their day; a check digit is doubted only."""

import pytest

from saikne.personal_code import check_digit_fits, digits_of, shown


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("161175-19997", "16117519997"),
        ("16117519997", "16117519997"),
        (" 161175-19997 ", "16117519997"),
        ("328673-00679", "32867300679"),
        ("331234-56789", "33123456789"),
        ("390000-00000", "39000000000"),
        ("311200-20001", "31120020001"),
        ("290200-20000", "29020020000"),
        ("290296-10000", "29029610000"),
        ("010199-00000", "01019900000"),
    ],
)
def test_a_code_is_its_eleven_digits_and_is_shown_with_a_hyphen(written: str, code: str) -> None:
    assert digits_of(written) == code
    assert shown(code) == f"{code[:6]}-{code[6:]}"
    assert digits_of(shown(code)) == code


@pytest.mark.parametrize(
    "written",
    [
        "",
        "161175",
        "161175-1999",
        "161175-199971",
        "161175 19997",
        "161175--19997",
        "16117a-19997",
        "１６１１７５-19997",
    ],
)
def test_what_has_not_eleven_digits_is_no_code(written: str) -> None:
    with pytest.raises(ValueError, match=r"^a personal code has eleven digits$"):
        digits_of(written)


@pytest.mark.parametrize(
    "written",
    [
        "161375-19997",  # no month 13
        "310675-19997",  # June has 30 days
        "290200-10000",  # 1900 was no leap year
        "000000-00000",
        "161175-39997",  # no such century
        "400175-19997",  # neither a day nor 32 to 39
    ],
)
def test_an_old_code_without_a_day_of_birth_is_no_code(written: str) -> None:
    with pytest.raises(ValueError, match=r"^a personal code begins with a day of birth, or with 32 to 39$"):
        digits_of(written)


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("16117519997", True),
        *((f"1611751999{digit}", False) for digit in "012345689"),
        ("32867300679", True),
        ("33123456789", True),
        ("32000000001", True),
    ],
)
def test_only_an_old_code_has_a_check_digit(code: str, fits: bool) -> None:  # noqa: FBT001  # a case
    assert check_digit_fits(code) is fits
