"""Whatever the command says, refuses or lists has its sentence."""

import re
from pathlib import Path

import pytest

import saikne
from saikne.command import COMMANDS, GROUPS, loaded
from saikne.parcel_entries import ParcelRefused
from saikne.passwords import WrongPassword
from saikne.wording import CATALOGUE, known
from saikne_schemas import correction_words, outside, register_words, vocabulary

SOURCES = [path.read_text(encoding="utf-8") for path in Path(saikne.__file__).parent.rglob("*.py")]
CODES = sorted({code for text in SOURCES for code in re.findall(r'\bcode = "([a-z.-]+)"', text)})
SAID = sorted(
    {name for text in SOURCES for name in re.findall(r'\b(?:tell|say|warn)\(\s*"([a-z0-9.-]+)"', text)}
)
WORDS = {
    "state": vocabulary.ExchangeState,
    "kind": vocabulary.ExchangeKind,
    "form": vocabulary.FormType,
    "section": vocabulary.CaseSection,
    "channel": vocabulary.PasswordChannel,
    "calendar": vocabulary.CalendarPolicy,
    "dispute": vocabulary.DisputeReason,
    "way": vocabulary.DeliveryChannel,
    "departure": vocabulary.DepartureReason,
    "authority": vocabulary.Authority,
    "outcome": vocabulary.PostalOutcome,
    "extension": vocabulary.ExtensionReason,
    "duty": vocabulary.DutyKind,
    "workflow": vocabulary.Workflow,
    "incomplete": vocabulary.IncompleteBecause,
    "refuse-reason": vocabulary.RefuseReason,
    "refusal-dispute": vocabulary.RefusalDispute,
    "despite": correction_words.DespiteReason,
    "outside-state": outside.OutsideState,
    "outside-corrected": outside.AddressCorrected,
    "registration.state": register_words.RegistrationState,
    "registration.waits": register_words.WaitsFor,
    "registration.result": register_words.JobResult,
    "registration.rejected": register_words.RejectedBecause,
    "registration.needs-person": register_words.NeedsPersonBecause,
    "registration.withdrawn": register_words.RegistrationWithdrawnBecause,
}


def test_whatever_is_said_has_a_sentence() -> None:
    assert len(SAID) > 150
    assert [one for one in SAID if not known(one)] == []


def test_every_refusal_has_a_sentence_and_says_what_to_do_next() -> None:
    hints = {
        "parcel.refused": [value for name, value in vars(ParcelRefused).items() if name.isupper()],
        "password.wrong": [value for name, value in vars(WrongPassword).items() if name.isupper()],
    }
    assert len(CODES) > 50
    plain = [code for code in CODES if not (known(code) and known(f"{code}.do"))]
    assert sorted(set(plain) - hints.keys()) == []
    hinted = [f"{code}.{hint}" for code, its in hints.items() for hint in its]
    assert [one for one in hinted if not known(one)] == []
    assert [one for one in hinted if not (known(f"{one}.do") or known(f"{one.rpartition('.')[0]}.do"))] == []


def test_every_verb_has_its_help() -> None:
    names = [name for name, _ in COMMANDS]
    names += [f"{group}.{name}" for group, verbs in GROUPS for name, _ in loaded(verbs)]
    assert [name for name in names if not known(f"help.{name}")] == []


@pytest.mark.parametrize("of", WORDS)
def test_every_value_of_a_closed_list_has_a_word(of: str) -> None:
    assert [value for value in WORDS[of] if not known(f"{of}.{value}")] == []


_NAME = r"\{(?:other|name|holder|requester|centre)\}"
TAKES_A_FORM = re.compile(rf"(?:\b[Cc]entram|\binformē|\bpieprasa) „?{_NAME}|{_NAME} jāpaziņo")
"""A name that a sentence would have to inflect; it stands in brackets or after a colon instead."""


def test_no_sentence_asks_a_centres_name_for_another_case() -> None:
    found = {
        identifier
        for identifier in CATALOGUE.identifiers("lv")
        for form in CATALOGUE.forms(identifier, "lv")
        if TAKES_A_FORM.search(form)
    }
    assert found == set()


def test_a_move_that_had_no_day_is_said_to_have_had_none_in_a_form_that_fits() -> None:
    was = CATALOGUE.text("correction.moved", "lv", before=CATALOGUE.text("correction.open", "lv"), after="x")
    assert "bija nav" not in was


def test_the_reader_is_one_person_and_written_so() -> None:
    lower = {
        identifier
        for identifier in CATALOGUE.identifiers("lv")
        for form in CATALOGUE.forms(identifier, "lv")
        if re.search(r"(?<![-\w])jūs(?:u|s)?\b", form)
    }
    assert lower - {"help.dispute-refusal.example"} == set()
