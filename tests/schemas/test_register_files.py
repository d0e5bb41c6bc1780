"""What lies in a register's files is one form only, says the same twice, and half a file is never taken."""

import json
import re
import subprocess
from datetime import date, timedelta, timezone
from pathlib import Path
from string import ascii_letters, digits
from uuid import UUID

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from saikne_schemas.characters import character_class
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.register_entries import EntryCentre, RegisterAnswer, RegisterEntry, RegisterExtract
from saikne_schemas.register_files import (
    NAMESPACE,
    FileDamage,
    FileDamaged,
    answer_files,
    canonical,
    entry_files,
    extract_files,
    extract_stem,
    read,
    read_answer_files,
    read_entry_files,
    read_extract_files,
    read_twin,
    sidecar,
    stem,
    xml_twin,
)
from saikne_schemas.register_words import RegisterOperation

XSD = xmlschema.XMLSchema11(Path(__file__).parents[2] / "schemas" / "xml" / "register-entry.xsd")
ENTRY = RegisterEntry.model_validate_json(json.dumps(EXAMPLES[RegisterEntry]))
ANSWER = RegisterAnswer.model_validate_json(json.dumps(EXAMPLES[RegisterAnswer]))
TWIN = xml_twin(ENTRY).decode()
EXTRACT = RegisterExtract.model_validate_json(json.dumps(EXAMPLES[RegisterExtract]))

signs = st.characters(codec="utf-8", exclude_categories=("C", "N", "Z")).filter(
    re.compile(f"[{character_class()}]").match
)
words = st.text(signs, min_size=1, max_size=30)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)
numbers = st.integers(40_000_000_000, 99_999_999_999).map(str)
centres = st.builds(EntryCentre, name=names, registration_number=numbers)
hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
parts = st.text(ascii_letters + digits + "-_", min_size=1, max_size=40)
seals = st.tuples(parts, parts | st.just(""), parts, parts, parts).map(".".join)


@st.composite
def entries(draw: st.DrawFn) -> RegisterEntry:
    return RegisterEntry(
        schema_="saikne.register-entry/1",
        key=draw(st.uuids()),
        revision=draw(st.integers(1, 1_000_000)),
        operation=draw(st.sampled_from(RegisterOperation)),
        effective_on=draw(st.dates(date(1900, 1, 1), date(2099, 12, 31))),
        previous=draw(centres),
        new=draw(centres),
        replaces=draw(st.none() | st.uuids()),
        replaces_revision=draw(st.none() | st.integers(1, 1_000_000)),
        sealed_sha256=draw(st.none() | hexes),
        sealed=draw(st.none() | seals),
    )


@given(entries())
def test_json_and_xml_say_the_same_and_nothing_is_lost(entry: RegisterEntry) -> None:
    assert read(RegisterEntry, canonical(entry)) == entry
    assert read_twin(xml_twin(entry)) == entry
    assert read_entry_files(stem(entry), entry_files(entry)) == entry


@given(entries())
def test_every_twin_is_valid_by_the_xsd(entry: RegisterEntry) -> None:
    XSD.validate(xml_twin(entry).decode())


def test_the_canonical_form_is_rfc_8785s() -> None:
    entry = RegisterEntry(
        schema_="saikne.register-entry/1",
        key=UUID(int=1),
        revision=2,
        operation=RegisterOperation.WITHDRAW,
        effective_on=date(2026, 4, 1),
        previous=EntryCentre(name='Ā "b" \\ c/d\U0001f333', registration_number="50008021661"),
        new=EntryCentre(name="C", registration_number="40003521600"),
    )
    assert canonical(entry).decode() == (
        '{"effective_on":"2026-04-01","key":"00000000-0000-0000-0000-000000000001",'
        '"new":{"name":"C","registration_number":"40003521600"},"operation":"withdraw_transfer",'
        '"previous":{"name":"Ā \\"b\\" \\\\ c/d\U0001f333","registration_number":"50008021661"},'
        '"revision":2,"schema":"saikne.register-entry/1"}'
    )


