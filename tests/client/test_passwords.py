"""Dictated passwords are read as people write them, and slips are found before the archive is tried."""

import random

import pytest

from saikne.passwords import ALPHABET, CHECK_ALPHABET, WrongPassword, check_symbol, password_of

BODY = "7ZK4M0R19QWXTB3D"
CHECK = check_symbol(BODY)
GROUPS = f"{BODY[:4]}-{BODY[4:8]}-{BODY[8:12]}-{BODY[12:]}-{CHECK}"


@pytest.mark.parametrize(
    "written",
    [
        BODY,
        BODY + CHECK,
        GROUPS,
        GROUPS.lower(),
        f"  {GROUPS.replace('-', ' ')}\n",
        GROUPS.replace("0", "O").replace("1", "l"),
        GROUPS.replace("0", "o").replace("1", "I").replace("-", "–"),
    ],
)
def test_a_password_is_read_as_it_was_heard(written: str) -> None:
    assert password_of(written).reveal() == BODY.encode()


def test_the_check_symbol_is_crockfords() -> None:
    for body in (BODY, "0" * 16, "Z" * 16, "0000000000000015"):
        number = int("".join(f"{ALPHABET.index(symbol):05b}" for symbol in body), 2)
        assert check_symbol(body) == CHECK_ALPHABET[number % 37]
    assert len(CHECK_ALPHABET) == 37


def test_every_single_slip_and_swap_is_found() -> None:
    slips = [
        BODY[:at] + other + BODY[at + 1 :] for at in range(16) for other in ALPHABET if other != BODY[at]
    ]
    swaps = [
        BODY[:at] + BODY[at + 1] + BODY[at] + BODY[at + 2 :] for at in range(15) if BODY[at] != BODY[at + 1]
    ]
    for wrong in slips + swaps:
        with pytest.raises(WrongPassword, match=r"^password\.wrong$") as refusal:
            password_of(wrong + CHECK)
        assert refusal.value.hint == "mistyped"


@pytest.mark.parametrize("symbol", CHECK_ALPHABET)
def test_every_check_symbol_can_be_typed(symbol: str) -> None:
    dice = random.Random(37)  # noqa: S311  # any bodies will do
    bodies = ("".join(dice.choices(ALPHABET, k=16)) for _ in iter(int, 1))
    body = next(body for body in bodies if check_symbol(body) == symbol)
    assert password_of(f"{body} {symbol.lower()}").reveal() == body.encode()


@pytest.mark.parametrize("written", ["", BODY[:15], BODY + CHECK + "0", BODY[:15] + "U", "parole ir parole"])
def test_what_cannot_be_a_password_is_refused(written: str) -> None:
    with pytest.raises(WrongPassword, match=r"^password\.wrong$") as refusal:
        password_of(written)
    assert refusal.value.hint == "not-a-password"


def test_a_password_never_shows_itself() -> None:
    password = password_of(GROUPS)
    assert BODY not in f"{password} {password!r} {[password]}"
