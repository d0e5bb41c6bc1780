"""Files as people bring them by mistake: each with the fault that the door must tell."""

import codecs
import os
from pathlib import Path

from saikne_schemas.brought import FileFault

NOT_FILES = {
    "missing": FileFault.MISSING,
    "below-a-file": FileFault.MISSING,
    "directory": FileFault.NOT_A_FILE,
    "pipe": FileFault.NOT_A_FILE,
    "device": FileFault.NOT_A_FILE,
    "nothing-at-its-beginning": FileFault.UNREADABLE,
}
"""Paths behind which no ordinary file can be read."""
NOT_TEXTS = {
    "windows-1257": ("Jānis Ķēniņš".encode("cp1257"), FileFault.ENCODING),
    "binary": (bytes(range(256)), FileFault.ENCODING),
    "half-of-utf-16": (codecs.BOM_UTF16_LE + "{}".encode("utf-16-le") + b"\x00", FileFault.ENCODING),
    "surrogate-in-utf-16": (codecs.BOM_UTF16_BE + b"\xd8\x00\x00\x41", FileFault.ENCODING),
    "surrogate-in-utf-8": (b"\xed\xa0\x80", FileFault.ENCODING),
    "nul": (b'{"a": 1}\x00', FileFault.NUL),
    "utf-16-unmarked": ('{"a": 1}'.encode("utf-16-le"), FileFault.NUL),
}
NOT_JSON = {
    "empty": (b"", FileFault.EMPTY),
    "only-a-mark": (codecs.BOM_UTF8 + b"\r\n", FileFault.EMPTY),
    "words": ("Jānis".encode(), FileFault.NOT_JSON),
    "open-quote": (b'{"a": "b}', FileFault.NOT_JSON),
    "open-bracket": (b'{"a": [1, 2', FileFault.NOT_JSON),
    "comma-left": (b'{"a": 1,}', FileFault.NOT_JSON),
    "two-documents": (b'{"a": 1}\n{"a": 2}', FileFault.NOT_JSON),
    "key-twice": (b'{"a": 1, "b": {"c": 1, "c": 1}}', FileFault.NAME_TWICE),
    "key-twice-escaped": (b'{"a": 1, "\\u0061": 2}', FileFault.NAME_TWICE),
    "too-deep": (b"[" * 33 + b"]" * 33, FileFault.TOO_DEEP),
    "far-too-deep": (b'{"a":' * 10_000, FileFault.TOO_DEEP),
    "nan": (b'{"a": NaN}', FileFault.NOT_A_NUMBER),
    "infinity": (b'{"a": [-Infinity]}', FileFault.NOT_A_NUMBER),
    "infinite": (b'{"a": 1e999}', FileFault.NOT_A_NUMBER),
    "digits": (b'{"a": ' + b"9" * 5000 + b"}", FileFault.NOT_A_NUMBER),
    "lone-surrogate": (b'{"a": "\\ud83d"}', FileFault.HALF_A_CHARACTER),
    "lone-surrogate-in-a-key": (b'{"\\udc00": 1}', FileFault.HALF_A_CHARACTER),
    "nul-escaped": (b'{"a": "\\u0000"}', FileFault.NUL),
}
OTHER_DOCUMENTS = {
    "null": b"null",
    "number": b"-0.5",
    "text": b'"a"',
    "list": b"[]",
    "list-of-numbers": b"[1]",
    "object": b"{}",
    "other-object": b'{"receipt": 5, "keys": [5], "documents": 5, "payload": [], "kty": 1}',
    "lists-for-texts": b'{"receipt": [], "manifest": {}, "children": [], "spouses": {}, "signatures": 1}',
}
"""JSON, and nothing that anybody waits for."""
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8 with a mark": "utf-8-sig",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32",
}
LINE_ENDS = ("\n", "\r\n", "\r")


def written(text: str, encoding: str) -> bytes:
    """As an office program saves it: UTF-16 bears its mark."""
    mark = "\ufeff" if encoding.startswith("utf-16-") else ""
    return (mark + text).encode(encoding)


def no_file(folder: Path, name: str) -> Path:
    path = folder / name
    if name == "directory":
        path.mkdir(exist_ok=True)
    elif name == "pipe" and not path.exists():
        os.mkfifo(path)
    elif name == "device":
        return Path("/dev/zero")
    elif name == "nothing-at-its-beginning":
        return Path("/proc/self/mem")
    elif name == "below-a-file":
        (folder / "a-file").write_bytes(b"")
        return folder / "a-file" / name
    return path


def every_bad_file(folder: Path, contents: dict[str, tuple[bytes, FileFault]]) -> dict[Path, FileFault]:
    """All that is no file, no text, or not of these contents."""
    found = {no_file(folder, name): fault for name, fault in NOT_FILES.items()}
    for name, (content, fault) in (NOT_TEXTS | contents).items():
        (folder / name).write_bytes(content)
        found[folder / name] = fault
    return found
