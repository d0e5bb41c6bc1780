"""How a register's documents lie in files: canonical JSON, its XML twin, names, and the digests beside them.

Source: domain 3.3 (profile `file`); features N10, F50. Shared by the job, the register and any vendor; what
holds here is shown by `schemas/vectors/registrations.json` and `schemas/xml/register-entry.xsd`.
Acknowledgements are JSON only. Does not touch a disk: writing whole files in order is for whoever has one.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from xml.etree import ElementTree as ET

from pydantic import ValidationError

from saikne_schemas.brought import Brought, FileFaulty
from saikne_schemas.register_entries import SEALED_BYTES, RegisterAnswer, RegisterEntry, RegisterExtract
from saikne_schemas.wire import WireDocument

NAMESPACE = "urn:saikne:register-entry:1"
"""Of the XML twin; it stands for the `schema` of the JSON."""
FILE_BYTES = SEALED_BYTES + 8 * 1024
"""No file of a registration is longer."""
EXTRACT_BYTES = 1024 * 1024
"""No page of an extract is longer."""
_ROOT = "register-entry"
_NUMBERS = frozenset({"revision", "replaces_revision"})
_WHOLE = re.compile(r"[1-9][0-9]{0,6}")
_SUM = re.compile(r"([0-9a-f]{64}) [ *]([A-Za-z0-9.-]+)")

Document = TypeVar("Document", bound=WireDocument)


class FileDamage(StrEnum):
    """Why files do not count."""

    INCOMPLETE = "incomplete"
    """A file is missing: most likely it is still being written."""
    SIDECAR = "sidecar"
    """The `.sha256` is not what `sha256sum` writes of exactly these files."""
    DIGEST = "digest"
    """A file is not the one whose digest was written down: half written, or changed."""
    MALFORMED = "malformed"
    TWIN_DIFFERS = "twin_differs"
    """The XML says something else than the JSON."""
    OTHER_NAME = "other_name"
    """The document is of another key or revision than its file's name."""


class FileDamaged(ValueError):  # noqa: N818  # the trade's word
    """These files are not taken; `why` says it to a machine."""

    def __init__(self, why: FileDamage) -> None:
        super().__init__(why.value)
        self.why = why


def canonical(document: WireDocument) -> bytes:
    """RFC 8785 (JCS) of a document without its absent fields, in UTF-8.

    These few lines are the whole of it, because a register's documents hold nothing but strings, whole
    numbers below 2^53, yes and no, and names of fields in ASCII.
    """
    values = document.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry_sha256(entry: RegisterEntry) -> str:
    """SHA-256 of the canonical JSON, in lower-case hexadecimal."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def read(model: type[Document], content: bytes, at_most: int = FILE_BYTES) -> Document:
    """A document out of JSON in any layout; FileDamaged (malformed) where it is not exactly that."""
    if len(content) > at_most:
        raise FileDamaged(FileDamage.MALFORMED)
    try:
        return Brought(content).document(model)
    except (FileFaulty, ValidationError):
        raise FileDamaged(FileDamage.MALFORMED) from None  # the error would quote what it found


def xml_twin(entry: RegisterEntry) -> bytes:
    """The same content as XML, in its canonical form (C14N 2.0: no declaration, UTF-8).

    Elements have the names of the JSON's fields and stand in the order of `register-entry.xsd`.
    """
    values = entry.model_dump(mode="json", exclude_none=True, exclude={"schema_"})
    root = ET.Element(_ROOT, {"xmlns": NAMESPACE})
    _fill(root, values)
    return ET.canonicalize(ET.tostring(root, encoding="unicode")).encode()


def read_twin(content: bytes) -> RegisterEntry:
    """What an XML twin of anybody's says, in any layout; FileDamaged (malformed) where it says nothing.

    UTF-8 only and without a document type, so that no entity can be declared, let alone fetched.
    """
    try:
        text = content.decode("utf-8-sig")
        if len(content) > FILE_BYTES or "<!DOCTYPE" in text:
            raise FileDamaged(FileDamage.MALFORMED)
        root = ET.fromstring(text)  # noqa: S314  # without a DOCTYPE there is nothing to expand
    except (UnicodeDecodeError, ET.ParseError):
        raise FileDamaged(FileDamage.MALFORMED) from None
    if root.tag != f"{{{NAMESPACE}}}{_ROOT}":
        raise FileDamaged(FileDamage.MALFORMED)
    try:
        values = _values(root)
    except RecursionError:
        raise FileDamaged(FileDamage.MALFORMED) from None
    numbers = values.keys() & _NUMBERS
    if not all(_WHOLE.fullmatch(str(values[name])) for name in numbers):
        raise FileDamaged(FileDamage.MALFORMED)
    said = {**values, **{name: int(values[name]) for name in numbers}, "schema": "saikne.register-entry/1"}
    return read(RegisterEntry, json.dumps(said, ensure_ascii=False).encode())


def stem(document: RegisterEntry | RegisterAnswer) -> str:
    """What the names of its files begin with: `{key}.{revision}`."""
    return f"{document.key}.{document.revision}"


def entry_names(of: str) -> tuple[str, str, str]:
    """The names of an entry's files by their stem, in the order in which they are written."""
    return f"{of}.json", f"{of}.xml", f"{of}.sha256"


