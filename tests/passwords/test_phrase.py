"""A password is strong enough for decades and survives being read out over the telephone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.secret import Secret
from hub.passwords.phrase import (
    ALPHABET,
    BITS_A_SYMBOL,
    CHECK_ALPHABET,
    DICTATED_SYMBOLS,
    LEAST_BITS,
    Misheard,
    check_symbol,
    dictated,
    generate,
    normalise,
)

PASSWORDS = st.text(ALPHABET, min_size=16, max_size=16)


def test_a_dictated_password_holds_eighty_bits() -> None:
    assert len(set(ALPHABET)) == 2**BITS_A_SYMBOL
    assert len(generate().reveal()) * BITS_A_SYMBOL == DICTATED_SYMBOLS * BITS_A_SYMBOL == 80


def test_every_symbol_stands_at_every_place_about_equally_often() -> None:
    drawn = [generate().reveal() for _ in range(6400)]
    for place in range(DICTATED_SYMBOLS):
        counts = [sum(password[place] == symbol for password in drawn) for symbol in ALPHABET]
        assert sum((count - 200) ** 2 / 200 for count in counts) < 95  # chi-squared, 31 degrees, p < 1e-7


def test_no_two_passwords_are_alike() -> None:
    assert len({generate().reveal() for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize("symbols", range(16))
def test_a_password_under_77_bits_is_never_made(symbols: int) -> None:
    assert symbols * BITS_A_SYMBOL < LEAST_BITS
    with pytest.raises(ValueError, match="too weak"):
        generate(symbols)


def test_a_password_for_a_machine_may_be_longer() -> None:
    assert len(generate(26).reveal()) * BITS_A_SYMBOL == 130


@pytest.mark.parametrize(
    ("password", "check"),
    [("0", "0"), ("A", "A"), ("Z", "Z"), ("10", "*"), ("14", "U"), ("16J", "D"), ("ZZZZZZZZZZZZZZZZ", "~")],
)
def test_the_check_symbol_is_the_number_modulo_37(password: str, check: str) -> None:
    expected = CHECK_ALPHABET[int("".join(f"{ALPHABET.index(c):05b}" for c in password), 2) % 37]
    assert check_symbol(Secret(password)) == check == expected


def test_a_password_is_read_out_in_groups_of_four_and_its_check() -> None:
    assert dictated(Secret("ABCDEFGHJKMNPQRS")).reveal() == "ABCD-EFGH-JKMN-PQRS-" + check_symbol(
        Secret("ABCDEFGHJKMNPQRS")
    )


@given(PASSWORDS)
def test_what_was_dictated_is_understood(password: str) -> None:
    assert normalise(dictated(Secret(password)).reveal()) == Secret(password)
    assert normalise(dictated(Secret(password)).reveal().lower().replace("-", " ")) == Secret(password)
    assert normalise(password) == Secret(password)


def test_letters_that_sound_like_digits_are_taken_for_them() -> None:
    assert normalise("iLoO-0000-0000-0000") == Secret("1100000000000000")


@given(PASSWORDS, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_noticed(password: str, place: int, wrong: str) -> None:
    heard = dictated(Secret(password)).reveal().replace("-", "")
    changed = heard[:place] + wrong + heard[place + 1 :]
    if changed == heard:
        assert normalise(changed) == Secret(password)
    else:
        with pytest.raises(Misheard):
            normalise(changed)


@given(PASSWORDS, st.integers(0, 14))
def test_two_symbols_swapped_are_noticed(password: str, place: int) -> None:
    heard = dictated(Secret(password)).reveal().replace("-", "")
    swapped = heard[:place] + heard[place + 1] + heard[place] + heard[place + 2 :]
    if swapped == heard:
        assert normalise(swapped) == Secret(password)
    else:
        with pytest.raises(Misheard):
            normalise(swapped)


@pytest.mark.parametrize("heard", ["", "ABCD", "ABCD-EFGH-JKMN-PQR!", "U" * 16, "0" * 18, "ā" * 16])
def test_what_cannot_be_a_password_is_not_taken_for_one(heard: str) -> None:
    with pytest.raises(Misheard) as told:
        normalise(heard)
    assert not str(told.value)
