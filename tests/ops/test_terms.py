"""`hub deadline` and `hub transfer-date`: one result a line, and bad dates named where they stand."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from hub.ops import terms
from hub.workdays.seed import seed_calendars

app = typer.Typer()
app.command("deadline")(terms.deadline)
app.command("transfer-date")(terms.transfer_date)

ALONE = """
import sys, typer
from hub.ops import terms
app = typer.Typer()
app.command("deadline")(terms.deadline)
app.command("transfer-date")(terms.transfer_date)
app(standalone_mode=len(sys.argv) < 2 or sys.argv[1] != "loaded", args=sys.argv[2:])
"""


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HUB_DATABASE_URL", raising=False)
    monkeypatch.delenv("HUB_LANG", raising=False)
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "C.UTF-8")


def hub(*arguments: str, stdin: bytes | str | None = None, **environment: str) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin, env=environment)


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_deadline_is_one_date_a_line() -> None:
    result = hub("deadline", "2026-11-09", "2026-12-14", "--days", "10")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "2026-11-24\n2026-12-30\n", "")


def test_a_deadline_by_the_moved_calendar_may_end_on_a_saturday() -> None:
    assert hub("deadline", "2026-06-10", "--days", "10", "--calendar", "moved").stdout == "2026-06-27\n"


def test_dates_are_read_from_standard_input_and_blank_lines_are_skipped() -> None:
    result = hub("deadline", "-", "--days", "3", stdin="\ufeff2026-01-05\n\n  2026-03-26 \r\n2026-11-14")
    assert result.stdout == "2026-01-08\n2026-03-31\n2026-11-19\n"


def test_arguments_and_standard_input_keep_their_order() -> None:
    result = hub("deadline", "2026-11-20", "-", "2026-11-14", "--days", "3", stdin="2026-01-05\n")
    assert result.stdout == "2026-11-25\n2026-01-08\n2026-11-19\n"


@pytest.mark.parametrize(
    ("notice", "line"),
    [
        ("2026-05-26", "on_time\t2026-06-01\t\n"),
        ("2026-05-27", "late\t2026-06-01\t2026-07-01\n"),
        ("2026-12-31", "late\t2027-01-01\t2027-02-01\n"),
    ],
)
def test_a_transfer_date_is_three_fields_and_the_third_is_empty_when_on_time(notice: str, line: str) -> None:
    assert hub("transfer-date", notice).stdout == line


def test_a_transfer_date_differs_by_calendar_in_june_2026() -> None:
    assert hub("transfer-date", "2026-06-26").stdout == "late\t2026-07-01\t2026-08-01\n"
    assert hub("transfer-date", "2026-06-26", "--calendar", "moved").stdout == "on_time\t2026-07-01\t\n"


def test_a_deadline_as_json_says_everything_it_rests_on() -> None:
    (told,) = objects(hub("deadline", "2026-01-05", "--days", "10", "--json"))
    explanation = told.pop("explanation")
    assert told == {
        "date": "2026-01-05",
        "working_days": 10,
        "due_on": "2026-01-19",
        "alt_due_on": "2026-01-17",
        "calendar": "statutory",
        "calendar_version": seed_calendars().statutory.version,
        "calendar_source": "seed",
        "confirmed": True,
        "alt_calendar": "moved",
        "alt_calendar_version": seed_calendars().moved.version,
        "alt_confirmed": True,
    }
    assert explanation[0] == {"date": "2026-01-06", "why": "working-day", "counted": 1}
    assert [one["counted"] for one in explanation if one["counted"]] == list(range(1, 11))


def test_a_transfer_date_as_json_says_everything_it_rests_on() -> None:
    (told,) = objects(hub("transfer-date", "2026-06-26", "--json"))
    assert told == {
        "date": "2026-06-26",
        "on_time": False,
        "effective_on": "2026-07-01",
        "latest_if_continued": "2026-08-01",
        "latest_on_time_notice": "2026-06-25",
        "last_working_days": ["2026-06-26", "2026-06-29", "2026-06-30"],
        "calendar": "statutory",
        "calendar_version": seed_calendars().statutory.version,
        "calendar_source": "seed",
        "confirmed": True,
        "alt_on_time": True,
        "alt_latest_if_continued": None,
        "alt_latest_on_time_notice": "2026-06-26",
        "alt_calendar": "moved",
        "alt_calendar_version": seed_calendars().moved.version,
        "alt_confirmed": True,
    }


@pytest.mark.parametrize(
    "bad", ["2026-02-30", "20260105", "2026-W01-1", "05.01.2026", "2026-1-5", "today", "٢٠٢٦-٠١-٠٥"]
)
def test_what_is_not_a_date_is_named_with_its_argument_and_the_form(bad: str) -> None:
    result = hub("deadline", "2026-01-05", bad, "2026-01-06", "--days", "3")
    assert (result.exit_code, result.stdout) == (2, "2026-01-08\n")
    assert result.stderr.startswith(f"argument 2: “{bad}” is not a date; the form is YYYY-MM-DD")


def test_what_is_not_a_date_is_named_with_its_line_and_earlier_results_stand() -> None:
    result = hub("transfer-date", "-", stdin="2026-05-26\n\nrīt\n2026-05-27\n")
    assert (result.exit_code, result.stdout) == (2, "on_time\t2026-06-01\t\n")
    assert result.stderr.startswith("line 3: “rīt” is not a date")


@pytest.mark.parametrize("noise", [b"\xff\xfe\x00\n", b"9" * 100_000])
def test_noise_on_standard_input_is_a_bad_date(noise: bytes) -> None:
    result = hub("deadline", "-", "--days", "3", stdin=noise)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr) < 1000


@pytest.mark.parametrize("environment", [{"HUB_LANG": "lv"}, {"LANG": "lv_LV.UTF-8"}])
def test_a_latvian_is_told_in_latvian(environment: dict[str, str]) -> None:
    result = hub("deadline", "rīt", "--days", "3", **environment)
    assert result.stderr.startswith("1. arguments: „rīt” nav datums; pieraksts ir GGGG-MM-DD")


def test_the_chosen_language_goes_before_the_machines() -> None:
    result = hub("deadline", "rīt", "--days", "3", "--lang", "en", LANG="lv_LV.UTF-8")
    assert result.stderr.startswith("argument 1: ")


def test_a_year_without_a_calendar_is_bad_input() -> None:
    result = hub("deadline", "2026-01-05", "9999-12-31", "--days", "3")
    assert (result.exit_code, result.stdout) == (2, "2026-01-08\n")
    assert result.stderr == "argument 2: The year 9999 is not in the calendar.\n"


@pytest.mark.parametrize("days", ["0", "-1", "367", "three"])
def test_a_term_without_sense_is_bad_input(days: str) -> None:
    assert hub("deadline", "2026-01-05", "--days", days).exit_code == 2


def test_no_date_at_all_is_bad_input() -> None:
    result = hub("deadline", "--days", "3")
    assert (result.exit_code, result.stderr.split()[:3]) == (2, ["Name", "a", "date"])


def test_an_empty_standard_input_has_no_results() -> None:
    result = hub("deadline", "-", "--days", "3", stdin="")
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_term_in_an_unconfirmed_year_is_said_to_be_so() -> None:
    told = hub("deadline", "2026-12-18", "--days", "10", "--calendar", "moved")
    assert told.stdout == "2027-01-07\n"
    warned = "The calendar is not confirmed (2027): days may still be moved or proclaimed off.\n"
    assert told.stderr == warned
    assert hub("deadline", "2026-12-18", "--days", "10").stderr == warned
    assert hub("deadline", "2026-12-01", "--days", "10").stderr == ""


def test_people_are_told_why_day_by_day() -> None:
    told = hub("deadline", "2026-06-18", "--days", "3", "--explain", "--lang", "lv").stdout.splitlines()
    assert told[0] == "2026-06-25"
    assert told[1].split() == ["1.", "19.06.2026", "Pk", "darbdiena"]
    assert told[2].split() == ["–", "20.06.2026", "S", "nedēļas", "nogale"]
    assert told[5].split() == ["–", "23.06.2026", "O", "svētku", "diena", "(Līgo", "diena)"]
    assert told[-1].strip() == "Pēc otra kalendāra: 26.06.2026."


def test_people_are_told_why_a_notice_is_late() -> None:
    told = hub("transfer-date", "2026-05-27", "--explain").stdout
    assert "27.05.2026, 28.05.2026, 29.05.2026" in told
    assert "right to continue" in told


def test_thousands_of_dates_are_answered_in_order() -> None:
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range(5000)]
    result = hub("deadline", "-", "--days", "10", stdin="".join(f"{day}\n" for day in days))
    due = result.stdout.splitlines()
    assert len(due) == len(days)
    assert due == sorted(due)


def test_each_result_is_out_before_the_next_date_is_read() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ALONE, "alone", "deadline", "-", "--days", "3"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("2026-01-05\n")
        assert process.stdout.readline() == "2026-01-08\n"
        process.stdin.write("2026-11-14\n")
        assert process.stdout.readline() == "2026-11-19\n"


def test_a_reader_that_leaves_early_gets_no_complaint() -> None:
    days = "".join(f"{date(2018, 1, 1) + timedelta(days=n)}\n" for n in range(5000))
    with subprocess.Popen(
        [sys.executable, "-c", ALONE, "alone", "deadline", "-", "--days", "3"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        try:
            process.stdin.write(days)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.stderr.read() == ""


def test_a_deadline_loads_neither_server_nor_database_nor_library() -> None:
    asked = f"import sys\ntry:\n exec({ALONE!r})\nfinally:\n print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", asked, "loaded", "deadline", "2026-01-05", "--days", "3"],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    answer, loaded = ran.stdout.splitlines()
    assert answer == "2026-01-08"
    assert not {"sqlalchemy", "litestar", "asyncpg", "holidays", "babel"} & set(loaded.split())
