"""The certificate and the invoice: whole papers in Latvian that say what the hub was told."""

from typing import Any

import pytest

from saikne.court_letter import Centre, NobodyNamed, Signing
from saikne.training_papers import NotIssuedYet, Signature, compose_certificate, compose_invoice
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.training import Training, TrainingView
from tests.client.test_court_letter import pages

SAID: Any = EXAMPLES[TrainingView]["content"]
TRAINING = Training.model_validate(SAID)
TRAINER = Centre("Zemgales atbalsta centrs", "Biedrība „Baltā māja”", "50008021661")
PAYER = Centre("Atbalsta centrs „Ligzda”", "SIA „Ligzda”", "40003521600")
SIGNED = Signature("Solvita Krēsliņa", "vadītāja")
NAMES = ("Anna Bērziņa-Šķēle", "Jānis Ģirts Ķēniņš")


def test_the_certificate_says_who_completed_what_and_when() -> None:
    (said,) = pages(compose_certificate(TRAINING, TRAINER, NAMES, SIGNED))
    for part in (
        "IEROBEŽOTAS PIEEJAMĪBAS INFORMĀCIJA",
        "Zemgales atbalsta centrs Biedrība „Baltā māja”, reģistrācijas Nr. 50008021661",
        "2026. gada 23. marts Nr. APL-2026/41",
        "Apliecinājums par mācību pabeigšanu",
        "Anna Bērziņa-Šķēle, Jānis Ģirts Ķēniņš",
        "Apjoms 6 h",
        "Norises dienas 14.03.2026, 21.03.2026",
        "Lektors Ilga Meža, psiholoģe",
        "Apmeklēts 6 h",
        "Apliecinājumam pievienots raksturojums.",
        "Vadītāja Solvita Krēsliņa",
    ):
        assert part in said


def test_it_is_about_somebody_and_was_recorded_first() -> None:
    with pytest.raises(NobodyNamed):
        compose_certificate(TRAINING, TRAINER, (" ",), SIGNED)
    earlier = TRAINING.model_copy(update={"certificate": None, "invoice": None})
    with pytest.raises(NotIssuedYet):
        compose_certificate(earlier, TRAINER, NAMES, SIGNED)
    with pytest.raises(NotIssuedYet):
        compose_invoice(earlier, TRAINER, PAYER, SIGNED)


def test_the_invoice_states_the_average_the_ceiling_the_account_and_when_it_is_paid() -> None:
    said, annex = pages(
        compose_invoice(
            TRAINING, TRAINER, PAYER, SIGNED, account="LV00TREL0000000000000", vat="PVN: skat. 1."
        )
    )
    for part in (
        "Rēķins Nr. REK-2026/58",
        "Zemgales atbalsta centrs Biedrība „Baltā māja” Reģistrācijas Nr. 50008021661",
        "Konts: LV00TREL0000000000000",
        "Maksātājs Atbalsta centrs „Ligzda”",
        "Līgums MAC-2026/11",
        "Audžuģimenes lietas numurs AG-7741",
        "Mācības audžuģimenei, faktiskās izmaksas 2 38,46 € 76,92 €",
        "Kopā apmaksai 76,92 €",
        "PVN: skat. 1.",
        "Vidējās izmaksas vienam dalībniekam: 38,46 €",
        "valsts finansējuma līguma Nr. BAC-2026/7: 45,00 €",
        "Apmaksas termiņš: 2026. gada 9. aprīlis",
    ):
        assert part in said
    assert "Izmaksu sadalījums un grāmatojuma atzīme" in annex


def test_each_cost_is_divided_by_the_participants_with_its_accounting_note() -> None:
    """Method S66: receipts are split for a participant, and marked."""
    _, annex = pages(compose_invoice(TRAINING, TRAINER, PAYER, SIGNED))
    for part in (
        "Mācībās bija 12 dalībnieki, no tiem šīs audžuģimenes: 2",
        "lektors 360,00 € 30,00 € 60,00 €",
        "81,50 € 6,79 € 13,59 €",
        "Kopā 461,50 € 38,46 € 76,92 €",
        "„No šīs summas 13,59 € sedz citi ieņēmumi, rēķins Nr. REK-2026/58 (25.03.2026)”",
    ):
        assert part in annex


def test_the_invoice_names_no_person_of_the_family() -> None:
    said = " ".join(pages(compose_invoice(TRAINING, TRAINER, PAYER, SIGNED)))
    assert not [name for name in NAMES if name in said]
    assert TRAINING.family in said


def test_the_papers_are_archivable_and_the_same_each_time() -> None:
    on_paper = Signature(SIGNED.signer, SIGNED.position, Signing.PAPER)
    for made in (
        [compose_certificate(TRAINING, TRAINER, NAMES, on_paper) for _ in range(2)],
        [compose_invoice(TRAINING, TRAINER, PAYER, on_paper) for _ in range(2)],
    ):
        assert made[0] == made[1]
        assert b"pdfaid" in made[0]
        assert "ELEKTRONISKO PARAKSTU" not in " ".join(pages(made[0]))
