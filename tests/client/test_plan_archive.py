"""A plan is packed for its family so that nothing but the password opens it, and nothing outside names it."""

import os
import subprocess
from pathlib import Path

import pytest
from pyzipper import AESZipFile
from pyzipper.zipfile_aes import WZ_AES_V2

from saikne.plan_archive import AddressNotRead, masked, pack_plan
from saikne_schemas.brought import FileFaulty
from tests.client.command_line import Centre
from tests.peers.seven_zip import seven_zip

NAME = "Žanetes Mežvējiņas plāns"
TEXT = "Žanete Mežvējiņa piedalās mācībās".encode() * 1000


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    plan, annex = tmp_path / f"{NAME}.DOCX", tmp_path / "pielikums"
    plan.write_bytes(TEXT)
    annex.write_bytes(b"annex")
    return [plan, annex]


def test_an_archive_opens_with_its_password_in_another_program(files: list[Path], tmp_path: Path) -> None:
    packed = pack_plan(files, tmp_path / "out")
    password = packed.password_file.read_text().strip()
    into = tmp_path / "opened"
    command = [seven_zip(), "x", "-y", f"-p{password}", f"-o{into}", str(packed.archive)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert sorted(path.name for path in into.iterdir()) == ["01.docx", "02"]
    assert (into / "01.docx").read_bytes() == TEXT
    wrong = [part.replace(password, "0000-0000-0000-0000") for part in command]
    assert subprocess.run(wrong, capture_output=True, check=False).returncode != 0


def test_every_entry_is_encrypted_by_aes_256_and_tells_no_name_nor_time(
    files: list[Path], tmp_path: Path
) -> None:
    packed = pack_plan(files, tmp_path / "out")
    with AESZipFile(packed.archive) as opened:
        for entry in opened.infolist():
            assert (entry.wz_aes_version, entry.wz_aes_strength, entry.CRC) == (WZ_AES_V2, 3, 0)
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    raw = packed.archive.read_bytes()
    assert "Mežvējiņ".encode() not in raw
    assert packed.password_file.read_bytes().strip() not in raw


def test_a_password_is_new_each_time_and_its_owners_only(files: list[Path], tmp_path: Path) -> None:
    packed = [pack_plan(files, tmp_path / "out") for _ in range(2)]
    passwords = {one.password_file.read_text() for one in packed}
    assert len(passwords) == 2
    assert all(len(password.strip().replace("-", "")) == 16 for password in passwords)
    if os.name == "posix":
        assert {one.password_file.stat().st_mode & 0o777 for one in packed} == {0o600}


def test_a_file_that_cannot_be_read_leaves_no_archive(tmp_path: Path) -> None:
    with pytest.raises(FileFaulty):
        pack_plan([tmp_path / "missing.pdf"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("address", "mask"),
    [
        ("zanete@example.lv", "z***@e***.lv"),
        (" A.B@mail.example.com ", "A***@m***.com"),
        ("9x@9.lv", "9***@9***.lv"),
    ],
)
def test_an_address_is_masked_before_it_leaves(address: str, mask: str) -> None:
    assert masked(address) == mask


@pytest.mark.parametrize("address", ["", "zanete", "@example.lv", "zanete@", "zan ete@example.lv", "a@b"])
def test_what_is_no_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(AddressNotRead) as refused:
        masked(address)
    assert refused.value.facts == {}


def test_the_command_packs_and_says_the_two_steps(saule: Centre, files: list[Path], tmp_path: Path) -> None:
    said = saule("plan", "pack", *map(str, files), "--to", str(tmp_path / "out"))
    assert said.code == 0
    first, second, third = said.out.splitlines()
    assert first.startswith("Step 1: send the archive to the e-mail address")
    assert second.startswith("Step 2: tell the password by another way")
    assert third.startswith("Then delete the password's file")
    (password,) = (tmp_path / "out").glob("*.parole.txt")
    assert password.read_text().strip() not in said.out + said.err


def test_the_empty_review_has_the_methods_scale_and_no_line_to_sign_on(saule: Centre) -> None:
    """Method S129: 1, 2, 3, n; not signed; it stays in the family's file."""
    said = saule("plan", "review-form", "--lang", "lv").out
    for part in (
        "1  atbilstošs",
        "2  daži sarežģījumi",
        "3  sarežģījumi būtiskāki par stiprajām pusēm",
        "n  pašlaik nav attiecināms",
        "1 / 2 / 3 / n",
        "Pārskatu neparaksta; tas glabājas audžuģimenes lietā.",
    ):
        assert part in said
    assert "Paraksts:" not in said


def test_the_empty_form_has_eight_fields_in_both_languages(saule: Centre) -> None:
    english, latvian = saule("plan", "form"), saule("plan", "form", "--lang", "lv")
    for said, last in (
        (english, "8. Mark of agreement with the family: date and manner:"),
        (latvian, "8. Atzīme par saskaņošanu ar audžuģimeni: datums un veids:"),
    ):
        numbered = [line for line in said.out.splitlines() if line[:1].isdigit()]
        assert (len(numbered), numbered[-1]) == (8, last)
