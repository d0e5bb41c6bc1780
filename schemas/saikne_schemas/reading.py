"""How a document is read off the wire: the one reader of the hub, the clients and the job.

JSON as RFC 8259 and RFC 7493 have it: UTF-8 without a byte order mark, each name once in an object, no number
that is none. What two readers could understand in two ways is refused, and so is what nests without an end.
A number is what it is worth, as in JSON Schema: `1.0` is one.
"""

import json
from collections import Counter
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from saikne_schemas.spelling import KEPT

Document = TypeVar("Document", bound=BaseModel)

_EXACT = 2**53
"""Below it a binary fraction holds every whole number."""


class Unreadable(ValueError):  # noqa: N818  # the trade's word
    """Not such a document; `errors` say where and why, never what stood there."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def read(kind: type[Document], content: bytes) -> Document:
    """A document of this kind out of its bytes, or Unreadable."""
    _, text = _said(content)
    try:
        return kind.model_validate_json(text, by_alias=True, by_name=False)
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_context=False, include_input=False)
        told = [f"{'.'.join(str(part)[:40] for part in error['loc'])}: {error['msg']}" for error in found]
        raise Unreadable(told) from None  # the error would quote what it found


def kept(kind: type[Document], content: bytes) -> Document:
    """A document that was taken before, maybe when a rule was less strict; a fault is ours."""
    return kind.model_validate_json(content, context=KEPT)


def strict_json(content: bytes) -> Any:
    """What a JSON text says, where it says one thing only; else Unreadable."""
    return _said(content)[0]


def _said(content: bytes) -> tuple[Any, bytes]:
    """What a text says, and the same in plain JSON."""
    twice: list[str] = []
    is_plain = b"\\" not in content

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return found

    def number(written: str) -> float | int:
        nonlocal is_plain
        is_plain = False
        return _number(written)

    try:
        value = json.loads(
            content.decode("utf-8"), object_pairs_hook=members, parse_float=number, parse_constant=_refused
        )
        plain = content if is_plain else json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise Unreadable([": is not UTF-8 throughout"]) from None
    except (ValueError, RecursionError):
        raise Unreadable([": is not JSON"]) from None
    if twice:
        raise Unreadable([f"{name[:40]}: is named twice" for name in twice])
    return value, plain


def _number(written: str) -> float | int:
    value = float(written)
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def _refused(_constant: str) -> None:
    raise ValueError
