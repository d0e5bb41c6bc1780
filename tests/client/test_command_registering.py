"""`saikne register-worksheet`: what is typed into AĢIS; who the family is stays on this computer."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest

from saikne.installation import Installation
from saikne_schemas.examples.family_moves import EXAMPLES
from saikne_schemas.examples.matters import MATTER, REGISTER
from saikne_schemas.family_moves import FamilyMoveView
from tests.client.command_line import Centre
from tests.client.hub_peer import HubPeer

PERSONAL = ("Anna", "Bērziņa", "Uldis", "Ņikiforovs", "16117519997", "161175-19997", "328673", "AGIS-4711")
TYPED = (
    *("--agis-id", "AGIS-4711", "--spouse", "Anna Bērziņa;161175-19997", "--specialised", "disability"),
    *("--child", "AG-7741-B1=Uldis Ņikiforovs;328673-00679"),
)
IN_LATVIAN = f"""\
Darba lapa audžuģimenes pārejas ievadei AĢIS: AG-7741 ({MATTER})
Metodikā noteiktais termiņš:
  08.04.2026  kalendārs bez pārceltajām darba dienām; pēc tā skaita šis centrs
  09.04.2026  kalendārs ar pārceltajām darba dienām, salīdzinājumam
  1. Audžuģimenes numurs AĢIS: AGIS-4711
  2. 1. laulātais, personas kods: 161175-19997
  3. 1. laulātais, vārds, uzvārds: Anna Bērziņa
  4. Iepriekšējais atbalsta centrs: Mēness, Mēness, reģ.\u00a0Nr.\u00a040008000102
  5. Jaunais atbalsta centrs: Saule, Saule, reģ.\u00a0Nr.\u00a040008000102
  6. Vienošanās ar audžuģimeni, numurs: V-2026/31
  7. Vienošanās ar audžuģimeni, datums: 09.03.2026
  8. Pārejas datums: 01.04.2026
  9. Specializētā audžuģimene: jā: bērnam ar invaliditāti
 10. 1. bērns (AG-7741-B1), personas kods: 328673-00679
 11. 1. bērns (AG-7741-B1), vārds, uzvārds: Uldis Ņikiforovs
Darba lapa pati pienākumu neizpilda. Kad pāreja ievadīta AĢIS, atzīmējiet to:
  saikne move registered {MATTER}
"""
IN_ENGLISH = f"""\
Worksheet for entering a foster family's move in AĢIS: AG-7741 ({MATTER})
Term set by the method:
  08.04.2026  statutory calendar; this centre counts by it
  09.04.2026  calendar with moved days, for comparison
  1. Family's number in AĢIS: AGIS-4711
  2. Spouse 1, personal code: 161175-19997
  3. Spouse 1, name: Anna Bērziņa
  4. Previous support centre: Mēness, Mēness, reg.\u00a0No.\u00a040008000102
  5. New support centre: Saule, Saule, reg.\u00a0No.\u00a040008000102
  6. Agreement with the family, number: V-2026/31
  7. Agreement with the family, date: 09.03.2026
  8. Date of the move: 01.04.2026
  9. Specialised foster family: yes: for a child with disability
 10. Child 1 (AG-7741-B1), personal code: 328673-00679
 11. Child 1 (AG-7741-B1), name: Uldis Ņikiforovs
The worksheet itself meets nothing. Once the move is entered in AĢIS, record it:
  saikne move registered {MATTER}
