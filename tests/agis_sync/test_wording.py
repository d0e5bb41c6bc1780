"""Every sentence of the job's command exists in both languages, says the same facts, and says what to do."""

import json
import re
from pathlib import Path
from string import Formatter

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


def test_every_sentence_says_the_same_facts_in_both_languages() -> None:
    assert [
        one for one, said in SENTENCES.items() if set(said) != set(LANGUAGES) or not all(said.values())
    ] == []
    assert [one for one, said in SENTENCES.items() if facts(said["lv"]) != facts(said["en"])] == []


def test_whatever_is_said_has_a_sentence() -> None:
    bad_news = [*CODES, *(f"register.unanswered.{one}" for one in Trouble)]
    wanted = {
        *SAID,
        *(f"{code}{end}" for code in bad_news for end in ("", ".do")),
        *(f"run.result.{result}" for result in JobResult),
        *(f"help.agis-sync.{name}{end}" for name, _ in COMMANDS for end in ("", ".example")),
    }
    assert SAID
    assert CODES
    assert wanted - SENTENCES.keys() == set()
