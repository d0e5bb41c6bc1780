"""How each kind of text on the wire is spelled: one pattern for the reader and for the published schema.

A type has one spelling, so that two systems never read two things out of the same bytes. The patterns keep to
what every validator's expressions can say (no looking ahead or behind), and say all that `format` does: a day
that no calendar has does not pass. A reference or a name of a person at work never holds a personal code,
however it is split (domain 5.1): the old form is a day of birth and five digits, the new one begins with 32.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from saikne_schemas.characters import character_class
from saikne_schemas.rules import Broken

KEPT: Mapping[str, bool] = {"kept": True}
"""Context for what was taken before: a rule that has grown stricter since does not make it unreadable."""

_LONG_MONTH = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
_SHORT_MONTH = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
_FEBRUARY = "02-(?:0[1-9]|1[0-9]|2[0-8])"
_LEAP_YEAR = "(?:(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000)"
DAY = f"(?:(?:19|20)[0-9]{{2}}-(?:{_LONG_MONTH}|{_SHORT_MONTH}|{_FEBRUARY})|{_LEAP_YEAR}-02-29)"
"""From 1900 to 2099."""
_HOUR = "(?:[01][0-9]|2[0-3])"
_TIME = rf"{_HOUR}:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,9}})?"
MOMENT = f"{DAY}T{_TIME}(?:Z|[+-]{_HOUR}:[0-5][0-9])"
HOUR = f"{_HOUR}:[0-5][0-9]"
MONTH = "20[0-9]{2}-(?:0[1-9]|1[0-2])"

_HEX = "[0-9a-f]"
ID = f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
RANDOM_ID = f"{_HEX}{{8}}-{_HEX}{{4}}-4{_HEX}{{3}}-[89ab]{_HEX}{{3}}-{_HEX}{{12}}"

LETTERS_AT_MOST = 4
"""Before a number; behind the last one there may be two: `RR123456785LV`."""
_LATVIAN = "(?:[AEIU]\u0304?|[CSZ]\u030c?|[GKLN]\u0327?|[BDFHJMO-RTV-Y]|[ĀČĒĢĪĶĻŅŠŪŽ])"
"""A capital letter, composed or not: a macron, caron or cedilla may stand behind it as a sign of its own."""


def numbered(letter: str = _LATVIAN, between: str = "[./-]") -> str:
    """A number with parts: at most four letters before one of them, two before any other. No word fits."""
    part = f"(?:{letter}{{1,2}}{between}*)?[0-9]{between}*"
    worded = f"{letter}{{3,{LETTERS_AT_MOST}}}{between}*[0-9]{between}*(?:{part})*"
    return f"(?:(?:{part})+(?:{worded})?|{worded})(?:{letter}{{1,2}}{between}*)?"


_SEEN = character_class()
LINE = f"[{_SEEN}](?:[{_SEEN} ]*[{_SEEN}])?"
"""One line: no spaces around it, none but U+0020 within."""


_APART = "[^0-9]*"


def _code(between: str, middle: str) -> str:
    """Eleven digits: a day of birth and its century, or 32 to 39; with `middle` where the hyphen belongs."""
    day = f"(?:0{between}[1-9]|[12]{between}[0-9]|3{between}[01])"
    month = f"(?:0{between}[1-9]|1{between}[0-2])"
    old = f"{day}{between}{month}(?:{between}[0-9]){{2}}{middle}[0-2]"
    new = f"3{between}[2-9](?:{between}[0-9]){{4}}{middle}[0-9]"
    return f"(?:{old}|{new})(?:{between}[0-9]){{4}}"


PERSONAL_CODE = _code("", "")
"""Written without anything between its digits."""


def _whole(*codes: str) -> str:
    """Any of these, with no more digits right before or behind."""
    return f"(?:^|[^0-9])(?:{'|'.join(codes)})(?:[^0-9]|$)"


def personal_code(between: str) -> str:
    """Six digits and five, whatever they are, with `between` where a code is usually split."""
    return f"(?:[0-9]{{6}}|[0-9]{{2}}{between}+[0-9]{{2}}{between}+[0-9]{{2}}){between}*[0-9]{{5}}"


_SPLIT_ONCE = (
    "(?:0[1-9]|[12][0-9]|3[01])[^0-9]+(?:0[1-9]|1[0-2])[0-9]{7}|3[2-9][^0-9]+[0-9]{9}"
    "|(?:(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])|3[2-9][0-9]{2})(?:[^0-9]+[0-9]{7}|[0-9][^0-9]+[0-9]{6}"
    "|[0-9]{3}[^0-9]+[0-9]{4}|[0-9]{4}[^0-9]+[0-9]{3}|[0-9]{5}[^0-9]+[0-9]{2}|[0-9]{6}[^0-9]+[0-9])"
)
"""Elsewhere than behind the day."""
_TURNED = (
    "[0-2][0-9]{4}[^0-9]+(?:0[1-9]|[12][0-9]|3[01])[^0-9]*(?:0[1-9]|1[0-2])[^0-9]*[0-9]{2}"
    "|[0-9]{5}[^0-9]+3[2-9][0-9]{4}"
)
"""The day behind the number."""
IN_A_REFERENCE = _whole(personal_code("[ ./-]"), _code(_APART, "[^0-9]+"), _SPLIT_ONCE, _TURNED)
"""A number with a year in it (`10/12/2026-001`) is none: its digits do not part behind the sixth."""
IN_A_LINE = _whole(
    personal_code("[^0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff]"), _code(_APART, _APART), _SPLIT_ONCE, _TURNED
)


_READ = (str, UUID, date)
"""A moment is a date, too."""


def _is_kept(info: ValidationInfo) -> bool:
    return bool(info.context and info.context.get("kept"))


@dataclass(frozen=True, eq=False)
class Spelled:
    """Behind a type: its text is spelled by `pattern`, from end to end, and `never` is nowhere in it."""

    pattern: str
    rule: str
    says: str
    """To whoever spelled it otherwise."""
    never: Mapping[str, Broken] = field(default_factory=dict)
    """What is not to be found in it, and what is broken where it is."""
    format: str | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = handler(source)
        if source is str:
            return core_schema.with_info_after_validator_function(self._composed, inner)
        return core_schema.with_info_before_validator_function(self._read, inner)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        written = handler(schema) | {"pattern": f"^(?:{self.pattern})$"}
        if self.format:
            written["format"] = self.format
        never = "|".join(["\\n", *self.never])  # many expressions find an end before a last line break, too
        return written | {"not": {"pattern": never}}

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    @cached_property
    def _nowhere(self) -> list[tuple[re.Pattern[str], Broken]]:
        return [(re.compile(pattern), broken) for pattern, broken in self.never.items()]

    def _composed(self, value: str, info: ValidationInfo) -> str:
        """A text as it is compared and kept: composed (NFC). The signed bytes stay as they are."""
        self._check(value, info)
        return unicodedata.normalize("NFC", value)

    def _read(self, value: Any, info: ValidationInfo) -> Any:
        """A day, a moment or an identity: from its one spelling, or as Python has it."""
        if not isinstance(value, _READ):
            raise Broken(self.rule, self.says)
        if not _is_kept(info):
            self._check(value.isoformat() if isinstance(value, date) else str(value), info)
        return value

    def _check(self, text: str, info: ValidationInfo) -> None:
        if _is_kept(info):
            return
        for pattern, broken in self._nowhere:
            if pattern.search(text):
                raise Broken(broken.rule, str(broken))
        if not self._whole.fullmatch(text):
            raise Broken(self.rule, self.says)
