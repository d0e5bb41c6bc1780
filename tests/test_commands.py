"""What holds for `hub`, `saikne` and `agis-sync` alike: help, version, completion, codes, any terminal."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from saikne_schemas.command_line import Exit, wished_language, without_language
from tests.peers.commands import ran, ran_to_bytes

Speaking = Callable[[str, tuple[str, ...]], "subprocess.CompletedProcess[bytes]"]
ROOT = Path(__file__).parents[1]
COMMANDS = {
    "hub": ("-c", "from hub.ops.cli import main; main()"),
    "saikne": ("-c", "from saikne.command import main; main()"),
    "agis-sync": ("-c", "from agis_sync.command import main; main()"),
}
ENCODINGS = ("ascii", "latin-1", "cp1257", "cp437")
REAL = ("utf-8", "ascii")
"""The richest and the poorest: for these Python is started with its encoding, for others forked and told."""
NARROW = ("1", "7", "30", "nonsense")
NOBODY = "postgresql://nobody@127.0.0.1:1/none"
IN_WORDS = (
    ("hub", "jobs", "list", "--lang", "lv"),
    ("hub", "deadline", "2026-06-10", "--days", "10", "--explain", "--lang", "lv"),
    ("hub", "--help"),
    ("saikne", "inbox", "--lang", "lv"),
    ("saikne", "inbox", "--lang", "lv", "--json"),
    ("saikne", "--help", "--lang", "lv"),
    ("saikne", "no-such-verb-\udcff", "--lang", "lv"),
    ("agis-sync", "run", "--help", "--lang", "lv"),
    ("agis-sync", "run", "--once", "--folder", "/nowhere", "--lang", "lv", "--json"),
)


def on_a_computer(home: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "LC_", "PYTHON"))
    }
    return {**kept, "LANG": "C.UTF-8", "SAIKNE_HOME": str(home), "HUB_HOME": str(home), **more}


def run(home: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, *COMMANDS[words[0]], *words[1:]],
        env=on_a_computer(home, **environment),
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> Speaking:
    """A command on a terminal of some encoding; what it says to one that shows everything is said once."""
    home = tmp_path_factory.mktemp("home")

    @cache
    def speak(encoding: str, words: tuple[str, ...]) -> "subprocess.CompletedProcess[bytes]":
        asked = {"HUB_DATABASE_URL": NOBODY} if words[:2] == ("hub", "jobs") else {}
        if encoding in REAL:
            return run(home, *words, PYTHONIOENCODING=encoding, **asked)
        here = on_a_computer(home, PYTHONIOENCODING=encoding, **asked)
        return ran_to_bytes(*words, environment=here)

    return speak


@pytest.mark.parametrize(("encoding", "words"), list(product(ENCODINGS, IN_WORDS)))
def test_no_terminal_is_too_poor_for_what_is_said(
    speaking: Speaking, encoding: str, words: tuple[str, ...]
) -> None:
    rich, poor = speaking("utf-8", words), speaking(encoding, words)
    assert b"Traceback" not in poor.stderr
    assert poor.returncode == rich.returncode
    if "--json" in words:
        assert json.loads(poor.stdout.splitlines()[-1] if words[0] == "agis-sync" else poor.stdout)
        assert poor.stdout == rich.stdout
        return
    told = (poor.stdout + poor.stderr).decode(encoding, "replace")  # typer speaks UTF-8 where all is ASCII
    assert len(told.split()) == len((rich.stdout + rich.stderr).decode().split())
    assert "\\u0" not in told


@pytest.mark.parametrize(("width", "command"), list(product(NARROW, COMMANDS)))
def test_no_terminal_is_too_narrow(tmp_path: Path, width: str, command: str) -> None:
    for words in ((command, "--help"), (command, "no-such-verb")):
        told = ran(*words, environment=on_a_computer(tmp_path, COLUMNS=width))
        assert told.returncode == (0 if "--help" in words else Exit.BAD_INPUT), told.stderr
        assert told.stdout + told.stderr
        assert "Traceback" not in told.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_each_says_its_version_and_helps_by_either_option(tmp_path: Path, command: str) -> None:
    assert re.fullmatch(rf"{command} \d+\.\d+\.\d+\n", run(tmp_path, command, "--version").stdout.decode())
    verb = {"hub": ("centre", "admit"), "saikne": ("move", "begin"), "agis-sync": ("run",)}[command]
    for words in ((), verb[:1], verb):
        here = on_a_computer(tmp_path)
        short, long = (ran(command, *words, option, environment=here) for option in ("-h", "--help"))
        assert short.returncode == long.returncode == 0
        assert short.stdout == long.stdout


@pytest.mark.parametrize(
    ("command", "begun", "completed"),
    [
        ("hub", "hub ke", {"key"}),
        ("hub", "hub key ro", {"rotate"}),
        ("saikne", "saikne child", {"child-move"}),
        ("saikne", "saikne move be", {"begin"}),
        ("saikne", "saikne request --kind child_ia", {"child_iap"}),
        ("agis-sync", "agis-sync ext", {"extract"}),
    ],
)
def test_a_shell_completes_its_words(tmp_path: Path, command: str, begun: str, completed: set[str]) -> None:
    told_which = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # a test has no shell to be found
    script = run(tmp_path, command, "--show-completion", "bash", **told_which).stdout.decode()
    function = re.search(r"^(\w+)\(\)", script, re.MULTILINE)
    assert function
    here = tmp_path / command
    here.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{COMMANDS[command][1]}" "$@"\n')
    here.chmod(0o755)
    words = begun.split()
    asked = f"COMP_WORDS=({begun}); COMP_CWORD={len(words) - 1}; {function[1]} {here}; echo ${{COMPREPLY[@]}}"
    told = subprocess.run(
        ["bash", "-c", f"{script}\n{asked}"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert set(told.stdout.split()) == completed, told.stderr


@pytest.mark.parametrize("words", [("hub", "--help"), ("saikne", "--help"), ("hub", "deadline")])
def test_a_reader_who_leaves_early_is_no_fault(tmp_path: Path, words: tuple[str, ...]) -> None:
    kept = {**os.environ, "SAIKNE_HOME": str(tmp_path), "HUB_HOME": str(tmp_path)}
    more = ["2026-06-10"] * 3000 + ["--days", "10"] if "deadline" in words else []
    with subprocess.Popen(
        [sys.executable, *COMMANDS[words[0]], *words[1:], *more],
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as begun:
        assert begun.stdout
        assert begun.stderr
        begun.stdout.close()
        said = begun.stderr.read()
    assert said == b""
    assert begun.returncode in {Exit.NOBODY_READS, 1 if "--help" in words else Exit.NOBODY_READS}


def test_the_exit_codes_are_published() -> None:
    rows = re.findall(
        r"^\| (\d+) \| ([a-z ]+) \|", (ROOT / "schemas" / "README.md").read_text(), re.MULTILINE
    )
    assert {name.replace(" ", "_").upper(): int(code) for code, name in rows} == {
        one.name: one.value for one in Exit
    }


def test_every_command_ends_with_a_published_code() -> None:
    """Whoever ends a command names the code; a bare number would be one that nobody published."""
    folders = ("hub/ops", "clients/python/saikne/command", "clients/agis_sync/agis_sync/command")
    bare = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for line, text in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"(?:typer\.Exit|sys\.exit|SystemExit|fail\(.*,)\(?\s*\d+\)", text)
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ((), {}, "lv"),
        ((), {"LANG": "lv_LV.UTF-8"}, "lv"),
        ((), {"LANG": "ru_RU.UTF-8"}, "lv"),
        ((), {"LANG": "en_GB.UTF-8"}, "en"),
        ((), {"LANG": "C.UTF-8"}, "en"),
        ((), {"LANG": "lv_LV.UTF-8", "LC_ALL": "C"}, "en"),
        ((), {"LANG": "en_GB.UTF-8", "OUR_LANG": "lv"}, "lv"),
        (("inbox", "--lang", "en"), {"OUR_LANG": "lv"}, "en"),
        (("--lang=lv", "inbox"), {"LANG": "en_GB"}, "lv"),
    ],
)
def test_the_language_is_the_one_wished(
    words: tuple[str, ...], environment: dict[str, str], language: str
) -> None:
    assert wished_language(words, environment, "OUR_LANG") == language


@pytest.mark.parametrize(
    ("environment", "latvian"), [({"LANG": ""}, True), ({"LANG": "ru_RU"}, True), ({"LANG": "en_GB"}, False)]
)
def test_each_speaks_latvian_unless_something_else_is_wished(
    tmp_path: Path, environment: dict[str, str], *, latvian: bool
) -> None:
    refused = (("hub", "deadline", "x", "--days", "1"), ("saikne", "inbox"), ("agis-sync", "check"))
    told = [run(tmp_path, *words, **environment).stderr.decode() for words in refused]
    assert [bool(re.search("[āčēģīķļņšūž]", one)) for one in told] == [latvian] * 3, told


def test_the_wish_for_a_language_may_stand_anywhere() -> None:
    assert without_language(["--lang", "lv", "inbox"]) == ["inbox"]
    assert without_language(["inbox", "--json", "--lang=en"]) == ["inbox", "--json"]
