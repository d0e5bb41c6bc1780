"""What a password is: random Crockford symbols that can be dictated, and a check symbol beside them.

Source: method S60; security.md 6. Always made here, never chosen by a person: AE-2 guards an archive with
1,000 rounds of PBKDF2 only, so what protects it is the length. The check symbol is not part of the password.
"""

import secrets

from hub.kernel.secret import Secret

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base32: no I, L, O or U, so nothing is misheard for a digit or reads as a word."""
CHECK_ALPHABET = ALPHABET + "*~$=U"
BITS_A_SYMBOL = 5
DICTATED_SYMBOLS = 16
LEAST_BITS = 77
"""Under this an archive about children can be opened within its sensitive lifetime (security.md 6)."""

_GROUP = 4
_HEARD = str.maketrans("ILO", "110")


class Misheard(ValueError):  # noqa: N818  # says what happened on the telephone
    """What was typed is not a password as it was dictated. Never says which symbol, nor shows any."""


def generate(symbols: int = DICTATED_SYMBOLS) -> Secret:
    """A new password: 16 symbols are 80 bits, 26 are 130. Fewer than 77 bits are our bug."""
    if symbols * BITS_A_SYMBOL < LEAST_BITS:
        raise ValueError(f"a password of {symbols * BITS_A_SYMBOL} bits is too weak")
    return Secret("".join(secrets.choice(ALPHABET) for _ in range(symbols)))


def check_symbol(password: Secret) -> str:
    """Crockford's check: the password as a number, modulo 37."""
    number = 0
    for symbol in password.reveal():
        number = number * len(ALPHABET) + ALPHABET.index(symbol)
    return CHECK_ALPHABET[number % len(CHECK_ALPHABET)]


def dictated(password: Secret) -> Secret:
    """As it is read out: `ABCD-EFGH-JKMN-PQRS-X`, the last symbol being the check."""
    symbols = password.reveal()
    groups = [symbols[at : at + _GROUP] for at in range(0, len(symbols), _GROUP)]
    return Secret("-".join([*groups, check_symbol(password)]))


def normalise(heard: str, symbols: int = DICTATED_SYMBOLS) -> Secret:
    """The password behind what a person typed: case, spaces and hyphens do not matter, I and L are 1, O is 0.

    With or without the check symbol; where it is given it must fit.
    """
    typed = "".join(heard.split()).replace("-", "").upper()
    password, check = typed[:symbols].translate(_HEARD), typed[symbols:].translate(_HEARD)
    if len(password) != symbols or not set(password) <= set(ALPHABET) or len(check) > 1:
        raise Misheard
    found = Secret(password)
    if check and check != check_symbol(found):
        raise Misheard
    return found
