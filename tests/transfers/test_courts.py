"""Orphans' courts: which serves which territory on a day, what each is called, how one may be entered."""

from datetime import date

import pytest

from hub.kernel.refusal import Refusal
from hub.transfers.courts import (
    Court,
    Directory,
    Served,
    TerritoryUnknown,
    entered,
    from_the_start,
    given_to,
)

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
COURTS = from_the_start()
LV_059 = COURTS.court("LV-059")


def names(on: date) -> list[str]:
    return [served.name for _, territories in COURTS.in_force(on) for served in territories]


def with_changes(changed: tuple[Served, ...]) -> Directory:
    keys = {(one.territory, one.valid_from) for one in changed}
    kept = [one for one in COURTS.served if (one.territory, one.valid_from) not in keys]
    return Directory(COURTS.courts, (*kept, *changed))


@pytest.mark.parametrize(
    ("on", "territories"),
    [(date(2021, 6, 30), 0), (date(2021, 7, 1), 43), (BEFORE, 43), (AFTER, 42), (date(2026, 1, 1), 42)],
)
def test_there_are_as_many_territories_as_the_law_says(on: date, territories: int) -> None:
    assert len(names(on)) == len(set(names(on))) == territories
    assert len(COURTS.in_force(on)) == territories


def test_seven_of_the_territories_are_state_cities() -> None:
    cities = [name for name in names(AFTER) if name == "Rīga" or name.endswith("valstspilsēta")]
    assert len(cities) == 7
    assert all(name.endswith(" novads") for name in set(names(AFTER)) - set(cities))


def test_varaklani_is_served_by_madona_since_it_was_merged() -> None:
    served = [COURTS.serving("LV-102", on) for on in (BEFORE, AFTER, date(2026, 11, 22))]
    assert [court and court.name for court in served] == [
        "Varakļānu novada bāriņtiesa",
        "Madonas novada bāriņtiesa",
        "Madonas novada bāriņtiesa",
    ]
    assert "Varakļānu novads" in names(BEFORE)
    assert "Varakļānu novads" not in names(AFTER)


def test_before_the_reform_nothing_is_known() -> None:
    assert COURTS.serving("LV-059", date(2021, 6, 30)) is None
    assert COURTS.serving("LV-102", date(2021, 6, 30)) is None


def test_a_territory_that_never_was_is_refused() -> None:
    with pytest.raises(TerritoryUnknown):
        COURTS.serving("LV-999", AFTER)


@pytest.mark.parametrize(
    ("territory", "name"),
    [
        ("LV-RIX", "Rīgas bāriņtiesa"),
        ("LV-JEL", "Jelgavas valstspilsētas bāriņtiesa"),
        ("LV-DGV", "Daugavpils valstspilsētas bāriņtiesa"),
        ("LV-VEN", "Ventspils valstspilsētas bāriņtiesa"),
        ("LV-052", "Ķekavas novada bāriņtiesa"),
        ("LV-011", "Ādažu novada bāriņtiesa"),
        ("LV-022", "Cēsu novada bāriņtiesa"),
        ("LV-042", "Jēkabpils novada bāriņtiesa"),
        ("LV-088", "Saldus novada bāriņtiesa"),
        ("LV-087", "Salaspils novada bāriņtiesa"),
        ("LV-111", "Augšdaugavas novada bāriņtiesa"),
        ("LV-112", "Dienvidkurzemes novada bāriņtiesa"),
        ("LV-113", "Valmieras novada bāriņtiesa"),
        ("LV-073", "Preiļu novada bāriņtiesa"),
    ],
)
def test_a_court_is_called_by_its_territory_in_the_genitive(territory: str, name: str) -> None:
    court = COURTS.serving(territory, AFTER)
    assert court is not None
    assert court.name == name


def test_courts_are_listed_in_the_order_of_the_alphabet() -> None:
    listed = [court.name.partition(" ")[0] for court, _ in COURTS.in_force(AFTER)]
    assert listed[:4] == ["Ādažu", "Aizkraukles", "Alūksnes", "Augšdaugavas"]
    assert listed[-1] == "Ventspils"


def test_a_joint_court_serves_several_territories_from_its_first_day() -> None:
    joined = with_changes(given_to(COURTS, "LV-041", "LV-JEL", date(2027, 1, 1)))
    days = (date(2026, 12, 31), date(2027, 1, 1))
    assert [len(joined.in_force(on)) for on in days] == [42, 41]
    assert [court and court.code for court in (joined.serving("LV-041", on) for on in days)] == [
        "LV-041",
        "LV-JEL",
    ]
    of_the_joint = next(served for court, served in joined.in_force(days[1]) if court.code == "LV-JEL")
    assert [one.name for one in of_the_joint] == ["Jelgavas novads", "Jelgavas valstspilsēta"]


def test_a_joint_court_of_a_wrong_day_is_corrected_from_the_same_day() -> None:
    joined = with_changes(given_to(COURTS, "LV-041", "LV-JEL", date(2027, 1, 1)))
    (corrected,) = given_to(joined, "LV-041", "LV-041", date(2027, 1, 1))
    assert (corrected.court, corrected.valid_from, corrected.valid_to) == ("LV-041", date(2027, 1, 1), None)


@pytest.mark.parametrize(
    ("territory", "court", "first_day", "code"),
    [
        ("LV-999", "LV-JEL", AFTER, "transfers.territory-unknown"),
        ("LV-041", "LV-999", AFTER, "transfers.court-unknown"),
        ("LV-102", "LV-059", date(2027, 1, 1), "transfers.territory-ended"),
        ("LV-041", "LV-041", date(2027, 1, 1), "transfers.court-serves-already"),
        ("LV-041", "LV-JEL", date(2021, 6, 30), "transfers.court-changed-since"),
    ],
)
def test_a_change_that_cannot_be_is_refused(territory: str, court: str, first_day: date, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        given_to(COURTS, territory, court, first_day)
    assert refusal.value.code == code


def test_what_is_entered_stands_beside_what_was_there() -> None:
    known = entered(LV_059, {"registration_number": "90000038741", "email": "b@example.org"}, BEFORE)
    renamed = entered(known, {"name": "Vidzemes bāriņtiesa", "email": ""}, AFTER)
    assert renamed == Court("LV-059", "Vidzemes bāriņtiesa", "90000038741", None, None, AFTER)
    assert (LV_059.e_address, renamed.e_address) == (None, "_DEFAULT@90000038741")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " Madonas novada bāriņtiesa"),
        ("name", "b" * 161),
        ("registration_number", "90000038742"),
        ("email", "barintiesa"),
        ("postal_address", "Iela 1\nMadona"),
        ("phone", "+37164860100"),
    ],
)
def test_what_cannot_be_so_is_refused(field: str, value: str) -> None:
    with pytest.raises(Refusal) as refusal:
        entered(LV_059, {field: value}, AFTER)
    assert (refusal.value.code, refusal.value.facts) == (
        "transfers.court-field-invalid",
        {"court": "LV-059", "field": field},
    )