@pytest.mark.parametrize(
    "twin",
    [
        f'<?xml version="1.0" encoding="UTF-8"?>\n{TWIN}\n',
        TWIN.replace("<key>", "\n\t<key>").replace("</register-entry>", "\n</register-entry>"),
        TWIN.replace(f'<register-entry xmlns="{NAMESPACE}">', f'<r:register-entry xmlns:r="{NAMESPACE}">')
        .replace("</register-entry>", "</r:register-entry>")
        .replace("<", "<r:")
        .replace("<r:/", "</r:")
        .replace("r:r:", "r:"),
        TWIN.replace("Zemgales", "&#x5A;emgales").replace("</name>", "<!-- c --></name>"),
        "\ufeff" + TWIN,
    ],
    ids=["with a declaration", "indented", "with a prefix", "with a comment", "with a byte order mark"],
)
def test_a_twin_may_be_laid_out_in_another_way(twin: str) -> None:
    assert read_twin(twin.encode()) == ENTRY


DOCTYPE = '<!DOCTYPE register-entry [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "twin",
    [
        (DOCTYPE + TWIN.replace("Zemgales", "&e;")).encode(),
        ('<?xml version="1.0" encoding="UTF-16"?>' + DOCTYPE + TWIN).encode("utf-16"),
        TWIN.encode()[:-1],
        b"",
        TWIN.replace(NAMESPACE, "urn:saikne:register-entry:2").encode(),
        TWIN.replace("register-entry>", "entry>").replace("<register-entry", "<entry").encode(),
        TWIN.replace("<revision>1<", "<revision>01<").encode(),
        TWIN.replace("<revision>1<", "<revision> 1 <").encode(),
        TWIN.replace("<revision>1</revision>", "").encode(),
        TWIN.replace("<revision>1<", "<revision>1</revision><revision>1<").encode(),
        TWIN.replace("<revision>", '<revision of="us">').encode(),
        TWIN.replace("<revision>", "<who>us</who><revision>").encode(),
        TWIN.replace("<revision>", 'by us<revision xmlns="">').encode(),
        TWIN.replace("<revision>", "by us<revision>").encode(),
    ],
)
def test_a_twin_that_is_none_is_refused(twin: bytes) -> None:
    with pytest.raises(FileDamaged) as refusal:
        read_twin(twin)
    assert refusal.value.why is FileDamage.MALFORMED


def changed(files: dict[str, bytes], change: dict[str, bytes | None]) -> dict[str, bytes]:
    return {name: content for name, content in {**files, **change}.items() if content is not None}


OF = stem(ENTRY)
FILES = entry_files(ENTRY)
SUMS = FILES[f"{OF}.sha256"]
LINE = SUMS.splitlines(keepends=True)[0]
OTHER = ENTRY.model_copy(update={"revision": 2})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({f"{OF}.sha256": None}, FileDamage.INCOMPLETE),
        ({f"{OF}.xml": None}, FileDamage.INCOMPLETE),
        ({f"{OF}.json": None}, FileDamage.INCOMPLETE),
        ({f"{OF}.sha256": b""}, FileDamage.SIDECAR),
        ({f"{OF}.sha256": SUMS[:-30]}, FileDamage.SIDECAR),
        ({f"{OF}.sha256": LINE}, FileDamage.SIDECAR),
        ({f"{OF}.sha256": LINE + LINE}, FileDamage.SIDECAR),
        ({f"{OF}.sha256": SUMS + LINE}, FileDamage.SIDECAR),
        ({f"{OF}.sha256": SUMS + b"\xff\xfe"}, FileDamage.SIDECAR),
        ({f"{OF}.json": FILES[f"{OF}.json"][:-9]}, FileDamage.DIGEST),
        ({f"{OF}.xml": FILES[f"{OF}.xml"] + b"\n"}, FileDamage.DIGEST),
    ],
)
def test_files_that_are_not_whole_do_not_count(change: dict[str, bytes | None], why: FileDamage) -> None:
    with pytest.raises(FileDamaged) as refusal:
        read_entry_files(OF, changed(FILES, change))
    assert refusal.value.why is why


