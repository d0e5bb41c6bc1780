"""An operator's file of courts is read as offices write them, and refused where it says something else."""

import pytest

from hub.transfers.court_file import CourtFileMalformed, read_courts
from saikne_schemas.brought import Brought

READ = {
    "LV-059": {"registration_number": "90000038741", "email": "m@example.org"},
    "LV-RIX": {"postal_address": "Parauga iela 1, Rīga"},
}


@pytest.mark.parametrize(
    "text",
    [
        (
            "court,registration_number,email,postal_address\nLV-059,90000038741,m@example.org,\n"
            'LV-RIX,,,"Parauga iela 1, Rīga"\n'
        ),
        (
            "\ufeffcourt;registration_number;email;postal_address\r\nLV-059;90000038741;m@example.org;\r\n"
            "LV-RIX;;;Parauga iela 1, Rīga\r\n"
        ),
        (
            '[{"court": "LV-059", "registration_number": "90000038741", "email": " m@example.org "},'
            ' {"court": "LV-RIX", "email": null, "postal_address": "Parauga iela 1, Rīga"}]'
        ),
    ],
    ids=["commas", "a spreadsheet's", "JSON"],
)
def test_a_list_is_read_and_an_empty_cell_changes_nothing(text: str) -> None:
    assert read_courts(Brought(text.encode())) == READ


@pytest.mark.parametrize(
    ("raw", "row"),
    [
        (b"{}", 0),
        (b'["LV-059"]', 1),
        (b'[{"court": "LV-059"}, {"court": 59}]', 2),
        (b"court,email\n,m@example.org\n", 1),
        (b"court,email\nLV-059,\nLV-059,m@example.org\n", 2),
        (b'[{"court": "LV-059", "phone": "1"}]', 1),
    ],
)
def test_what_is_no_list_of_courts_is_refused_with_its_row(raw: bytes, row: int) -> None:
    with pytest.raises(CourtFileMalformed) as refusal:
        read_courts(Brought(raw))
    assert refusal.value.facts == {"row": row}
