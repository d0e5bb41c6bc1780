"""The list of what is seen in a line is Unicode's own, and no name changes into another by being composed."""

import re
import sys
import unicodedata

from saikne_schemas.characters import character_class

SHOWN_AS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point among letters, marks and signs, and a blank of Braille."""
SEEN = re.compile(f"[{character_class()}]")
ALL = [chr(code) for code in range(sys.maxunicode + 1)]
YOUNGEST = (14, 0, 0)


def test_what_is_seen_is_a_letter_a_mark_a_sign_or_one_of_ten_digits() -> None:
    seen = [sign for sign in ALL if SEEN.match(sign)]
    odd = [
        sign for sign in seen if unicodedata.category(sign)[0] not in "LMPS" or SHOWN_AS_NOTHING.match(sign)
    ]
    assert odd == list("0123456789")


def test_nothing_that_unicode_14_knew_is_left_out() -> None:
    missed = [
        sign
        for sign in ALL
        if unicodedata.category(sign)[0] in "LMPS"
        and not SEEN.match(sign)
        and not SHOWN_AS_NOTHING.match(sign)
    ]
    youngest = tuple(map(int, unicodedata.unidata_version.split(".")))
    assert missed == [] if youngest == YOUNGEST else youngest > YOUNGEST


def test_composing_leaves_nothing_that_may_not_be_there() -> None:
    for sign in ALL:
        if SEEN.match(sign):
            assert all(map(SEEN.match, unicodedata.normalize("NFC", sign))), hex(ord(sign))