def resummed(as_json: bytes, as_xml: bytes) -> dict[str, bytes]:
    pair = {f"{OF}.json": as_json, f"{OF}.xml": as_xml}
    return {**pair, f"{OF}.sha256": sidecar(pair)}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (resummed(canonical(ENTRY), xml_twin(OTHER)), FileDamage.TWIN_DIFFERS),
        (resummed(canonical(OTHER), xml_twin(OTHER)), FileDamage.OTHER_NAME),
        (resummed(b"{}", xml_twin(ENTRY)), FileDamage.MALFORMED),
        (resummed(canonical(ENTRY)[:-1] + b',"revision":1}', xml_twin(ENTRY)), FileDamage.MALFORMED),
        (resummed(canonical(ENTRY) + b" " * 2**17, xml_twin(ENTRY)), FileDamage.MALFORMED),
    ],
)
def test_whole_files_with_something_else_in_them_are_refused(
    files: dict[str, bytes], why: FileDamage
) -> None:
    with pytest.raises(FileDamaged) as refusal:
        read_entry_files(OF, files)
    assert refusal.value.why is why


def test_an_acknowledgement_is_read_back_from_its_files() -> None:
    files = answer_files(ANSWER)
    assert sorted(files) == [f"{OF}.ack.json", f"{OF}.ack.sha256"]
    assert read_answer_files(OF, files) == ANSWER
    with pytest.raises(FileDamaged) as refusal:
        read_answer_files(OF, {**files, f"{OF}.ack.json": files[f"{OF}.ack.json"][:40]})
    assert refusal.value.why is FileDamage.DIGEST


def test_an_acknowledgement_of_another_revision_is_refused() -> None:
    other = answer_files(ANSWER.model_copy(update={"revision": 2}))
    renamed = {name.replace(".2.", ".1."): content.replace(b".2.", b".1.") for name, content in other.items()}
    with pytest.raises(FileDamaged) as refusal:
        read_answer_files(OF, renamed)
    assert refusal.value.why is FileDamage.OTHER_NAME


@pytest.mark.parametrize("mode", ["--text", "--binary"])
def test_sha256sum_checks_our_sidecar_and_writes_one_that_we_take(tmp_path: Path, mode: str) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    subprocess.run(["sha256sum", "--check", f"{OF}.sha256"], cwd=tmp_path, check=True, capture_output=True)
    theirs = subprocess.run(
        ["sha256sum", mode, f"{OF}.json", f"{OF}.xml"], cwd=tmp_path, check=True, capture_output=True
    )
    assert read_entry_files(OF, {**FILES, f"{OF}.sha256": theirs.stdout}) == ENTRY


def test_a_page_of_an_extract_is_found_by_its_moment_and_number() -> None:
    of = extract_stem(EXTRACT.taken_at, EXTRACT.page)
    assert of == "extract.20260504T030000.000000Z.1"
    assert read_extract_files(of, extract_files(EXTRACT)) == EXTRACT


def test_an_extract_of_the_same_moment_has_one_name_in_every_time_zone() -> None:
    in_riga = EXTRACT.taken_at.astimezone(timezone(timedelta(hours=3)))
    assert extract_stem(in_riga, 1) == extract_stem(EXTRACT.taken_at, 1)


@pytest.mark.parametrize(
    ("lying", "why"),
    [
        ({}, FileDamage.INCOMPLETE),
        ({"page": 2}, FileDamage.OTHER_NAME),
        ({"taken_at": "2026-05-04T03:00:01Z"}, FileDamage.OTHER_NAME),
        ({"page": "x"}, FileDamage.MALFORMED),
    ],
)
def test_a_page_that_is_not_the_one_of_its_name_is_not_taken(
    lying: dict[str, object], why: FileDamage
) -> None:
    as_json, sums = extract_files(EXTRACT)
    of = as_json.removesuffix(".json")
    content = json.dumps({**EXAMPLES[RegisterExtract], **lying}).encode()
    files = {as_json: content, sums: sidecar({as_json: content})} if lying else {as_json: content}
    with pytest.raises(FileDamaged) as damaged:
        read_extract_files(of, files)
    assert damaged.value.why is why
