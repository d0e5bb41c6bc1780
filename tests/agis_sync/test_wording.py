"""Whatever the job's command says or refuses has its sentence, and says what to do."""

import re
from pathlib import Path

import agis_sync
from agis_sync.command import CATALOGUE, COMMANDS
from agis_sync.gateways.findings import Trouble
from saikne_schemas.register_words import JobResult

HOME = Path(agis_sync.__file__).parent
SOURCES = [path.read_text(encoding="utf-8") for path in HOME.rglob("*.py")]
CODES = sorted({code for text in SOURCES for code in re.findall(r'\bcode = "([a-z.-]+)"', text)})
SAID = sorted(
    {name for text in SOURCES for name in re.findall(r'\b(?:tell|say|warn)\(\s*"([a-z0-9.-]+)"', text)}
)


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
    assert wanted - CATALOGUE.identifiers("en") == set()
