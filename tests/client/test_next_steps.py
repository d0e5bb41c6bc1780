"""Every next step that is printed runs as printed: nothing in it is left for a person to make up."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

import agis_sync.command
from hub.wording.catalogue import CATALOGUE as HUBS
from saikne.wording import CATALOGUE as CLIENTS
from saikne_schemas.catalogue import LANGUAGES, Catalogue
from tests.client.printed import NUMBER, VERBS, commands_in, plausible, unfit, verbs

CATALOGUES = {"client": CLIENTS, "hub": HUBS, "agis-sync": agis_sync.command.CATALOGUE}
NAMES_A_FILE = {"archive", "file", "path"}
MADE_UP = re.compile(r"…|\.\.\.|\b[A-ZĀČĒĢĪĶĻŅŠŪŽ]{2,}\b|\w\|\w")
"""What stands in usage lines for what a person has to know; a file's own name may be in capitals."""


class Facts(defaultdict[str, str]):
    """What a sentence is filled with, by the name of the fact."""

    def __missing__(self, name: str) -> str:
        return str(Path(__file__)) if name in NAMES_A_FILE else NUMBER


def sentences(catalogue: Catalogue, language: str) -> list[tuple[str, str]]:
    """All but the examples of help, which show how a command is used and not what comes next."""
    return [
        (identifier, form.format_map(Facts(str)))
        for identifier in sorted(catalogue.identifiers(language))
        if not identifier.endswith(".example")
        for form in catalogue.forms(identifier, language)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", CATALOGUES)
def test_every_command_in_a_sentence_runs_as_printed(of: str, language: str) -> None:
    found = [
        (identifier, words)
        for identifier, said in sentences(CATALOGUES[of], language)
        for words in commands_in(said)
    ]
    assert len(found) > {"client": 90, "hub": 12, "agis-sync": 0}[of]
    wrong = [f"{identifier}: {why}" for identifier, words in found if (why := unfit(words))]
    wrong += [f"{one}: {' '.join(words)}" for one, words in found if MADE_UP.search(" ".join(words))]
    assert wrong == []


def test_a_command_is_read_up_to_its_end() -> None:
    said = (
        'Ask: saikne move ask-notice 1; or (saikne open "a; b.zip"), or saikne plan sent --archive a.zip.'
        " Not saikne itself, nor bērna saikne ar kādu."
    )
    assert list(commands_in(said)) == [
        ["move", "ask-notice", "1"],
        ["open", "a; b.zip"],
        ["plan", "sent", "--archive", "a.zip"],
    ]


@pytest.mark.parametrize(
    "printed",
    [
        "dispute-refusal ID --reason …",
        f"dispute-refusal {NUMBER} --reason …",
        f"move decide {NUMBER} release|continue",
        f"move registered {NUMBER} --on GGGG-MM-DD",
        f"posted {NUMBER} --item",
        "move fly-away",
        f"status {NUMBER} un tā tālāk",
    ],
)
def test_what_cannot_be_run_is_found(printed: str) -> None:
    assert unfit(printed.split()) is not None


def test_what_every_verb_asks_for_can_be_answered() -> None:
    """Each with nothing typed at all."""
    assert [why for path, _ in verbs() if (why := unfit(path.split()))] == []
    assert {path.split()[0] for path, _ in verbs()} == VERBS
    assert {plausible(one) for _, verb in verbs() for one in verb.params} >= {NUMBER, "10.11.2026"}