"""


@pytest.fixture
def view(peer: HubPeer, saule: Centre, meness: Centre) -> dict[str, Any]:
    """A move from Mēness to Saule, whose day is fixed."""
    shown: dict[str, Any] = deepcopy(EXAMPLES[FamilyMoveView])
    for party, centre in zip(shown["parties"], (saule, meness), strict=True):
        party["centre"] = str(Installation.at(centre.home).centre)
    shown["duties"] = [REGISTER | {"alt_due_on": "2026-04-09"}]
    peer.matters[f"/v1/family-moves/{MATTER}"] = shown
    peer.seen.clear()
    return shown


def facts_in(folder: Path, **changes: object) -> str:
    said: dict[str, object] = {
        "agis_id": "AGIS-4711",
        "spouses": [{"name": "Anna Bērziņa", "code": "16117519997"}],
        "children": {"AG-7741-B1": {"name": "Uldis Ņikiforovs", "code": "328673-00679"}},
        "specialised": "disability",
    }
    file = folder / "facts.json"
    file.write_text(json.dumps({**said, **changes}), encoding="utf-8")
    return str(file)


@pytest.mark.usefixtures("view")
@pytest.mark.parametrize(("language", "whole"), [("lv", IN_LATVIAN), ("en", IN_ENGLISH)])
def test_the_sheet_is_shown_in_the_order_of_entry(saule: Centre, language: str, whole: str) -> None:
    told = saule("register-worksheet", MATTER, *TYPED, "--lang", language)
    assert (told.code, told.out, told.err) == (0, whole, "")


@pytest.mark.usefixtures("view")
def test_a_file_says_the_same_and_what_is_typed_counts(saule: Centre, tmp_path: Path) -> None:
    facts = facts_in(tmp_path)
    assert saule("register-worksheet", MATTER, "--facts", facts, "--lang", "lv").out == IN_LATVIAN
    other = saule.done("register-worksheet", MATTER, "--facts", facts, "--agis-id", "AGIS-12")
    assert {row["field"]: row["value"] for row in other["rows"]}["agis_id"] == "AGIS-12"
    assert other["due"] == [
        {"calendar": "statutory", "on": "2026-04-08", "own": True},
        {"calendar": "moved", "on": "2026-04-09", "own": False},
    ]


@pytest.mark.usefixtures("view")
def test_the_sheet_is_written_privately_and_nothing_of_it_is_sent_or_kept(
    peer: HubPeer, saule: Centre, tmp_path: Path
) -> None:
    file = tmp_path / "lapa.pdf"
    before = {path: path.read_bytes() for path in saule.home.rglob("*") if path.is_file()}
    made = saule.done("register-worksheet", MATTER, *TYPED, "--to", str(file))
    assert (made["matter"], made["file"]) == (MATTER, str(file))
    document = pypdfium2.PdfDocument(file)
    said = document[0].get_textpage().get_text_range()
    document.close()
    assert "Anna Bērziņa" in said
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(peer.calls("GET", f"/v1/family-moves/{MATTER}")) == 1
    for call in peer.seen:
        told = " ".join([call.target, *call.headers.values(), call.body.decode()])
        assert not [part for part in PERSONAL if part in told]
    after = {path: path.read_bytes() for path in saule.home.rglob("*") if path.is_file()}
    assert not [part for part in PERSONAL if part.encode() in b"".join(after.values())]
    assert set(after) == set(before)


@pytest.mark.usefixtures("view")
def test_a_doubtful_check_digit_is_said_and_stops_nothing(saule: Centre) -> None:
    told = saule("register-worksheet", MATTER, *TYPED[2:], "--spouse", "Jānis Kalns;161175-19990")
    assert told.code == 0
    assert "161175-19990  (check it: the last digit does not fit the others)" in told.out
    assert told.out.count("check it") == 1
    assert "not known; search by personal code" in told.out


def test_without_a_day_nothing_can_be_entered(view: dict[str, Any], saule: Centre, tmp_path: Path) -> None:
    view["content"]["effective_on"] = None
    view["duties"], file = [], tmp_path / "lapa.pdf"
    asked = ("register-worksheet", MATTER, *TYPED, "--to", str(file))
    assert saule.refused(*asked) == (2, "worksheet.no-day")
    assert not file.exists()
    told = saule(*asked, "--lang", "lv")
    assert told.err.startswith("Pārejas datums vēl nav noteikts: AĢIS to vēl nevar ievadīt.\nApskatiet,")
    assert told.out == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "previous"}, "worksheet.not-the-new-centre"),
        ({"state": "cancelled"}, "worksheet.move-cancelled"),
    ],
)
def test_who_has_nothing_to_enter_is_told_so(
    view: dict[str, Any], saule: Centre, changes: dict[str, str], code: str
) -> None:
    view.update(changes)
    assert saule.refused("register-worksheet", MATTER, *TYPED) == (2, code)


def test_a_move_that_is_entered_already_is_shown_with_a_word_of_it(
    view: dict[str, Any], saule: Centre
) -> None:
    at = "2026-04-03T08:00:00Z"
    met = {"ended_at": at, "ending": "met", "met_at": at, "met_on": "2026-04-02", "met_late_by": 0}
    earlier = {"id": str(uuid4()), "due_on": "2026-03-05"}
    withdrawn = {"id": str(uuid4()), "due_on": "2026-05-06", "ended_at": "2026-04-09T08:00:00Z"}
    view["duties"] = [
        REGISTER | met | earlier | {"ended_at": "2026-03-03T08:00:00Z", "met_at": "2026-03-03T08:00:00Z"},
        REGISTER | met,
        REGISTER | withdrawn | {"ending": "withdrawn"},
    ]
    view["content"]["registered"] = {"registered_on": "2026-04-02"}
    told = saule("register-worksheet", MATTER, *TYPED)
    assert told.err == "The move is already recorded as entered in AĢIS on 02.04.2026.\n"
    assert "  08.04.2026  statutory calendar" in told.out


@pytest.mark.usefixtures("view")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (TYPED[:2], "worksheet.incomplete"),
        (TYPED[:-2], "worksheet.incomplete"),
        ((*TYPED, "--child", "AG-7741-B9=Anna Kalna;321288-18882"), "worksheet.child-not-of-the-move"),
        ((*TYPED, "--spouse", "Jānis Kalns"), "input.refused"),
        ((*TYPED, "--spouse", "Jānis Kalns;161375-19997"), "input.refused"),
        ((*TYPED, "--child", "Anna=Anna Kalna;328673-00679"), "input.refused"),
        ((*TYPED, "--spouse", "A;161175-19997", "--spouse", "B;161175-19997"), "input.refused"),
        ((*TYPED, "--facts", "absent.json"), "file.refused.missing"),
        ((*TYPED, "--specialised", "perhaps"), "usage.wrong"),
    ],
)
def test_what_cannot_be_entered_so_is_refused(
    saule: Centre, tmp_path: Path, words: tuple[str, ...], code: str
) -> None:
    file = tmp_path / "lapa.pdf"
    assert saule.refused("register-worksheet", MATTER, *words, "--to", str(file)) == (2, code)
    assert not file.exists()


@pytest.mark.usefixtures("view")
@pytest.mark.parametrize(
    "changes",
    [
        {"agis": "4711"},
        {"spouses": [{"name": "Anna Bērziņa", "code": "161375-19997"}]},
        {"spouses": [{"name": "Anna\nBērziņa", "code": "161175-19997"}]},
        {"specialised": "perhaps"},
    ],
)
def test_a_file_that_says_something_else_is_refused_without_repeating_it(
    saule: Centre, tmp_path: Path, changes: dict[str, object]
) -> None:
    facts = facts_in(tmp_path, **changes)
    told = saule("register-worksheet", MATTER, "--facts", facts)
    assert (told.code, told.out) == (2, "")
    assert "(input.refused)" in told.err
    assert not [part for part in (*PERSONAL, "161375") if part in told.err]


@pytest.mark.usefixtures("view")
def test_what_is_lacking_is_named_and_a_wrong_code_is_explained(saule: Centre) -> None:
    assert (
        "The worksheet lacks:\n  --spouse\n  --child AG-7741-B1=\n  --specialised\n"
        in saule("register-worksheet", MATTER).err
    )
    told = saule(
        "register-worksheet", MATTER, *TYPED, "--spouse", "Anna Bērziņa;161375-19997", "--lang", "lv"
    )
    assert "--spouse 2. personas kods: personas kods sākas ar dzimšanas datumu" in told.err


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("[]", ["  jābūt objektam figūriekavās"]),
        ('{"spouses": [{"name": "Anna"}]}', ["  spouses.0.code: trūkst"]),
        ('{"specialised": "yes"}', ["  specialised: nav sarakstā; derīgās vērtības rāda --help"]),
        (
            '{"agis_id": 1, "spouses": {}, "wife": 1}',
            [
                "  agis_id: jābūt tekstam pēdiņās",
                "  spouses: jābūt sarakstam kvadrātiekavās",
                "  wife: šāda lauka nav",
            ],
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said_in_latvian(
    saule: Centre, tmp_path: Path, written: str, lines: list[str]
) -> None:
    (tmp_path / "facts.json").write_text(written)
    told = saule("register-worksheet", MATTER, "--facts", str(tmp_path / "facts.json"), "--lang", "lv")
    assert told.code == 2
    assert told.err.splitlines()[1:-2] == lines
