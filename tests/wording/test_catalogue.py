"""Every problem, mail and command of the hub has its sentence, and every sentence is said somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.exchange.casework.copies import COPIES
from hub.exchange.casework.mailing import UNASKED
from hub.web.status import STATUS
from hub.wording.catalogue import CATALOGUE, LANGUAGES, language_of, sentence, text
from hub.workflows import WORKFLOWS
from saikne_schemas.catalogue import OF_NONE

HUB = Path(__file__).parents[2] / "hub"
LV = {identifier: " ".join(CATALOGUE.forms(identifier, "lv")) for identifier in CATALOGUE.identifiers("lv")}
OF_NOTHING = {f"{one}{OF_NONE}" for one in LV if CATALOGUE.counted(one, "lv")}
"""Said by what counts, where there is nothing to be counted."""
IDENTIFIER = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+")
TOLD_BY_COMMANDS = ("workdays.", "demo.", "settings.")
"""Rooms whose details hold facts; a problem document carries its facts beside its sentences."""
OF_A_MATTER = re.compile(
    r"mail\.(?:(?:agreement|child_move|family_move|sibling_contact|support_plan|training)\.|duty_)[a-z_]+"
)
"""What a centre is told of a matter, and of a duty in one."""
COUNTS = ("count", "late", "left")
"""Facts that are numbers of things."""


def placeholders(message: str) -> set[str]:
    return set(re.findall(r"{(\w+)", message))


def nodes() -> Iterator[ast.AST]:
    for path in HUB.rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text()))


def constants() -> tuple[set[str], set[str]]:
    """Every text in the code, and the beginnings of those that are put together when the code runs."""
    whole, begun = set(), set()
    for node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole.add(node.value)
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            begun.add(str(node.values[0].value))
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
            begun.add(str(node.left.value))
    return whole, {beginning for beginning in begun if re.fullmatch(r"[a-z_-]+(\.[a-z_-]+)*\.", beginning)}


def notices() -> set[str]:
    """Every occasion on which a centre is told something by mail."""
    found: set[Any] = set(COPIES.notices)
    for node in nodes():
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell" and len(node.args) > 3:
            told = node.args[3]
            found |= {told.value} if isinstance(told, ast.Constant) else set()
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if getattr(key, "value", None) == "notice" and isinstance(value, ast.Constant):
                    found.add(value.value)
    return {str(notice) for notice in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_a_title_and_says_what_to_do_next(language: str) -> None:
    said = {code: sentence(code, language) for code in STATUS}
    assert [code for code, one in said.items() if not (one.title and one.detail)] == []
    assert [code for code, one in said.items() if placeholders(one.title)] == []
    with_facts = [code for code, one in said.items() if placeholders(one.detail or "")]
    assert [code for code in with_facts if not code.startswith(TOLD_BY_COMMANDS)] == []


def test_every_notice_has_its_mail() -> None:
    wanted = {f"mail.{notice}{end}" for notice in notices() for end in ("", ".subject")}
    assert len(wanted) > 30
    assert wanted - LV.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_about_a_matter_says_in_its_subject_what_happened(language: str) -> None:
    """Which matter, by its number; what, in a few words of its own; nothing else (features F54)."""
    told = {one for one in LV if OF_A_MATTER.fullmatch(one)}
    assert len(told) > 45
    assert {f"{one}.subject" for one in told} - LV.keys() == set()
    subjects = {one: text(f"{one}.subject", language, ref="C529C149", due="11.12.2026") for one in told}
    assert {one: said for one, said in subjects.items() if len(said) > 60 or "C529C149: " not in said} == {}
    assert {one for one in told if placeholders(LV[f"{one}.subject"]) - {"ref", "due"}} == set()


def test_every_sentence_that_the_code_says_exists() -> None:
    said = {
        str(node.args[0].value)
        for node in nodes()
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"say", "text", "ask"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert {identifier for identifier in said if IDENTIFIER.fullmatch(identifier)} <= LV.keys()


def test_every_sentence_is_said_somewhere() -> None:
    whole, begun = constants()
    problems = STATUS.keys() | {f"{code}.detail" for code in STATUS}
    unsaid = LV.keys() - problems - whole - OF_NOTHING
    assert not {one for one in unsaid if not any(one.startswith(beginning) for beginning in begun)}


def test_no_mail_stands_there_that_nothing_sends() -> None:
    """Exactly: a beginning that many share says nothing of one of them."""
    of_matters = {f"{one.kind.value}.{notice}" for one in WORKFLOWS for notice in one.notices}
    of_duties = {
        f"{of}{notice}" for of in ("", "copies_", "duty_") for notice in ("reminder", "overdue", "moved")
    }
    sent = of_matters | of_duties | notices() | set(UNASKED.values())
    problems = STATUS.keys() | {f"{code}.detail" for code in STATUS}
    mails = {one for one in LV if one.startswith("mail.")} - problems - constants()[0] - OF_NOTHING
    assert mails - {f"mail.{one}{end}" for one in sent for end in ("", ".subject")} == set()


@pytest.mark.parametrize("number", [0, 1, 2, 10, 11, 21, 111])
def test_a_count_is_right_in_latvian_whatever_the_number(number: int) -> None:
    """What counts has its plural forms; a number behind a colon, with no noun after it, needs none."""
    plain = [one for one in LV if CATALOGUE.counted(one, "lv") is None]
    counting = {one: counted for one in plain if (counted := placeholders(LV[one]) & set(COUNTS))}
    wrong = []
    for identifier, counted in counting.items():
        facts: dict[str, object] = dict.fromkeys(placeholders(LV[identifier]), "x")
        said = text(identifier, "lv", **{**facts, **dict.fromkeys(counted, number)})
        if len(re.findall(rf": {number}(?=[.,;]|\s\(|\s\s|$)", said)) != len(counted):
            wrong.append(identifier)
    assert counting
    assert wrong == []


@pytest.mark.parametrize(
    ("wished", "spoken"),
    [
        ("", "lv"),
        ("lv", "lv"),
        ("en", "en"),
        ("en-GB", "en"),
        ("lv-LV,lv;q=0.9,en;q=0.8", "lv"),
        ("en-US,en;q=0.9,lv;q=0.8", "en"),
        ("lv;q=0.1,en", "en"),
        ("en;q=0,lv", "lv"),
        ("en;q=0", "lv"),
        ("ru", "lv"),
        ("ru,en;q=0.5", "en"),
        ("*", "lv"),
        ("en;q=very", "lv"),
        (",;,=;q", "lv"),
        ("x" * 10_000, "lv"),
        ("\x00\xff", "lv"),
    ],
)
def test_the_hub_answers_in_the_language_that_is_wished_most(wished: str, spoken: str) -> None:
    assert language_of(wished) == spoken
