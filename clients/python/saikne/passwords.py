"""How a dictated password is read: Crockford's base32, case-blind, with a check symbol that finds slips.

Sixteen symbols are the password (80 bits); a seventeenth, modulo 37, is checked here and is not part of it.
`I` and `L` are read as 1, `O` as 0; spaces and hyphens between groups do not count. Source: security.md 6.
"""

from typing import ClassVar

from saikne.problems import LocalRefusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_ALPHABET = ALPHABET + "*~$=U"
SYMBOLS = 16

_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BETWEEN_GROUPS = str.maketrans(dict.fromkeys(" \t\r\n-‐‑–—\u00a0"))


class WrongPassword(LocalRefusal):
    """The password does not open the archive, or cannot be one. `facts["hint"]` says which."""

    code = "password.wrong"

    MISTYPED: ClassVar[str] = "mistyped"
    """The check symbol does not fit: a slip in reading or typing."""
    NOT_A_PASSWORD: ClassVar[str] = "not-a-password"  # noqa: S105  # a hint, not a password
    """Not sixteen symbols and a check symbol."""
    OTHER_ARCHIVE: ClassVar[str] = "other-archive"
    """Well formed, but not this archive's: an older password, or another archive's."""

    def __init__(self, *, hint: str, exchange: str | None = None) -> None:
        """`exchange`: of which the archive is, if that is known; then the commands that help are named."""
        super().__init__(hint=hint, exchange=exchange)

    @property
    def hint(self) -> str:
        return str(self.facts["hint"])


class Password:
    """An archive's password; cannot be printed by accident."""

    __slots__ = ("_symbols",)

    def __init__(self, symbols: str) -> None:
        self._symbols = symbols

    def __repr__(self) -> str:
        return "Password(...)"

    def reveal(self) -> bytes:
        """The bytes that open the archive."""
        return self._symbols.encode("ascii")


def password_of(written: str) -> Password:
    """Read a password as a person wrote it down, with its check symbol or without."""
    symbols = written.upper().translate(_BETWEEN_GROUPS).translate(_ALIKE)
    body, check = symbols[:SYMBOLS], symbols[SYMBOLS:]
    if len(body) != SYMBOLS or len(check) > 1 or not set(body) <= set(ALPHABET):
        raise WrongPassword(hint=WrongPassword.NOT_A_PASSWORD)
    if check and check != check_symbol(body):
        raise WrongPassword(hint=WrongPassword.MISTYPED)
    return Password(body)


def check_symbol(body: str) -> str:
    """Crockford's check symbol of a number written in base 32: its remainder by 37."""
    number = 0
    for symbol in body:
        number = number * len(ALPHABET) + ALPHABET.index(symbol)
    return CHECK_ALPHABET[number % len(CHECK_ALPHABET)]
