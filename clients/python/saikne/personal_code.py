"""What is a Latvian personal code.

Source: domain 5.1. New codes begin with 32 to 39 and tell nothing: neither a day nor a check digit. Old ones
hold a day of birth; their check digit is not confirmed officially: a wrong one is doubted, never refused. A
code can change: nothing is kept under it.
"""

import re
from datetime import date

from saikne_schemas.rules import Broken

_WRITTEN = re.compile(r"([0-9]{6})-?([0-9]{5})")
_NEW = re.compile(r"3[2-9]")
_CENTURIES = {"0": 1800, "1": 1900, "2": 2000}
_WEIGHTS = (1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def digits_of(written: str) -> str:
    """The eleven digits; a `ValueError` for what is no personal code."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise Broken("personal-code", "a personal code has eleven digits")
    code = found[1] + found[2]
    if not _NEW.match(code):
        _require_day_of_birth(code)
    return code


def shown(code: str) -> str:
    """`XXXXXX-XXXXX`."""
    return f"{code[:6]}-{code[6:]}"


def check_digit_fits(code: str) -> bool:
    """Whether the last digit is the one that the others give; a new code has none."""
    if _NEW.match(code):
        return True
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code, strict=False))
    return (1101 - weighed) % 11 % 10 == int(code[-1])


def _require_day_of_birth(code: str) -> None:
    century = _CENTURIES.get(code[6])
    if century is not None:
        try:
            date(century + int(code[4:6]), int(code[2:4]), int(code[:2]))
        except ValueError:
            century = None
    if century is None:
        raise Broken("personal-code-begins", "a personal code begins with a day of birth, or with 32 to 39")
