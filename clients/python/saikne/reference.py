"""The library's reference page, made from its code: `python -m saikne.reference` prints it.

What is public is what `face` names. Signatures and fields are shown as they are written.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from enum import StrEnum
from types import FunctionType
from typing import Any

from saikne import face
from saikne_schemas.statements import Statement
from saikne_schemas.wire import View, WireDocument

_HEAD = """# `saikne`: the library

`from saikne import …` gives every name on this page; `example.py` is a whole program. A statement is made by
`compose`, which fills in `schema` and `id`, and said by `Hub.tell`. This page is made from the code:
`uv run python -m saikne.reference > clients/python/REFERENCE.md`.
"""
_PARTS: dict[str, type[Any] | tuple[type[Any], ...]] = {
    "Statements": Statement,
    "What they are made of": WireDocument,
    "Answers": View,
    "Words": StrEnum,
    "Classes": object,
}
_WITHOUT_SAYING = re.compile(r"^(schema_|id|_\w+)\b|ClassVar")
"""What `compose` fills in, and what is not of a document."""


def page() -> str:
    named = {name: found for name, found in sorted(vars(face).items()) if _ours(found)}
    text = [_HEAD, "## Functions\n", *(_callable(name, found) for name, found in _functions(named))]
    kinds = {name: found for name, found in named.items() if isinstance(found, type)}
    parts: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        part = next(part for part, base in _PARTS.items() if issubclass(kind, base))
        parts.setdefault(part, []).append(_kind(name, kind))
    for part in reversed(_PARTS):
        text += [f"## {part}\n", *parts[part]]
    return "\n".join(text)


def _ours(found: object) -> bool:
    """The library's own, and what is on the wire."""
    on_the_wire = isinstance(found, type) and issubclass(found, WireDocument | View | StrEnum)
    home = getattr(found, "__module__", "").partition(".")[0]
    return home == "saikne" or (home == "saikne_schemas" and on_the_wire)


def _functions(named: dict[str, Any]) -> Iterator[tuple[str, FunctionType]]:
    for name, found in named.items():
        if isinstance(found, FunctionType) and found.__module__.startswith("saikne."):
            yield name, found


def _callable(name: str, function: FunctionType, level: str = "###") -> str:
    """`name(arguments) -> what comes back`, and what its docstring says."""
    node = _source(function)
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)  # noqa: S101  # as all functions are
    arguments = ast.unparse(node.args).removeprefix("self, ").removeprefix("self")
    comes = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    awaited = "await " if isinstance(node, ast.AsyncFunctionDef) and "AsyncIterator" not in comes else ""
    return _told(f"{level} `{awaited}{name}({arguments}){comes}`", node)


def _kind(name: str, kind: type[Any]) -> str:
    said = _told(f"### `{name}`", _source(kind))
    if issubclass(kind, StrEnum):
        return said + "\n" + ", ".join(f"`{member.value}`" for member in kind) + "\n"
    if issubclass(kind, Statement) and hasattr(kind, "goes_to"):
        answer = kind.answered_by.__name__ if hasattr(kind, "answered_by") else "what its own method gives"
        said += f"\nGoes to `{kind.goes_to}`; answered by {answer}.\n"
    written = [line for one in reversed(kind.__mro__) if _ours(one) for line in _fields(one)]
    methods = [
        _callable(name, found, "####")
        for name, found in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and _ours(found) and not issubclass(kind, WireDocument | View)
    ]
    return "\n".join([said, *written, *([""] if written else []), *methods])


def _fields(kind: type[Any]) -> Iterator[str]:
    """Each field that the class itself declares, with what stands below it."""
    body = _source(kind).body
    for field, below in zip(body, [*body[1:], None], strict=True):
        line = ast.unparse(field)
        if isinstance(field, ast.AnnAssign) and not _WITHOUT_SAYING.search(line):
            told = ast.literal_eval(below.value) if isinstance(below, ast.Expr) else ""
            yield f"- `{line}`" + (f": {' '.join(told.split())}" if told else "")


def _source(found: Any) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef:
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(found))).body
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)  # noqa: S101  # as above
    return node


def _told(heading: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    return f"{heading}\n\n{ast.get_docstring(node)}\n" if ast.get_docstring(node) else f"{heading}\n"


if __name__ == "__main__":
    print(page(), end="")
