"""What a command line lacks is asked at a terminal, and of nobody else."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.command_line import Centre, answered, asked
from tests.client.hub_peer import HubPeer
from tests.peers.terminal import typed

Sitting = Callable[..., tuple[int, str, str]]


@pytest.fixture
def sitting() -> Sitting:
    """Somebody at the terminal of a centre, who types these lines one after the other."""

    def sit(
        centre: Centre, *words: str, types: tuple[str, ...], language: str = "lv"
    ) -> tuple[int, str, str]:
        lines = iter(types)
        here = {**os.environ, "SAIKNE_HOME": str(centre.home), "SAIKNE_LANG": language}
        code, out, shown = typed("saikne", *words, environment=here, answering=lambda _: next(lines))
        assert list(lines) == [], shown
        return code, out, shown

    return sit


def test_a_reason_is_chosen_from_its_list_by_number_or_word(
    saule: Centre, meness: Centre, plan: Path, peer: HubPeer, sitting: Sitting
) -> None:
    exchange = answered(saule, meness, plan)
    code, _, shown = sitting(saule, "dispute", exchange, types=("9", "nav kas", "3"))
    assert code == 0, shown
    assert re.findall(r"(\d)  (\S+)\r", shown) == [
        ("1", "nav-lasāms"),
        ("2", "nav-pilnīgs"),
        ("3", "parole-neder"),
    ]
    assert shown.count("nav-lasāms, nav-pilnīgs, parole-neder") == 2, shown
    (kept,) = peer.exchanges.values()
    assert kept.dispute == "wrong_password"


def test_a_word_is_taken_in_either_language_and_without_its_marks(
    saule: Centre, meness: Centre, plan: Path, peer: HubPeer
) -> None:
    exchange = answered(saule, meness, plan)
    assert saule("dispute", exchange, "--reason", "Nav LASAMS").code == 0
    (kept,) = peer.exchanges.values()
    assert kept.dispute == "unreadable"


def test_which_exchange_is_meant_is_chosen_from_those_that_are_open(
    saule: Centre, meness: Centre, sitting: Sitting
) -> None:
    exchange = asked(saule)
    assert meness.home.exists()
    code, out, shown = sitting(saule, "withdraw", types=("1", "cits-centrs"))
    assert code == 0, shown
    assert f"1  {exchange[:8]}  " in shown
    assert "Mēness" in shown
    assert saule.done("status") == []
    assert "atsaukts" in out


def test_what_one_answer_makes_necessary_is_asked_then(
    saule: Centre, meness: Centre, plan: Path, sitting: Sitting
) -> None:
    exchange = asked(saule)
    by = ("--officer", "Ilze Bērziņa", "--position", "lietvede")
    code, out, shown = sitting(meness, "answer", exchange, *by, types=(f"iap:B-0031={plan}", ""))
    assert code == 0, shown
    assert "iap:B-0031" in shown
    assert "Nosūtīts" in out or "nosūtīts" in out


def test_a_day_and_a_person_are_asked_until_they_fit(meness: Centre, saule: Centre, sitting: Sitting) -> None:
    exchange = asked(saule)
    code, _, shown = sitting(
        meness, "propose-extension", exchange, types=("30.02.2026", "rīt", "11.12.2030.", "liels apjoms")
    )
    assert "(--until)" in shown
    assert "30.02.2026 nav datums" in shown
    assert "rīt nav datums" in shown
    assert code in {0, 1}, shown  # the simulated hub knows no extensions; all was asked


@pytest.mark.parametrize("words", [("dispute", "{}"), ("withdraw",), ("propose-extension", "{}")])
def test_no_program_is_ever_asked(saule: Centre, meness: Centre, words: tuple[str, ...]) -> None:
    exchange = asked(saule)
    assert meness.home.exists()
    given = [word.format(exchange) for word in words]
    assert saule.refused(*given) == (2, "usage.wrong")
    refused = saule(*given, "--lang", "lv")
    assert refused.code == 2
    assert "> " not in refused.err


def test_a_program_at_a_terminal_is_not_asked_either(saule: Centre, meness: Centre, sitting: Sitting) -> None:
    exchange = asked(saule)
    assert meness.home.exists()
    code, out, shown = sitting(saule, "dispute", exchange, "--json", types=())
    assert (code, shown) == (2, "")
    assert "usage.wrong" in out


def test_a_missing_choice_is_refused_with_what_there_is(saule: Centre, meness: Centre) -> None:
    exchange = asked(saule)
    assert meness.home.exists()
    assert "--reason" in (told := saule("dispute", exchange, "--lang", "lv").err)
    assert "nav-lasāms, nav-pilnīgs, parole-neder" in told
    assert "unreadable, incomplete, wrong_password" in saule("dispute", exchange).err


def test_leaving_the_terminal_ends_the_command(saule: Centre, meness: Centre, sitting: Sitting) -> None:
    exchange = asked(saule)
    assert meness.home.exists()
    code, _, shown = sitting(saule, "dispute", exchange, types=("\x04",))
    assert code == 130, shown
    assert saule.done("status", exchange)["state"] == "requested"
