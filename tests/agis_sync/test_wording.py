"""Every sentence of the job's command exists in both languages, says the same facts, and says what to do."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest

import agis_sync
from agis_sync.command import COMMANDS
from agis_sync.gateways.findings import Trouble
from saikne.wording import LANGUAGES
from saikne_schemas.register_words import JobResult

HOME = Path(agis_sync.__file__).parent
SENTENCES: dict[str, dict[str, str]] = {}
for file in sorted((HOME / "sentences").glob("*.json")):
    SENTENCES |= json.loads(file.read_text(encoding="utf-8"))
SOURCES = [path.read_text(encoding="utf-8") for path in HOME.rglob("*.py")]
CODES = sorted({code for text in SOURCES for code in re.findall(r'\bcode = "([a-z.-]+)"', text)})
SAID = sorted(
    {name for text in SOURCES for name in re.findall(r'\b(?:tell|say|warn)\(\s*"([a-z0-9.-]+)"', text)}
)


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("identifier", SENTENCES)
def test_a_sentence_says_the_same_facts_in_both_languages(identifier: str) -> None:
    said = SENTENCES[identifier]
    assert set(said) == set(LANGUAGES)
    assert all(said.values())
    assert facts(said["lv"]) == facts(said["en"])


@pytest.mark.parametrize("identifier", SAID)
def test_what_is_said_has_a_sentence(identifier: str) -> None:
    assert identifier in SENTENCES


@pytest.mark.parametrize("code", [*CODES, *(f"register.unanswered.{one}" for one in Trouble)])
def test_bad_news_has_a_sentence_and_says_what_to_do_next(code: str) -> None:
    assert {code, f"{code}.do"} <= SENTENCES.keys()


@pytest.mark.parametrize("result", JobResult)
def test_every_result_has_a_word(result: JobResult) -> None:
    assert f"run.result.{result}" in SENTENCES


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_a_verb_has_its_help_with_an_example(name: str) -> None:
    assert {f"help.agis-sync.{name}", f"help.agis-sync.{name}.example"} <= SENTENCES.keys()