def answer_names(of: str) -> tuple[str, str]:
    """The names of an acknowledgement's files by their stem, in the order in which they are written."""
    return f"{of}.ack.json", f"{of}.ack.sha256"


def extract_stem(taken_at: datetime, page: int) -> str:
    """What the names of a page's files begin with; by it the newest extract sorts last."""
    return f"extract.{taken_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}.{page}"


def extract_names(of: str) -> tuple[str, str]:
    """The names of a page's files by their stem, in the order in which they are written."""
    return f"{of}.json", f"{of}.sha256"


def entry_files(entry: RegisterEntry) -> dict[str, bytes]:
    """An entry's files by name, in the order in which they are written: with the last they are whole."""
    as_json, as_xml, sums = entry_names(stem(entry))
    pair = {as_json: canonical(entry), as_xml: xml_twin(entry)}
    return {**pair, sums: sidecar(pair)}


def answer_files(answer: RegisterAnswer) -> dict[str, bytes]:
    """An acknowledgement's files by name, in the order in which they are written."""
    as_json, sums = answer_names(stem(answer))
    only = {as_json: canonical(answer)}
    return {**only, sums: sidecar(only)}


def extract_files(extract: RegisterExtract) -> dict[str, bytes]:
    """A page's files by name, in the order in which they are written."""
    as_json, sums = extract_names(extract_stem(extract.taken_at, extract.page))
    only = {as_json: canonical(extract)}
    return {**only, sums: sidecar(only)}


def read_entry_files(of: str, files: Mapping[str, bytes]) -> RegisterEntry:
    """The entry of this stem, when its files are whole and say the same; else FileDamaged."""
    as_json, as_xml, sums = entry_names(of)
    check_sidecar(sums, (as_json, as_xml), files)
    entry = read(RegisterEntry, files[as_json])
    if read_twin(files[as_xml]) != entry:
        raise FileDamaged(FileDamage.TWIN_DIFFERS)
    if stem(entry) != of:
        raise FileDamaged(FileDamage.OTHER_NAME)
    return entry


def read_answer_files(of: str, files: Mapping[str, bytes]) -> RegisterAnswer:
    """The acknowledgement of this stem, when its files are whole; else FileDamaged."""
    as_json, sums = answer_names(of)
    check_sidecar(sums, (as_json,), files)
    answer = read(RegisterAnswer, files[as_json])
    if stem(answer) != of:
        raise FileDamaged(FileDamage.OTHER_NAME)
    return answer


def read_extract_files(of: str, files: Mapping[str, bytes]) -> RegisterExtract:
    """The page of an extract of this stem, when its files are whole; else FileDamaged."""
    as_json, sums = extract_names(of)
    check_sidecar(sums, (as_json,), files)
    extract = read(RegisterExtract, files[as_json], EXTRACT_BYTES)
    if extract_stem(extract.taken_at, extract.page) != of:
        raise FileDamaged(FileDamage.OTHER_NAME)
    return extract


def sidecar(files: Mapping[str, bytes]) -> bytes:
    """The `.sha256` of these files, as `sha256sum` writes it: `sha256sum --check` takes it too."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    return "".join(lines).encode()


def check_sidecar(sums: str, names: tuple[str, ...], files: Mapping[str, bytes]) -> None:
    """FileDamaged unless `files` holds all of them and the file `sums` has exactly their digests."""
    if not {sums, *names} <= files.keys():
        raise FileDamaged(FileDamage.INCOMPLETE)
    try:
        lines = Brought(files[sums]).text().splitlines()
    except FileFaulty:
        raise FileDamaged(FileDamage.SIDECAR) from None
    found = [match.groups() for line in lines if (match := _SUM.fullmatch(line))]
    if len(found) != len(lines) or sorted(name for _, name in found) != sorted(names):
        raise FileDamaged(FileDamage.SIDECAR)
    if any(hashlib.sha256(files[name]).hexdigest() != digest for digest, name in found):
        raise FileDamaged(FileDamage.DIGEST)


def _fill(element: ET.Element, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        inner = ET.SubElement(element, name)
        if isinstance(value, dict):
            _fill(inner, value)
        else:
            inner.text = str(value)


def _values(element: ET.Element) -> dict[str, Any]:
    """Elements to fields; whatever a JSON object could not say (attributes, text between) is refused."""
    if element.attrib or (element.text or "").strip() or any((inner.tail or "").strip() for inner in element):
        raise FileDamaged(FileDamage.MALFORMED)
    named = dict(_fields(element))
    if len(named) != len(element):
        raise FileDamaged(FileDamage.MALFORMED)
    return named


def _fields(element: ET.Element) -> Iterator[tuple[str, Any]]:
    for inner in element:
        namespace, _, name = inner.tag.rpartition("}")
        if namespace != f"{{{NAMESPACE}" or inner.attrib:
            raise FileDamaged(FileDamage.MALFORMED)
        yield name, _values(inner) if len(inner) else inner.text or ""
