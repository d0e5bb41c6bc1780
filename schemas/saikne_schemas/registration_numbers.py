"""Whether a registration number can be one: of a legal person or an authority, by its check digit.

Source: domain 5.2. A person's code also has eleven digits; its first is 0 to 3, and it never passes here.
"""

_WEIGHTS = (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)
_PERSONS = "0123"


def is_registration_number(written: str) -> bool:
    """Eleven digits and nothing else, the last of them right."""
    if len(written) != len(_WEIGHTS) or not (written.isascii() and written.isdecimal()):
        return False
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, written, strict=True))
    return written[0] not in _PERSONS and weighed % 11 == 3  # noqa: PLR2004  # the remainder of them all
