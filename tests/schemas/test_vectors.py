"""The published vectors hold for the hub and for the client alike, and were made by today's rules."""

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hub.signing.statement import ManifestMalformed, SignedStatement, read
from saikne.parcel import open_parcel
from saikne.parcel_entries import ParcelRefused
from saikne.passwords import WrongPassword
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.export import schema_of
from tests.peers.seven_zip import seven_zip
from tests.schemas import archive_vectors, manifest_vectors

MANIFESTS = json.loads(manifest_vectors.FILE.read_text())["vectors"]
ARCHIVES = json.loads(archive_vectors.FILE.read_text())
Vector = dict[str, Any]


def named(vectors: list[Vector]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", vectors, ids=lambda vector: vector["name"])


def body(vector: Vector) -> bytes:
    text = vector.get("text")
    return json.dumps(vector["manifest"]).encode() if text is None else text.encode()


def stated(content: bytes) -> SignedStatement:
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    digest = hashlib.sha256(content).digest()
    return SignedStatement(content, digest, b"", b"", "key", "ed25519", "nonce", now, now, {})


def test_the_manifest_vectors_are_those_of_todays_rules() -> None:
    assert manifest_vectors.FILE.read_text() == manifest_vectors.written()


def test_every_damaged_manifest_is_refused_and_every_good_one_is_not() -> None:
    damaged = {name for name, *_ in manifest_vectors.BAD} | manifest_vectors.TEXTS.keys()
    refused = {vector["name"] for vector in MANIFESTS if vector["expected"] == "malformed"}
    assert refused == damaged
    assert len({vector["name"] for vector in MANIFESTS}) == len(MANIFESTS)


@named(MANIFESTS)
def test_the_hub_reads_a_manifest_as_its_vector_says(vector: Vector) -> None:
    model = manifest_vectors.DOCUMENTS[vector["document"]]
    if vector["expected"] == "accepted":
        assert read(model, stated(body(vector))).model_dump(mode="json")
        return
    with pytest.raises(ManifestMalformed) as refusal:
        read(model, stated(body(vector)))
    told = refusal.value.facts["errors"]
    assert isinstance(told, list)
    assert [str(error).partition(":")[0] for error in told] == vector["errors"]


@named([vector for vector in MANIFESTS if "manifest" in vector])
def test_the_published_schema_judges_a_manifest_as_its_vector_says(vector: Vector) -> None:
    schema = schema_of(manifest_vectors.DOCUMENTS[vector["document"]])
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert checker.is_valid(vector["manifest"]) is (vector["schema"] == "passes")


def test_a_refused_manifest_is_told_without_its_values() -> None:
    content = json.dumps({**EXAMPLES[manifest_vectors.DOCUMENTS["request"]], "family": "Bērziņa Anna"})
    with pytest.raises(ManifestMalformed) as refusal:
        read(manifest_vectors.DOCUMENTS["request"], stated(content.encode()))
    assert "Bērziņa" not in str(refusal.value.facts)


def damaged(vector: Vector) -> bytes:
    content = bytearray(archive_vectors.ARCHIVE.read_bytes())
    for edit in vector.get("edits", []):
        put = bytes.fromhex(edit["hex"])
        content[edit["offset"] : edit["offset"] + len(put)] = put
    return bytes(content[: vector.get("cut_to", len(content))])


@named(ARCHIVES["passwords"])
def test_the_client_takes_a_password_as_its_vector_says(vector: Vector, tmp_path: Path) -> None:
    if vector["expected"] == "opens":
        opened = open_parcel(archive_vectors.ARCHIVE, vector["password"], tmp_path / "opened")
        assert opened.archive_sha256 == ARCHIVES["archive_sha256"]
        return
    with pytest.raises(WrongPassword) as refusal:
        open_parcel(archive_vectors.ARCHIVE, vector["password"], tmp_path / "opened")
    assert refusal.value.hint == vector["expected"]


def test_the_client_finds_in_the_archive_what_the_vector_says(tmp_path: Path) -> None:
    opened = open_parcel(archive_vectors.ARCHIVE, archive_vectors.PASSWORD, tmp_path / "opened")
    assert (opened.manifest_sha256, opened.key_id) == (ARCHIVES["manifest_sha256"], ARCHIVES["key_id"])
    assert [(one.no, one.bytes, one.sha256) for one in opened.checked] == [
        (one["no"], one["bytes"], one["sha256"]) for one in ARCHIVES["documents"]
    ]
    assert [opened.files[number].read_bytes() for number in (1, 2)] == list(archive_vectors.DOCUMENTS)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@named(ARCHIVES["damages"])
def test_the_client_refuses_a_damaged_archive_for_its_vectors_reason(vector: Vector, tmp_path: Path) -> None:
    archive = tmp_path / "archive.zip"
    archive.write_bytes(damaged(vector))
    with pytest.raises(ParcelRefused) as refusal:
        open_parcel(archive, archive_vectors.PASSWORD, tmp_path / "opened")
    assert refusal.value.why == vector["expected"]
    assert not (tmp_path / "opened").exists()


def test_another_programme_opens_the_archive_with_the_sixteen_symbols(tmp_path: Path) -> None:
    command = [
        seven_zip(),
        "x",
        f"-p{archive_vectors.SYMBOLS}",
        f"-o{tmp_path}",
        str(archive_vectors.ARCHIVE),
    ]
    subprocess.run(command, check=True, capture_output=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(ARCHIVES["entries"])
    for one in ARCHIVES["documents"]:
        assert hashlib.sha256((tmp_path / one["entry"]).read_bytes()).hexdigest() == one["sha256"]
