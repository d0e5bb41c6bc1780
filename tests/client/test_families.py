"""Which of a centre's own families another centre means, and what its files may say."""

import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from saikne.families import FamilyList, Sure, matches
from saikne.identity_files import (
    AddressesDiffer,
    CaseNotSaid,
    ChildNotAsked,
    Family,
    WhoNotSaid,
    families_from,
    identity_from,
)
from saikne.register_facts import PersonTwice
from saikne_schemas.brought import FileFaulty
from saikne_schemas.identities import Identity

HEADING = "case;who;number;name;code;address"
LIST = f"""{HEADING}
AG-1;spouse;;Žanete Mežvējiņa;329999-00011;Meža iela 3-1, Jelgava
AG-1;child;AG-1-B1;Tālivaldis Ļaudaviņš;329999-00055;
AG-2;spouse;;Žanete Mežvējiņa;;Pļavu iela 7, Saldus
AG-3;spouse;;Ansis Ozols;32999900099;
"""


def families(tmp_path: Path, text: str = LIST) -> dict[str, Family]:
    file = tmp_path / "families.csv"
    file.write_text(text, encoding="utf-8")
    return families_from(file)


def meant(**said: Any) -> Identity:
    return Identity.model_validate({"schema": "saikne.identity/1", **said})


def found(tmp_path: Path, **said: Any) -> list[tuple[str, Sure]]:
    return [(one.case, one.sure) for one in matches(meant(**said), families(tmp_path))]


def test_a_personal_code_decides_whatever_else_is_written(tmp_path: Path) -> None:
    spouse = {"name": "Žanete Cita", "code": "32999900011"}
    assert found(tmp_path, spouses=[spouse], address="Pļavu iela 7, Saldus") == [("AG-1", Sure.CODE)]


def test_a_childs_code_finds_its_family_and_the_centres_own_number(tmp_path: Path) -> None:
    child = {"reference": "B-0031", "name": "Tālivaldis Ļaudaviņš", "code": "32999900055"}
    (match,) = matches(meant(children=[child]), families(tmp_path))
    assert (match.case, match.sure, match.children) == ("AG-1", Sure.CODE, {"B-0031": "AG-1-B1"})


def test_a_name_with_its_address_is_likelier_than_the_name_alone(tmp_path: Path) -> None:
    spouse = {"name": "MEZVEJINA  Zanete"}
    assert found(tmp_path, spouses=[spouse], address="Saldus, Plavu iela 7") == [
        ("AG-2", Sure.NAME_AND_ADDRESS)
    ]
    assert found(tmp_path, spouses=[spouse]) == [("AG-1", Sure.NAME), ("AG-2", Sure.NAME)]


def test_the_same_name_beside_another_code_is_hardly_a_hint(tmp_path: Path) -> None:
    spouse = {"name": "Ansis Ozols", "code": "32999900098"}
    assert found(tmp_path, spouses=[spouse]) == [("AG-3", Sure.OTHER_CODE)]


def test_nobody_is_found_where_nothing_is_alike(tmp_path: Path) -> None:
    assert found(tmp_path, spouses=[{"name": "Kāds Cits"}], address="Meža iela 3-1, Jelgava") == []


def test_the_list_is_kept_for_its_owner_alone_and_a_new_one_takes_its_place(tmp_path: Path) -> None:
    kept = FamilyList(tmp_path / "home")
    assert kept.all() == {}
    kept.replace(families(tmp_path))
    assert kept.all() == families(tmp_path)
    (file,) = (tmp_path / "home").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept.replace(families(tmp_path, f"{HEADING}\nAG-9;laulātais;;Ilze Egle;;"))
    assert list(kept.all()) == ["AG-9"]


def test_a_file_of_a_registrations_facts_says_who_is_meant_too(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(
        '{"agis_id": "A-1", "specialised": "none",'
        ' "spouses": [{"name": "Ilze Egle", "code": "161175-19997"}],'
        ' "children": {"B-1": {"name": "Jānis Egle", "code": "32867300679"}}}',
        encoding="utf-8",
    )
    identity = identity_from(file, ["B-1"])
    assert [one.code for one in (*identity.spouses, *identity.children)] == ["16117519997", "32867300679"]
    assert identity.children[0].reference == "B-1"
    assert identity.address is None


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        ("AG-1;aunt;;Ilze Egle;;", WhoNotSaid),
        ("AG-1;child;;Ilze Egle;;", WhoNotSaid),
        ("AG-1;spouse;;Ilze Egle;;Rīga\nAG-1;spouse;;Juris Egle;;Saldus", AddressesDiffer),
        ("AG-1;spouse;;Ilze Egle;161175-19997;\nAG-1;child;B-1;Jānis Egle;16117519997;", PersonTwice),
        ("AG-1;child;B-1;Ilze Egle;;\nAG-1;child;B-1;Jānis Egle;;", PersonTwice),
        ("AG-1;spouse;;Ilze Egle;999999-99999;", ValidationError),
        ("AG-1;spouse;;Ilze Egle;161375-19997;", ValidationError),
        ("AG-1;spouse;;;;", ValidationError),
        ("AG-1;spouse;;A;;\nAG-1;spouse;;B;;\nAG-1;spouse;;C;;", ValidationError),
        ("AG-1;spouse;;A;;;B", FileFaulty),
        ("Ilze Egle", WhoNotSaid),
        (";spouse;;Ilze Egle;;", CaseNotSaid),
    ],
)
def test_a_row_that_does_not_say_who_it_is_of_is_refused(
    tmp_path: Path, rows: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        families(tmp_path, f"{HEADING}\n{rows}")


def test_a_heading_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFaulty):
        families(tmp_path, "case;who;name;surname\nAG-1;spouse;Ilze;Egle")


def test_a_child_that_is_not_asked_for_is_not_told(tmp_path: Path) -> None:
    file = tmp_path / "who.csv"
    file.write_text("who;name;number\nchild;Jānis Egle;B-1\n", encoding="utf-8")
    with pytest.raises(ChildNotAsked, match=r"^identity\.child-not-asked$"):
        identity_from(file, ["B-2"])
    assert identity_from(file, ["B-1", "B-2"]).children[0].name == "Jānis Egle"


def test_an_empty_file_names_nobody(tmp_path: Path) -> None:
    file = tmp_path / "who.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(ValidationError):
        identity_from(file, [])
