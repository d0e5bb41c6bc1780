"""The command speaks two languages to people, JSON to programs, and ends with the right code."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from saikne.command import COMMANDS, GROUPS, loaded
from tests.client.command_line import (
    PASSWORD,
    REQUEST,
    Centre,
    Run,
    answered,
)
from tests.client.hub_peer import HubPeer

NO_CODE_WRITTEN = {"PYTHONDONTWRITEBYTECODE": "1"}
"""Under a limit of file sizes Python would keep byte code that is cut off."""
LOOKED_INTO = """
import atexit, gc, json, sys
from saikne.command import main
def tell():
    loaded = [name for name, module in sys.modules.items() if module]
    print(json.dumps([loaded, gc.get_stats()[2]["collections"]]))
atexit.register(tell)
main(["inbox"])
"""
WHOLE = str(uuid4())
INVOICE = (
    *("--reference", "R-7", "--issued-on", "2026-10-20", "--cost", "lecturer=360,00", "--participants", "10"),
    *("--own", "1", "--average", "36,00", "--amount", "36,00"),
)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("request", "--holder", "X"), "usage.wrong"),
        (("status", "not-an-id"), "usage.wrong"),
        (("bogus",), "usage.wrong"),
        (("inbox", "--watch"), "inbox.watch-has-no-end"),
        ((*REQUEST, "--holder", "Zeme"), "centre.unknown"),
        ((*REQUEST[:-4], "--holder", "Mēness"), "usage.wrong"),
        ((*REQUEST[:-2], "--holder", "Mēness"), "input.needed"),
        ((*REQUEST, "--holder", "M", "--child", "Anna"), "input.refused"),
        (("answer", str(uuid4()), "plan.pdf"), "document.not-described"),
        (("answer", str(uuid4())), "answer.no-documents-given"),
        (("open", "absent.zip", "--to", "x", "--password-file", "absent"), "file.refused.missing"),
        (("verify", "absent.json"), "file.refused.missing"),
    ],
)
def test_bad_input_ends_with_2(saule: Centre, meness: Centre, arguments: tuple[str, ...], code: str) -> None:
    assert saule.refused(*arguments) == (2, code)
    assert meness.home.exists()


def test_a_name_is_refused_where_a_reference_belongs(saule: Centre, meness: Centre) -> None:
    result = saule(*REQUEST, "--holder", "Mēness", "--child", "Anna Bērziņa")
    assert result.code == 2
    assert "never names or personal codes" in result.err
    assert meness.done("inbox") == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("open", "absent.zip", "--to", "x"), "absent.zip: tāda faila nav"),
        (("child-move", "begin", "--new", "Mēness", "--child", "Anna"), "child: lietas numurs"),
        (("training", "invoice", str(uuid4()), *INVOICE, "--cost", "lecturer=36o"), "--cost šādu vērtību"),
        (("training", "invoice", str(uuid4()), *INVOICE, "--participants", "0"), "participants: vismaz 1"),
    ],
)
def test_a_wrong_input_is_told_in_latvian_and_where_it_stands(
    saule: Centre, meness: Centre, arguments: tuple[str, ...], sentence: str
) -> None:
    result = saule("--lang", "lv", *arguments)
    assert result.code == 2
    assert sentence in result.err
    assert meness.home.exists()


def test_the_hubs_refusal_ends_with_1_and_speaks_the_wished_language(saule: Centre) -> None:
    assert saule.refused("status", str(uuid4())) == (1, "exchange.not-found")
    assert "exchange.not-found (lv)" in saule("status", str(uuid4()), "--lang", "lv").err
    assert "exchange.not-found (en)" in saule("status", str(uuid4()), "--lang", "en").err


def test_without_a_centre_the_command_says_what_to_do(tmp_path: Path, run_in: Run) -> None:
    nobody = Centre(tmp_path / "nobody", run_in)
    assert nobody.refused("inbox") == (2, "home.not-initialised")
    assert "saikne init" in nobody("inbox").err
    assert "Sāciet ar: saikne init;" in nobody("--lang=lv", "inbox").err


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize(
    "verb",
    [
        ("--help",),
        *((name, "--help") for name, _ in COMMANDS),
        *((group, name, "--help") for group, verbs in GROUPS for name, _ in loaded(verbs)),
    ],
)
def test_every_verb_helps_in_both_languages(
    tmp_path: Path, run_in: Run, verb: tuple[str, ...], language: str
) -> None:
    result = Centre(tmp_path, run_in)(*verb, "--lang", language)
    assert result.code == 0
    assert "help." not in result.out
    assert ("Lietojums:" in result.out) is (language == "lv")


def test_the_password_is_read_from_standard_input(
    saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive.zip"
    saule.done("download", answered(saule, meness, plan), "--out", str(archive))
    opening = [
        sys.executable,
        "-c",
        "from saikne.command import main; main()",
        "open",
        str(archive),
        "--json",
    ]
    done = subprocess.run(
        [*opening, "--to", str(tmp_path / "in"), "--password-file", "-"],
        input=PASSWORD.lower(),
        capture_output=True,
        check=True,
        text=True,
        env={"SAIKNE_HOME": str(saule.home)},
    )
    assert len(json.loads(done.stdout)["documents"]) == 1
    assert done.stderr == ""


def test_a_full_disk_leaves_nothing_half_written(
    saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive.zip"
    saule.done("download", answered(saule, meness, plan), "--out", str(archive))
    script = 'ulimit -f 64; exec "$0" -c "from saikne.command import main; main()" open "$1" --to "$2" --json'
    done = subprocess.run(
        ["bash", "-c", script, sys.executable, str(archive), str(tmp_path / "in")],
        input=PASSWORD,
        capture_output=True,
        check=False,
        text=True,
        env={"SAIKNE_HOME": str(saule.home), **NO_CODE_WRITTEN},
    )
    assert (done.returncode, json.loads(done.stdout)["problem"]["code"]) == (2, "disk.full")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".in", "in"))] == []


def test_a_download_goes_on_when_the_full_disk_has_room_again(
    peer: HubPeer, saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    exchange, archive = answered(saule, meness, plan), tmp_path / "archive.zip"
    script = (
        'ulimit -f 64; exec "$0" -c "from saikne.command import main; main()" download "$1" --out "$2" --json'
    )
    done = subprocess.run(
        ["bash", "-c", script, sys.executable, exchange, str(archive)],
        capture_output=True,
        check=False,
        text=True,
        env={"SAIKNE_HOME": str(saule.home), **NO_CODE_WRITTEN},
    )
    assert (done.returncode, json.loads(done.stdout)["problem"]["code"]) == (2, "disk.full")
    (part,) = tmp_path.glob("*.part")
    kept = part.stat().st_size
    assert kept == 64 * 1024
    got = saule.done("download", exchange, "--out", str(archive))
    assert peer.calls("GET", "/archive")[-1].headers["range"] == f"bytes={kept}-"
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == got["sha256"]


def test_a_look_into_the_inbox_loads_what_it_uses_and_never_looks_through_all_of_it(
    saule: Centre, meness: Centre
) -> None:
    assert meness.home.exists()
    done = subprocess.run(
        [sys.executable, "-c", LOOKED_INTO],
        capture_output=True,
        check=True,
        text=True,
        env={"SAIKNE_HOME": str(saule.home), "SAIKNE_LANG": "en"},
    )
    modules, looks_through_all = json.loads(done.stdout.splitlines()[-1])
    brought = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    assert {name for name in brought if not name.startswith("_")} == {
        *("saikne", "saikne_schemas"),
        *("typer", "annotated_doc", "shellingham"),
        *("pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"),
        *("httpx", "httpcore", "h11", "anyio", "sniffio", "idna", "certifi"),
        *("joserfc", "cryptography"),
    }
    of_the_wire = {name for name in modules if name.startswith("saikne_schemas.")}
    assert {name.partition(".")[2] for name in of_the_wire} == {
        *("command_line", "catalogue", "moments", "brought", "latvian_values"),
        *("wire", "rules", "spelling", "characters", "vocabulary", "statements"),
        *("views", "manifests", "enrolment", "correction_words", "proofs", "signed_files"),
        *("beside", "paper_views", "refusals", "matters"),
    }
    assert looks_through_all == 0


def test_help_does_not_load_what_it_does_not_need() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, saikne.command; print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()
    heavy = {"httpx", "pydantic", "joserfc", "cryptography", "pyzipper", "http_message_signatures", "rich"}
    assert not heavy & set(loaded)


def test_a_number_of_nothing_is_told_before_what_is_missing(saule: Centre) -> None:
    told = saule("move", "talked", "12345678", "--lang", "lv")
    assert (told.code, "number.unknown" in told.err, told.err.count("Trūkst: ")) == (2, True, 0)


def test_where_nobody_knows_the_number_what_is_missing_is_told(saule: Centre, tmp_path: Path) -> None:
    nobody = replace(saule, home=tmp_path / "nobody")
    told = nobody("move", "talked", "12345678", "--lang", "lv")
    assert (told.code, told.err.count("Trūkst: ")) == (2, 3)


def test_all_that_is_missing_is_told_at_once_with_what_it_is_for(saule: Centre) -> None:
    told = saule("move", "talked", WHOLE, "--lang", "lv")
    assert told.code == 2
    lines = [line for line in told.err.splitlines() if line.startswith("Trūkst: ")]
    assert [line.split("'")[1] for line in lines] == ["--on", "--form", "--topic"]
    assert "(Kad saruna notika)" in lines[0]
    one = saule("move", "talked", WHOLE, "--form", "tālrunis", "--topic", "iemesli", "--lang", "lv")
    assert one.err.count("Trūkst: ") == 1
    wrong_too = saule("move", "talked", WHOLE, "--form", "?", "--lang", "lv")
    assert wrong_too.code == 2
