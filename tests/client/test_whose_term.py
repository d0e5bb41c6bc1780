"""Of every duty each printed line and each table says whether the method names its term."""

import csv
import io
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hub.duties.duty import BY_THE_HUB
from saikne.wording import CATALOGUE
from saikne_schemas.catalogue import LANGUAGES
from saikne_schemas.examples.matters import REGISTER
from saikne_schemas.vocabulary import DutyKind
from tests.client.command_line import Centre
from tests.client.hub_peer import HubPeer

MEANING = {
    "lv": "* atgādinājuma datumu nosaka Saikne; metodikā termiņš nav noteikts",
    "en": "* the method names no term",
}
OWN = {"lv": "metodika termiņu nenosaka", "en": "the method names no term"}
KINDS = list(DutyKind)


@pytest.fixture(autouse=True)
def owed(peer: HubPeer) -> None:
    """One of each kind, as the hub says it."""
    shared: dict[str, Any] = REGISTER | {"stake": "owes", "working_days_left": 8}
    peer.duties = [
        shared | {"id": str(uuid4()), "kind": kind.value, "by_method": kind not in BY_THE_HUB}
        for kind in KINDS
    ]


def unlike(printed: str, language: str, mark: str) -> list[tuple[DutyKind, list[str]]]:
    """Kinds whose lines say the opposite; each has to have one."""
    found = []
    for kind in KINDS:
        name = CATALOGUE.text(f"duty.{kind.value}", language)
        lines = [
            line for line in printed.splitlines() if re.search(rf"(?<!\w){re.escape(name)}(?= \(|  |$)", line)
        ]
        if {mark in line for line in lines} != {kind in BY_THE_HUB}:
            found.append((kind, lines))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_duties_says_it_on_each_line(saule: Centre, language: str) -> None:
    assert unlike(saule("duties", "--lang", language).out, language, OWN[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_today_marks_each_day_and_says_what_the_mark_means(saule: Centre, language: str) -> None:
    printed = saule("today", "--lang", language).out
    assert unlike(printed, language, " * ") == []
    assert MEANING[language] in printed


@pytest.mark.parametrize("verb", ["today", "duties"])
@pytest.mark.parametrize(("language", "words"), [("lv", ("jā", "nē")), ("en", ("yes", "no"))])
def test_a_table_has_a_column_for_it(
    saule: Centre, tmp_path: Path, verb: str, language: str, words: tuple[str, str]
) -> None:
    file = tmp_path / "owed.csv"
    assert saule(verb, "--csv", str(file), "--lang", language).code == 0
    head, *rows = csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";")
    at, what = head.index(CATALOGUE.text("today.column.by-method", language)), 2
    assert {row[what]: row[at] for row in rows} == {
        CATALOGUE.text(f"duty.{kind.value}", language): words[kind in BY_THE_HUB] for kind in KINDS
    }
