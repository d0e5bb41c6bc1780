"""`hub calendar`: the operator reads and changes the calendars of a real database."""

import asyncio
import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from hub.duties.casework import Opening, opened
from hub.duties.duty import Basis, DutyKind
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.ops.calendars import app
from hub.ops.database import owner_transaction
from hub.plumbing.rows import insert
from hub.workdays import store
from hub.workdays.calendars import Policy
from hub.workdays.seed import seed_calendars
from tests.conftest import Cluster

BY = ("--source", "MK rīkojums Nr. 1", "--by", "Ilze Kalniņa")


@pytest.fixture(autouse=True)
def _a_machine_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HUB_DATABASE_URL", raising=False)
    monkeypatch.delenv("HUB_LANG", raising=False)
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, cluster: Cluster, database_name: str) -> None:
    """A database with the seed, named in the environment as an operator names it."""
    monkeypatch.setenv("HUB_DATABASE_URL", cluster.url(database_name))

    async def enter() -> None:
        async with owner_transaction() as tx:
            await store.seed(tx, datetime(2026, 11, 21, tzinfo=UTC))

    asyncio.run(enter())


def calendar(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_year_is_shown_from_the_seed_where_there_is_no_database() -> None:
    head, *days = calendar("show", "2026").stdout.splitlines()
    version = seed_calendars().moved.version
    assert head == f"2026\tmoved\t{version}\tseed\tconfirmed"
    assert "2026-01-02\tmoved-day-off\t2026-01-17\tBrīvdiena (pārcelta no 17.01.2026)" in days
    assert "2026-01-17\tworked-saturday\t2026-01-02" in days


def test_the_statutory_year_has_no_moves() -> None:
    told = json.loads(calendar("show", "2026", "--calendar", "statutory", "--json").stdout)
    assert {day["kind"] for day in told["days"]} == {"public-holiday"}
    assert (told["confirmed"], told["calendar_source"]) == (True, "seed")


def test_an_open_year_is_shown_as_not_confirmed() -> None:
    assert calendar("show", "2027").stdout.splitlines()[0].endswith("\tnot confirmed")


def test_a_year_that_nobody_entered_is_refused() -> None:
    told = calendar("show", "2051")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.splitlines() == [
        "There is no calendar for this year.",
        "The year 2051 is not in the calendar.",
        "(workdays.year-not-known)",
    ]


@pytest.mark.usefixtures("installed")
def test_a_move_is_entered_confirmed_and_remembered() -> None:
    entered = calendar("set", "2027-05-03", "moved-day-off", "--with", "2027-05-08", *BY)
    assert (entered.exit_code, entered.stdout) == (0, "The calendars have a new edition: 2.\n")
    assert calendar("confirm", "2027", *BY).stdout == "The calendars have a new edition: 3.\n"
    seeded, moved, confirmed = (
        json.loads(line) for line in calendar("history", "--json").stdout.splitlines()
    )
    assert (seeded["entered_by"], len(seeded["confirmed"])) == ("hub", 44)
    assert moved["days"] == {"2027-05-03": "moved-day-off", "2027-05-08": "worked-saturday"}
    assert (moved["entered_by"], moved["source"]) == ("Ilze Kalniņa", "MK rīkojums Nr. 1")
    assert confirmed["confirmed"] == {"2027": True}


@pytest.mark.usefixtures("installed")
def test_a_change_taken_back_stays_in_the_history() -> None:
    calendar("set", "2027-09-20", "public-holiday", "--name", "Pāvesta vizīte", *BY)
    calendar("unset", "2027-09-20", *BY)
    calendar("confirm", "2027", *BY)
    calendar("confirm", "2027", "--withdraw", *BY)
    told = [line.split("\t") for line in calendar("history").stdout.splitlines()]
    assert [line[0] for line in told] == ["1", "2", "3", "4", "5"]
    assert [line[-1] for line in told[1:]] == [
        "2027-09-20 public-holiday",
        "2027-09-20 -",
        "2027 confirmed",
        "2027 unconfirmed",
    ]


@pytest.mark.usefixtures("installed")
def test_a_refused_change_is_told_in_the_operators_language_and_changes_nothing() -> None:
    told = calendar("set", "2027-05-03", "moved-day-off", "--lang", "lv", *BY)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith("Pārcelšanai ir divas dienas.")
    assert len(calendar("history").stdout.splitlines()) == 1


def test_a_database_that_does_not_answer_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql://postgres@127.0.0.1:1/hub")
    told = calendar("confirm", "2027", *BY)
    assert told.exit_code == 3
    assert told.stderr.startswith("The hub's database does not answer.")


BY_THE_WORKER = "The worker moves them within minutes and tells both sides; no term ends earlier."


def owe(*starts: date) -> None:
    """Terms of ten working days from these days on."""

    async def enter() -> None:
        owner = CentreId(uuid4())
        async with owner_transaction([owner, OVERSIGHT]) as tx:
            known = await store.load(tx)
            for day in starts:
                who = Opening(
                    DutyKind.ANSWER,
                    MatterId(uuid4()),
                    owner,
                    (),
                    day,
                    Basis.REQUEST_RECEIVED,
                    Policy.STATUTORY,
                )
                await insert(tx, opened(who, known)[1])

    asyncio.run(enter())


@pytest.mark.usefixtures("installed")
def test_whoever_proclaims_a_day_is_told_how_many_terms_move() -> None:
    owe(date(2027, 3, 1), date(2027, 3, 2), date(2027, 4, 19))
    told = calendar("set", "2027-03-10", "public-holiday", "--name", "Svētki", *BY, "--lang", "en")
    assert told.stdout.splitlines() == [
        "The calendars have a new edition: 2.",
        f"2 open terms end later now. {BY_THE_WORKER}",
    ]
    assert calendar("unset", "2027-03-10", *BY).stdout == "The calendars have a new edition: 3.\n"
    assert calendar("confirm", "2027", *BY).stdout == "The calendars have a new edition: 4.\n"
