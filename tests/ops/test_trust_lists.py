"""`hub trust-lists` as an operator uses it: which lists are installed, and whether signatures are traced."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from saikne_schemas.command_line import Exit
from tests.peers import trusted_lists
from tests.peers.signing_people import service


def ran(folder: Path | None, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HUB_")}
    environment |= {"HUB_LANG": "en"} | ({"HUB_TRUST_LISTS": str(folder)} if folder else {})
    told = [sys.executable, "-m", "hub", "trust-lists", *words]
    return subprocess.run(told, env=environment, capture_output=True, text=True, check=False)


def test_lists_in_force_are_told_with_their_days(tmp_path: Path) -> None:
    folder = trusted_lists.install(tmp_path)
    people, programs = ran(folder), ran(folder, "--json")
    assert (people.returncode, programs.returncode) == (0, 0)
    line, verdict = people.stdout.splitlines()
    assert line.startswith("tl.xml  LV  issued ")
    assert verdict.endswith("in force.")
    told = json.loads(programs.stdout)
    assert (told["in_force"], [one["file"] for one in told["lists"]]) == (True, ["tl.xml"])
    assert told["lists"][0]["services"] == 2


@pytest.mark.parametrize("fault", ["out of date", "signed by another"])
def test_lists_that_lead_nowhere_end_with_one(tmp_path: Path, fault: str) -> None:
    late = timedelta(days=-1) if fault == "out of date" else timedelta(days=30)
    folder = trusted_lists.install(tmp_path, holds_for=late)
    if fault == "signed by another":
        (folder / "signers.pem").write_bytes(service().authority.pem)
    told = ran(folder)
    assert told.returncode == Exit.REFUSED
    assert ("out of date since" in told.stdout.splitlines()[0]) is (fault == "out of date")
    assert json.loads(ran(folder, "--json").stdout)["in_force"] is False


def test_a_list_that_is_none_is_told_as_such(tmp_path: Path) -> None:
    folder = trusted_lists.install(tmp_path)
    (folder / "tl.xml").write_text("<html>moved</html>")
    told = ran(folder)
    assert (told.returncode, "cannot be read" in told.stderr) == (Exit.BAD_INPUT, True)
    assert "Traceback" not in told.stderr


def test_without_lists_it_says_what_is_not_traced() -> None:
    told = ran(None)
    assert (told.returncode, "not traced" in told.stdout) == (0, True)
