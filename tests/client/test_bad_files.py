"""Every command that takes a file, and every bad file: a sentence, a permanent code, and nothing is done."""

import inspect
import io
import re
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from saikne.command import COMMANDS, GROUPS, loaded
from saikne.media_types import DocumentKindUnknown, media_type_of
from saikne.plan_archive import pack_plan
from saikne.register_facts import FamilyFacts, family_facts
from saikne.wording import LANGUAGES, sentence
from saikne_schemas.brought import FileFault
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.family_moves import FamilyMoveView
from saikne_schemas.matters import MatterLine
from tests.bad_files import ENCODINGS, LINE_ENDS, NOT_JSON, OTHER_DOCUMENTS, every_bad_file, written
from tests.client.command_line import OFFICER, REQUEST, Centre, asked, password_file
from tests.client.hub_peer import HubPeer

MATTER = "3c1d5a7e-08b4-4d2f-9a61-c4e07b9f1d23"
NOTICE = ("move", "notice", MATTER, "--channel", "sms", "--received", "2026-06-27")
JSON = {
    "certification-preview.manifest": ("certification-preview", "--manifest"),
    "answer.manifest": ("answer", "EXCHANGE", "--manifest"),
    "register-worksheet.facts": ("register-worksheet", MATTER, "--facts"),
    "register.facts": ("register", MATTER, "--by", "Anna;vadītāja", "--facts"),
    "register-compare.file": ("register-compare",),
    "verify.jwks": ("verify", "PROOFS", "--jwks"),
    "verify.file": ("verify",),
    "request.identity": (*REQUEST, "--holder", "mēn", "--identity"),
    "offer.identity": (
        *("offer", "--receiver", "mēn", "--child", "B-0031", "--receipt", "hub", "--password", "sms"),
        "--identity",
    ),
    "supplement.identity": (
        *("supplement", "EXCHANGE", "--reason", "found_missing", "--form", "other_child"),
        "--identity",
    ),
    "dispute-refusal.identity": ("dispute-refusal", "REFUSED", "--reason", "is_yours", "--identity"),
    "move.begin.identity": (
        *("move", "begin", "--previous", "mēn", "--family", "AG-2001", "--agreement", "V-2026/31"),
        *("--agreed-on", "2026-03-02", "--territory", "LV-041", "--identity"),
    ),
    "move.request-copies.identity": (
        *("move", "request-copies", MATTER, "--receipt", "hub", "--password", "sms"),
        "--identity",
    ),
    "child-move.begin.identity": (
        *("child-move", "begin", "--child", "B-0031", "--new", "mēn", "--territory", "LV-041"),
        "--identity",
    ),
    "siblings.propose.identity": (
        *("siblings", "propose", "--child", "B-0031", "--with", "mēn=B-0032", "--reason", "distance"),
        *("--kind", "visit", "--regularity", "monthly", "--support", "organisational", "--identity"),
    ),
}
"""What is read whole, as JSON."""
TEXT = {
    "open.password-file": ("open", "ARCHIVE", "--to", "new", "--password-file"),
    "families.import.file": ("families", "import"),
}
BYTES = {
    "open.archive": ("open", "--to", "new", "--password-file", "PASSWORD"),
    "confirm.archive": ("confirm", "EXCHANGE"),
    "plan.begin.plan": (
        *("plan", "begin", "--family", "AG-2001", "--year", "2026", "--talk-on", "2026-03-02"),
        *("--activity", "care_and_protection;2026-03-02;2026-05-02;family"),
    ),
    "plan.add.plan": (
        "plan",
        "add",
        MATTER,
        "1",
        "--activity",
        "care_and_protection;2026-03-02;2026-05-02;family",
    ),
    "plan.pack.files": ("plan", "pack", "--to", "new"),
    "plan.sent.plan": (
        *("plan", "sent", MATTER, "--address", "a@b.lv", "--password-by", "sms", "--on", "2026-03-02"),
        *("--archive", "ARCHIVE"),
    ),
    "plan.send.files": ("plan", "send", MATTER, "--address", "a@b.lv", "--phone", "20000041"),
    "plan.sent.archive": (
        *("plan", "sent", MATTER, "ARCHIVE", "--address", "a@b.lv", "--password-by", "sms"),
        *("--on", "2026-03-02", "--archive"),
    ),
    "move.notice.proof": (*NOTICE, "--proof"),
    "answer.certified-by": (
        *("answer", "EXCHANGE", "iap:B-0031=PLAN", *OFFICER),
        "--certified-by",
    ),
}
"""What is sent or packed as it is: it must be a file, and its content is nobody's business here."""
FILE_FAULTS = {FileFault.MISSING, FileFault.NOT_A_FILE}
REFUSED = {"refusal": "6f1d2c3b-4a59-4e68-9b77-0c1d2e3f4a5b", "reason": "not_our_family"}
WRITTEN = {"to", "out", "csv", "letter"}
"""Options that name what is made."""


