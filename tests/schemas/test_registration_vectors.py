"""The published vectors of registrations hold for the register, for its files and for the seal alike."""

import json
import subprocess
from typing import Any
from uuid import UUID

import pytest
import xmlschema
from joserfc.jwk import ECKey

from hub.agis.register_word import heard
from hub.kernel.refusal import Refusal
from hub.signing.public_key import public_key
from saikne_demo.register import Book, SealRefused, opened
from saikne_demo.register.over_http import status_of
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry, RegisterFacts, registration_key
from saikne_schemas.register_files import (
    FileDamaged,
    canonical,
    entry_files,
    entry_sha256,
    read,
    read_answer_files,
    read_entry_files,
    read_twin,
    stem,
    xml_twin,
)
from saikne_schemas.register_words import RegisterOperation, RegisterResult, RejectedBecause
from saikne_schemas.registrations import Outcome
from tests.peers.sealed_entries import entry
from tests.schemas import registration_vectors
from tests.schemas.test_register_files import XSD

VECTORS = json.loads(registration_vectors.FILE.read_text())
KEY = VECTORS["register_private_key"]
FACTS = RegisterFacts.model_validate_json(json.dumps(VECTORS["facts"]))
FIRST = RegisterEntry.model_validate_json(json.dumps(VECTORS["entries"][0]["entry"]))
Vector = dict[str, Any]


def named(vectors: list[Vector]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vector", vectors, ids=lambda vector: vector["name"])


def test_the_vectors_are_those_of_todays_rules() -> None:
    assert registration_vectors.FILE.read_text() == registration_vectors.written()


def test_the_files_are_those_of_the_vectors_and_sha256sum_agrees() -> None:
    folder = registration_vectors.FILES
    there = {path.name: path.read_bytes().decode() for path in folder.iterdir()}
    assert there == registration_vectors.files(VECTORS)
    sums = [name for name in there if name.endswith(".sha256")]
    subprocess.run(["sha256sum", "--check", *sums], cwd=folder, check=True, capture_output=True)


def test_every_part_of_the_vectors_shows_good_and_bad() -> None:
    assert {one["expected"] for one in VECTORS["twins"]} == {"same", "differs", "malformed"}
    assert {one["expected"] for one in VECTORS["seals"]} == {"opens", "refused", "of_another_entry"}
    assert {one["expected"] for one in VECTORS["entry_files"]} == {
        "taken", "incomplete", "digest", "sidecar", "twin_differs", "other_name"
    }  # fmt: skip
    assert {one["expected"] for one in VECTORS["acknowledgement_files"]} == {
        "taken", "incomplete", "digest", "sidecar", "malformed", "other_name"
    }  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS["keys"], ids=lambda vector: vector["key"])
def test_a_key_is_made_as_its_vector_says(vector: Vector) -> None:
    made = registration_key(UUID(vector["case"]), vector["effective_on"], UUID(vector["new_centre"]))
    assert str(made) == vector["key"]


@named(VECTORS["entries"])
def test_an_entry_is_written_as_its_vector_says(vector: Vector) -> None:
    one = RegisterEntry.model_validate_json(json.dumps(vector["entry"]))
    assert canonical(one).decode() == vector["canonical"]
    assert entry_sha256(one) == vector["entry_sha256"]
    assert xml_twin(one).decode() == vector["xml"]
    assert stem(one) == vector["stem"]
    assert entry_files(one)[f"{stem(one)}.sha256"].decode() == vector["sidecar"]


@named(VECTORS["twins"])
def test_a_twin_is_compared_as_its_vector_says(vector: Vector) -> None:
    if vector["expected"] == "malformed":
        with pytest.raises(FileDamaged):
            read_twin(vector["xml"].encode())
    else:
        assert (read_twin(vector["xml"].encode()) == FIRST) is (vector["expected"] == "same")


@named([one for one in VECTORS["twins"] if one["expected"] != "malformed"])
def test_the_xsd_takes_every_twin_that_can_be_read(vector: Vector) -> None:
    XSD.validate(vector["xml"])


UNSEEN = "with a document type"  # no schema speaks of it: whoever reads refuses it before


