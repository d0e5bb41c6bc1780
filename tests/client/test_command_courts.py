"""`saikne courts` and `saikne court-letter`: whom to tell, and the letter that stays on this computer."""

import io
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.client.command_line import Centre
from tests.client.hub_peer import HubPeer

LINK = "https://latvija.lv/lv/Eaddress/write?address=_default@90000038741"
LETTER = (
    *("court-letter", "--reference", "AG-2001", "--previous", "Mēness", "--moved-on", "2026-07-01"),
    *("--signer", "Ilze Kalna;vadītāja", "--date", "2026-07-02"),
)
NAMED = ("--family", "Anna Bērziņa", "--family", "Jānis Ķēniņš")


def court(code: str, name: str, territory: str, **contacts: str) -> dict[str, Any]:
    served = [{"code": code, "name": territory, "valid_from": "2021-07-01", "valid_to": None}]
    return {"code": code, "name": name, "territories": served, **contacts}


@pytest.fixture(autouse=True)
def _courts(peer: HubPeer) -> None:
    number = "90000038741"
    reached = {"registration_number": number, "e_address": f"_DEFAULT@{number}", "email": "b@example.org"}
    peer.courts += [
        court("LV-059", "Madonas novada bāriņtiesa", "Madonas novads", **reached),
        court("LV-041", "Jelgavas novada bāriņtiesa", "Jelgavas novads"),
        court("LV-JEL", "Jelgavas valstspilsētas bāriņtiesa", "Jelgavas valstspilsēta"),
    ]


def said_in(file: Path) -> str:
    document = pypdfium2.PdfDocument(file)
    said = " ".join(document[0].get_textpage().get_text_range().split())
    document.close()
    return said


def test_the_courts_are_listed_with_how_they_are_reached(saule: Centre) -> None:
    lines = saule("courts").out.splitlines()
    assert lines[0].split("  ")[0] == "LV-059"
    assert lines[0].endswith("_DEFAULT@90000038741  b@example.org")
    assert lines[1].split() == ["LV-041", "Jelgavas", "novada", "bāriņtiesa", "-", "-"]


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("jelgavas", ["LV-041", "LV-JEL"]),
        ("Jelgavas novads", ["LV-041"]),
        ("lv-jel", ["LV-JEL"]),
    ],
)
def test_the_courts_of_a_territory_are_found_by_code_or_name(
    saule: Centre, written: str, codes: list[str]
) -> None:
    assert [one["code"] for one in saule.done("courts", "--territory", written)] == codes


def test_the_courts_of_another_day_are_asked_for(peer: HubPeer, saule: Centre) -> None:
    saule.done("courts", "--on", "2025-06-30", "--territory", "LV-059")
    assert peer.calls("GET", "/v1/courts")[0].target == "/v1/courts?territory=LV-059&on=2025-06-30"


def test_a_letter_is_written_where_it_is_wished_and_a_link_begins_the_message(
    peer: HubPeer, saule: Centre, meness: Centre, tmp_path: Path
) -> None:
    assert meness.done("centres")
    file = tmp_path / "vestule.pdf"
    made = saule.done(*LETTER, *NAMED, "--court", "Madonas", "--child", "AG-2001-B1", "--to", str(file))
    assert made == {"file": str(file), "court": "LV-059", "e_address_link": LINK}
    said = said_in(file)
    assert "Madonas novada bāriņtiesai" in said
    assert "Audžuģimene Anna Bērziņa, Jānis Ķēniņš" in said
    assert "Vadītāja Ilze Kalna" in said
    assert file.stat().st_mode & 0o777 == 0o600
    for call in peer.seen:
        told = " ".join([call.target, *call.headers.values(), call.body.decode()])
        assert not [name for name in ("Anna", "Bērziņa", "AG-2001") if name in told]


@pytest.mark.usefixtures("meness")
def test_names_that_are_not_given_are_asked_for(
    saule: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vestule.pdf"
    monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO("\ufeffLīga Žagare, Uldis Žagars\n".encode()))
    )
    told = saule(*LETTER, "--court", "LV-JEL", "--to", str(file))
    assert "Audžuģimene Līga Žagare, Uldis Žagars" in said_in(file)
    assert "does not know the court's e-address" in told.out
    assert "Žagar" not in told.out + told.err


@pytest.mark.usefixtures("meness")
def test_the_centre_s_own_marking_is_used(saule: Centre, tmp_path: Path) -> None:
    (saule.home / "marking.txt").write_text("\ufeffDIENESTA VAJADZĪBĀM\nPamats: nolikums\n")
    by_file, by_option = tmp_path / "file.pdf", tmp_path / "option.pdf"
    saule.done(*LETTER, *NAMED, "--court", "LV-059", "--to", str(by_file))
    saule.done(*LETTER, *NAMED, "--court", "LV-059", "--marking", "IEROBEŽOTA", "--to", str(by_option))
    assert said_in(by_file).startswith("DIENESTA VAJADZĪBĀM Pamats: nolikums")
    assert said_in(by_option).startswith("IEROBEŽOTA Saule")


@pytest.mark.usefixtures("meness")
def test_no_letter_goes_without_a_marking(saule: Centre, tmp_path: Path) -> None:
    (saule.home / "marking.txt").write_text(" \n")
    file = tmp_path / "vestule.pdf"
    saule.done(*LETTER, *NAMED, "--court", "LV-059", "--to", str(file))
    assert said_in(file).startswith("IEROBEŽOTAS PIEEJAMĪBAS INFORMĀCIJA Pamats: ")


@pytest.mark.usefixtures("meness")
@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (("--court", "Kuldīgas"), (2, "court.unknown")),
        (("--court", "Jelgavas"), (2, "court.ambiguous")),
        (("--court", "LV-999"), (1, "transfers.territory-unknown")),
        (("--court", "LV-059", "--previous", "Saule"), (2, "letter.same-centre")),
        (("--court", "LV-059", "--previous", "Zvaigzne"), (2, "centre.unknown")),
        (("--court", "LV-059", "--signer", "Ilze Kalna"), (2, "input.refused")),
        (("--court", "LV-059", "--family", " "), (2, "letter.nobody-named")),
    ],
)
def test_a_letter_that_cannot_be_right_is_not_written(
    saule: Centre, tmp_path: Path, words: tuple[str, ...], refused: tuple[int, str]
) -> None:
    file = tmp_path / "vestule.pdf"
    assert saule.refused(*LETTER, *NAMED, *words, "--to", str(file)) == refused
    assert not file.exists()


@pytest.mark.usefixtures("meness")
def test_a_letter_that_is_there_is_not_overwritten(saule: Centre, tmp_path: Path) -> None:
    file = tmp_path / "vestule.pdf"
    file.write_bytes(b"signed already")
    assert saule.refused(*LETTER, *NAMED, "--court", "LV-059", "--to", str(file))[1] == "home.already-there"
    assert file.read_bytes() == b"signed already"
