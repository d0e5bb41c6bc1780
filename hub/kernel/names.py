"""When two written names are one: letters' case, spaces and how a letter is composed make no other person.

Everything that compares names of people asks here. What was signed stays as it was written.
"""

import unicodedata


def same(one: str, another: str) -> bool:
    return _plain(one) == _plain(another)


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