@named([one for one in VECTORS["twins"] if one["expected"] == "malformed" and one["name"] != UNSEEN])
def test_the_xsd_refuses_what_cannot_be_read(vector: Vector) -> None:
    with pytest.raises((xmlschema.XMLSchemaException, ValueError, SyntaxError)):
        XSD.validate(vector["xml"])


@named(VECTORS["seals"])
def test_a_seal_is_opened_as_its_vector_says(vector: Vector) -> None:
    if vector["expected"] == "refused":
        with pytest.raises(SealRefused):
            opened(vector["sealed"], KEY)
        return
    found = opened(vector["sealed"], KEY)
    own = (found.key, found.effective_on) == (FIRST.key, FIRST.effective_on)
    assert own is (vector["expected"] == "opens")


def test_the_facts_are_those_of_the_vectors() -> None:
    assert opened(VECTORS["seals"][0]["sealed"], KEY) == FACTS
    assert registration_vectors.PRIVATE_KEY["kid"] == ECKey.import_key(KEY).thumbprint()


@named(VECTORS["entry_files"])
def test_an_entrys_files_are_taken_or_not_as_the_vector_says(vector: Vector) -> None:
    files = {name: text.encode() for name, text in vector["files"].items()}
    if vector["expected"] == "taken":
        assert read_entry_files(vector["stem"], files) == FIRST
        return
    with pytest.raises(FileDamaged) as refusal:
        read_entry_files(vector["stem"], files)
    assert refusal.value.why == vector["expected"]


@named(VECTORS["acknowledgement_files"])
def test_an_acknowledgements_files_are_taken_or_not_as_the_vector_says(vector: Vector) -> None:
    files = {name: text.encode() for name, text in vector["files"].items()}
    if vector["expected"] == "taken":
        answer = read_answer_files(vector["stem"], files)
        assert answer.entry_sha256 == entry_sha256(FIRST)
        return
    with pytest.raises(FileDamaged) as refusal:
        read_answer_files(vector["stem"], files)
    assert refusal.value.why == vector["expected"]


@named(VECTORS["words"])
def test_a_registers_word_is_taken_or_refused_as_the_vector_says(vector: Vector) -> None:
    answer = vector["answer"]
    reported = {
        name: answer[name] for name in ("key", "revision", "entry_sha256", "register_id", "registered_on")
    }
    outcome = Outcome.model_validate_json(
        json.dumps({**reported, "attempt": 1, "result": "acknowledged", "word": vector["word"]})
    )
    private = VECTORS["register_signing_private_key"]
    key = public_key({name: private[name] for name in ("kty", "crv", "x", "y")})
    keys = {key.key_id: key}
    if vector["expected"] == "taken":
        assert heard(outcome, RegisterOperation.TRANSFER, keys).of == "register"
        return
    with pytest.raises(Refusal) as refusal:
        heard(outcome, RegisterOperation.TRANSFER, keys)
    assert refusal.value.code == vector["expected"]


@named(VECTORS["stories"])
def test_the_register_answers_as_the_story_says(vector: Vector) -> None:
    book, sent = Book(ECKey.import_key(KEY)), dict[tuple[str, int], RegisterEntry]()
    names = {"A": VECTORS["keys"][0]["key"], "B": VECTORS["keys"][1]["key"]}
    for step in vector["steps"]:
        named_so = (step["key"], step["revision"])
        if named_so not in sent or step.get("sealed_anew"):
            sent[named_so] = told(book, step, names)
        answer = book.take(sent[named_so])
        assert (said(answer), status_of(answer)) == (step["expected"], step["status"])
    in_force = {str(key): held.revision for key, held in book.in_force().items()}
    assert in_force == {names[name]: revision for name, revision in vector["in_force"].items()}


def told(book: Book, step: Vector, names: dict[str, str]) -> RegisterEntry:
    one = entry(book.jwk, UUID(names[step["key"]]), revision=step["revision"])
    changes = {name: value for name, value in step.items() if name in ("operation", "replaces_revision")}
    if "replaces" in step:
        changes["replaces"] = names[step["replaces"]]
    return read(RegisterEntry, json.dumps({**json.loads(canonical(one)), **changes}).encode())


def said(answer: RegisterAnswer) -> RegisterResult | RejectedBecause:
    return answer.reason or answer.result