def paths() -> Iterator[str]:
    """Every parameter that is a path, by its verb and its name."""
    grouped = [(f"{group}.{name}", function) for group, verbs in GROUPS for name, function in loaded(verbs)]
    for verb, function in (*((name, loaded(verb)) for name, verb in COMMANDS), *grouped):
        for name, parameter in inspect.signature(function).parameters.items():
            if "pathlib.Path" in repr(parameter.annotation):
                yield f"{verb}.{name.replace('_', '-')}"


@pytest.fixture
def places(saule: Centre, meness: Centre, peer: HubPeer, tmp_path: Path) -> dict[str, str]:
    """What stands beside the bad file, and is sound."""
    assert meness.home.exists()
    (tmp_path / "proofs.json").write_text('{"receipt": "a.b.c"}')
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF-1.7")
    exchange, refused = asked(saule), asked(saule)
    peer.matters[f"/v1/exchanges/{refused}"] = saule.done("status", refused) | {"refusal": REFUSED}
    move: dict[str, Any] = {**EXAMPLES[FamilyMoveView]}
    content = {name: said for name, said in move["content"].items() if name != "copies"}
    peer.matters[f"/v1/family-moves/{MATTER}"] = move | {"id": MATTER, "content": content}
    peer.matters[f"/v1/matters/{MATTER}"] = EXAMPLES[MatterLine] | {"id": MATTER, "workflow": "family_move"}
    return {
        "EXCHANGE": exchange,
        "REFUSED": refused,
        "iap:B-0031=PLAN": f"iap:B-0031={plan}",
        "ARCHIVE": str(pack_plan([plan], tmp_path / "packed").archive),
        "PROOFS": str(tmp_path / "proofs.json"),
        "PASSWORD": password_file(tmp_path),
    }


def test_every_path_of_every_verb_is_tried_here_or_is_written() -> None:
    read = {one for one in paths() if one.rpartition(".")[2] not in WRITTEN}
    proofs = {one for one in read if one.endswith(".proof")}
    assert "move.notice.proof" in proofs
    assert read - proofs == (JSON | TEXT | BYTES).keys() - proofs


@pytest.mark.parametrize("name", JSON | TEXT | BYTES)
def test_a_bad_file_is_refused_with_its_fault(
    saule: Centre, meness: Centre, tmp_path: Path, places: dict[str, str], name: str
) -> None:
    centre = meness if name.startswith("answer.") else saule
    words = [places.get(word, word) for word in (JSON | TEXT | BYTES)[name]]
    bad = every_bad_file(tmp_path, NOT_JSON if name in JSON else {})
    if name in BYTES:
        bad = {path: fault for path, fault in bad.items() if fault in FILE_FAULTS}
    one_of_each = {fault: path for path, fault in bad.items()}
    found = {fault: centre.refused(*words, str(path)) for fault, path in one_of_each.items()}
    assert found == {fault: (2, f"file.refused.{fault.value}") for fault in one_of_each}
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", JSON)
def test_json_of_another_kind_is_refused_too(
    saule: Centre, meness: Centre, tmp_path: Path, places: dict[str, str], name: str
) -> None:
    centre = meness if name.startswith("answer.") else saule
    words = [places.get(word, word) for word in JSON[name]]
    for number, content in enumerate(OTHER_DOCUMENTS.values()):
        if content == b"{}" and name.endswith(".facts"):
            continue  # nothing is said in it, which may be
        (tmp_path / "other.json").write_bytes(content)
        refused = centre(*words, str(tmp_path / "other.json"), "--lang", LANGUAGES[number % 2])
        assert refused.code == 2, content
        assert re.search(r"\n\([a-z_.-]+\)\n$", refused.err), refused.err
        assert "Traceback" not in refused.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fault_has_its_sentence(saule: Centre, tmp_path: Path, language: str) -> None:
    for path, fault in every_bad_file(tmp_path, NOT_JSON).items():
        said = saule("register-compare", str(path), "--lang", language).err
        first, *_ = sentence(f"file.refused.{fault.value}", language, path=path, place="\0").split("\0")
        assert said.startswith(first), said
        assert said.endswith(f"\n(file.refused.{fault.value})\n")
    assert all(sentence(f"file.refused.{fault}", language, path="", place="") for fault in FileFault)


