"""Whether the number of a registered item has the form and the check digit of UPU S10.

Source: method S89; domain 4.5. Domestic items may be numbered otherwise, so this is a warning for people to
look again and never a reason to refuse.
"""

import re

_S10 = re.compile(r"[A-Z]{2}(?P<serial>[0-9]{8})(?P<check>[0-9])[A-Z]{2}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_SPACED = str.maketrans("", "", " .-")


def is_s10(item_number: str) -> bool:
    """Printed with spaces or without, in capital letters or small."""
    found = _S10.fullmatch(item_number.translate(_SPACED).upper())
    return found is not None and int(found["check"]) == _check_digit(found["serial"])


def _check_digit(serial: str) -> int:
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, serial, strict=True))
    digit = 11 - weighed % 11
    return {10: 0, 11: 5}.get(digit, digit)
