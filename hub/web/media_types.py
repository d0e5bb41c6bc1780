"""What a body is said to be: the one reading of Content-Type, RFC 9110 8.3.1.

Type, subtype and the names of parameters are alike in any case; so is a charset (RFC 9110 8.3.2). Which
types a call takes, its room says.
"""

import re
from collections.abc import Collection
from email.message import Message
from functools import lru_cache

from hub.kernel.refusal import Refusal

JSON = "application/json"
_ESSENCE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii"})


class MediaTypeNotTaken(Refusal):
    code = "http.media-type-not-taken"


@lru_cache(maxsize=256)
def media_type(written: str | None) -> str | None:
    """`type/subtype` in lower case; None where it is malformed, or its charset is another than UTF-8."""
    field = Message()
    field["content-type"] = (written or "").strip()
    charset = field.get_param("charset")
    if charset is not None and (not isinstance(charset, str) or charset.lower() not in _UTF8):
        return None
    essence = (written or "").partition(";")[0].strip().lower()
    return essence if _ESSENCE.fullmatch(essence) else None


def require(written: str | None, taken: Collection[str]) -> str:
    """The media type of a body that is one of those taken here."""
    found = media_type(written)
    if found is None or found not in taken:
        raise MediaTypeNotTaken(taken=sorted(taken))
    return found
