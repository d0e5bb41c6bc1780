"""Days are read as people and as programs write them, by every option of every verb."""

from datetime import date, datetime
from typing import Any

import pytest
import typer

from saikne.command.given import day, moment, month
from saikne.command.speech import Console, speak_in
from saikne.command.training import _session
from saikne.problems import HubRefusal
from saikne_schemas.moments import RIGA
from tests.client.printed import verbs

DAYS = ("2026-11-10", "10.11.2026", "10.11.2026.")
MOMENTS = ("2026-11-10 09:15", "2026-11-10T09:15", "10.11.2026 09:15", "10.11.2026. 9.15", "10.11.2026 9:15")


def dated() -> list[tuple[str, Any]]:
    """Every parameter whose value is a day or a moment."""
    return [
        (f"{path} {one.opts[0]}", one)
        for path, verb in verbs()
        for one in verb.params
        if {date, datetime}
        & {one.type_descriptor.annotation, *getattr(one.type_descriptor.annotation, "__args__", ())}
    ]


def test_every_option_that_takes_a_day_reads_it_in_one_way() -> None:
    assert len(dated()) > 30
    readers = {where: one.type_descriptor.parameter_info.parser for where, one in dated()}
    assert [where for where, reader in readers.items() if reader not in {day, moment}] == []
    months = [one for _, verb in verbs() for one in verb.params if one.name == "month"]
    assert len(months) > 1
    assert {one.type_descriptor.parameter_info.parser for one in months} == {month}


@pytest.mark.parametrize(("where", "parameter"), dated())
def test_each_reads_what_people_and_programs_write(where: str, parameter: Any) -> None:
    reader = parameter.type_descriptor.parameter_info.parser
    written = DAYS if reader is day else (*MOMENTS, *DAYS)
    read = {str(reader(one))[:10] for one in written}
    assert read == {"2026-11-10"}, where
    with pytest.raises(typer.BadParameter):
        reader("10/11/2026")
    with pytest.raises(typer.BadParameter):
        reader("31.11.2026")


def test_an_hour_is_of_the_clock_in_riga() -> None:
    assert {moment(one) for one in MOMENTS} == {datetime(2026, 11, 10, 9, 15, tzinfo=RIGA)}


@pytest.mark.parametrize("written", ["2026-11", "11.2026", "11.2026."])
def test_a_month_too(written: str) -> None:
    assert month(written) == "2026-11"


@pytest.mark.parametrize(
    "written", ["2026-11-10 09:00-12:30", "10.11.2026 9.00-12.30", "10.11.2026. 9:00–12:30"]
)
def test_and_the_hours_of_a_session(written: str) -> None:
    assert _session(written).model_dump(mode="json") == {
        "on": "2026-11-10",
        "begins": "09:00",
        "ends": "12:30",
    }


REFUSED = {
    "days.before-cause": {"day": "2026-09-30", "not_before": "2026-10-02"},
    "days.in-the-future": {"day": "2026-12-01T09:15:00+02:00", "today": "2026-11-30T10:00:00+02:00"},
    "days.out-of-range": {"day": "1926-11-30", "first": "2018-07-01", "last": "2026-11-30"},
}


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("code", REFUSED)
def test_a_day_that_is_refused_is_told_with_the_days_that_fit(
    code: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    speak_in(language)
    Console(as_json=False).problem(HubRefusal(code, "t", 422, detail="d", facts=REFUSED[code]))
    said = capsys.readouterr().err
    for one in REFUSED[code].values():
        written = date.fromisoformat(one[:10])
        assert f"{written:%d.%m.%Y}" in said
        assert one not in said
