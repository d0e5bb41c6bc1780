"""How amounts of money are typed and shown: euros for people, whole cents on the wire.

Typed as `12`, `12,50` or `12.50`; shown as Latvians write them, thousands apart and the cents after a comma.
"""

import re

_TYPED = re.compile(r"(?P<euros>\d{1,9})(?:[.,](?P<cents>\d{2}))?")
_NO_BREAK = "\u00a0"


def cents_of(written: str) -> int:
    """Whole cents of an amount as typed; spaces and a euro sign do not count. Raises `ValueError`."""
    typed = _TYPED.fullmatch(re.sub(r"[\s€]", "", written))
    if typed is None:
        raise ValueError(written)
    return int(typed["euros"]) * 100 + int(typed["cents"] or 0)


def euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", _NO_BREAK) + f",{rest:02}{_NO_BREAK}€"