@pytest.mark.usefixtures("meness")
@pytest.mark.parametrize("piped", [b"\xff\n", b"\xff\xfep\x00\n\x00", b"a\x00b\n"])
def test_what_is_piped_in_is_text_too(
    saule: Centre, places: dict[str, str], monkeypatch: pytest.MonkeyPatch, piped: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
    code, refused = saule.refused("open", places["ARCHIVE"], "--to", "new", "--password-file", "-")
    assert (code, refused.rpartition(".")[0]) == (2, "file.refused")


FACTS = (
    '{"agis_id": "1",\n "spouses": [{"name": "Anna Bērziņa-Šķēle", "code": "161175-19997"}],\n'
    ' "children": {"AG-2001-B1": {"name": "Jānis Kalns", "code": "328673-00679"}},\n "specialised": "none"}'
)
LIGA = '}}, "{}": {{"name": "Līga Kalna", "code": "{}"}}'.format


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS.keys())
@pytest.mark.parametrize("end", LINE_ENDS, ids=["LF", "CRLF", "CR"])
def test_facts_are_the_same_however_they_were_saved(tmp_path: Path, encoding: str, end: str) -> None:
    file = tmp_path / "gimene.json"
    file.write_bytes(written(FACTS.replace("\n", end), encoding))
    assert family_facts(file, {}) == FamilyFacts.model_validate_json(FACTS)


@pytest.mark.parametrize(
    ("written_as", "typed", "code"),
    [
        (FACTS.replace("}},", f"{LIGA('AG-2001-B1', '321288-18882')}}},"), (), "file.refused.name_twice"),
        (FACTS.replace("}},", f"{LIGA('AG-2001-B2', '328673-00679')}}},"), (), "facts.person-twice"),
        (FACTS.replace("161175-19997", "328673-00679"), (), "facts.person-twice"),
        (FACTS, ("--child", "AG-2001-B2=Līga Kalna;328673-00679"), "facts.person-twice"),
        (FACTS, ("--child", "A-1=Līga;321288-18882") * 2, "facts.child-twice"),
    ],
    ids=["reference", "code", "spouse and child", "file and typed", "typed"],
)
def test_nobody_is_named_twice(
    saule: Centre, tmp_path: Path, written_as: str, typed: tuple[str, ...], code: str
) -> None:
    (tmp_path / "gimene.json").write_text(written_as)
    for verb in (("register-worksheet",), ("register", "--by", "Anna;vadītāja")):
        facts = ("--facts", str(tmp_path / "gimene.json"), *typed)
        assert saule.refused(verb[0], MATTER, *verb[1:], *facts) == (2, code)


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("a.pdf", b"%PDF-1.7", True),
        ("a.pdf", b"\r\n\x00HTTP junk of a gateway\n%PDF-1.4", True),
        ("a.pdf", b" " * 1019 + b"%PDF-1.4", True),
        ("a.pdf", b" " * 1020 + b"%PDF-1.4", False),
        ("a.pdf", b"%PD", False),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", False),
        ("a.png", b" \x89PNG\r\n\x1a\n", False),
        ("a.tif", b"II*\x00", True),
        ("a.exe", b"%PDF-1.7", False),
    ],
)
def test_a_pdf_begins_within_its_first_kilobyte(
    tmp_path: Path, name: str, content: bytes, *, taken: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    with nullcontext() if taken else pytest.raises(DocumentKindUnknown):
        media_type_of(tmp_path / name)
