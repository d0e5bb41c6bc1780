"""Whatever can be put right is named beside the act that it puts right, and so is each verb that does it."""

from pathlib import Path

import pytest

import saikne.command
from saikne.command import correcting
from saikne.command.correcting import REMEDIES
from saikne.wording import CATALOGUE
from saikne_schemas.catalogue import LANGUAGES
from tests.client.printed import NUMBER, commands_in, unfit, verbs

NAMED_ELSEWHERE = {
    "register-withdraw": "the next step of each registration that can be taken back names it",
    "outside correct": "no matter, but a centre's address; the list of such centres shows it",
}
PUTS_RIGHT = ("correct", "take-back", "withdraw", "discard", "cancel", "wrong-recipient")
ROWS = [remedy for of_workflow in REMEDIES.values() for remedy in of_workflow]
SOURCES = {
    path.name: path.read_text(encoding="utf-8") for path in Path(saikne.command.__file__).parent.glob("*.py")
}


def corrects(path: str) -> bool:
    return path.rpartition(" ")[2].startswith(PUTS_RIGHT) or path.endswith("withdraw")


def test_every_verb_that_puts_right_is_listed() -> None:
    found = {path for path, _ in verbs() if corrects(path)}
    assert len(found) > 12
    assert found - {one.verb for one in ROWS} - NAMED_ELSEWHERE.keys() == set()


def test_every_act_that_can_be_put_right_says_so_after_it() -> None:
    """The verb itself hands its name over, so that its remedy is told when it has succeeded."""
    elsewhere = "\n".join(
        text for name, text in SOURCES.items() if not name.startswith(Path(str(correcting.__file__)).name)
    )
    said = {act for one in ROWS for act in one.said}
    told = {act for act in said if f', "{act}")' in elsewhere or f'act="{act}"' in elsewhere}
    told |= {act for act in said if f'act = "{act}"' in elsewhere}
    assert said - told == set()
    assert said <= {path for path, _ in verbs()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_outside_centre_may_have_said_is_discarded_by_a_filled_in_command(language: str) -> None:
    """Of an archive, which no outside centre declares, a sentence may name the verb itself."""
    of_archives = {"answer.differs-from-declared.do", "document.changed-since-declared.do"}
    named = {
        one
        for one in CATALOGUE.identifiers(language)
        if any("saikne discard" in form for form in CATALOGUE.forms(one, language))
    }
    assert named == of_archives


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("remedy", ROWS, ids=lambda one: one.verb)
def test_every_remedy_has_its_sentence_and_runs_as_printed(remedy: correcting.Remedy, language: str) -> None:
    identifier = f"put-right.{remedy.verb.replace(' ', '.')}"
    said = CATALOGUE.text(identifier, language, act=f"saikne {remedy.verb} {NUMBER}")
    (command,) = commands_in(said)
    assert unfit(command) is None
    assert command[-1] == NUMBER
