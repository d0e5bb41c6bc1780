"""What a centre files about siblings' contact: whole texts, in Latvian and English, with references only."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from saikne import contact_texts
from saikne.sibling_texts import ContactNotAgreed
from saikne.wording import known
from saikne_schemas import child_vocabulary as words
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.examples.matters import MATTER, NEW, PREVIOUS
from saikne_schemas.sibling_contacts import FoundDifficulty, SiblingContactView

VIEW = SiblingContactView.model_validate(EXAMPLES[SiblingContactView])
OURS, THEIRS = UUID(NEW), UUID(PREVIOUS)


def viewed(**content: Any) -> SiblingContactView:
    return VIEW.model_copy(update={"content": VIEW.content.model_copy(update=content)})


def test_the_texts_of_one_centre_in_latvian() -> None:
    found = FoundDifficulty(
        centre=OURS,
        found_on=date(2026, 5, 4),
        reasons=[words.ContactDifficulty.FAMILY_MEANS],
        support=[words.ContactSupport.ORGANISATIONAL],
    )
    theirs = found.model_copy(update={"centre": THEIRS, "found_on": date(2026, 6, 1)})
    texts = contact_texts(viewed(difficulties=[found, theirs]), OURS)
    assert texts.case.replace("\u00a0", " ") == (
        "Brāļu un māsu saskarsme: ieraksts audžuģimenes lietā\n"
        "2026. gada 10. martā par brāļu un māsu saskarsmi vienojās šādi centri:"
        " Zemgales atbalsta centrs, Atbalsta centrs „Ligzda”.\n"
        "Bērni šī centra audžuģimenē: AG-2001-B1.\n"
        "Brāļi un māsas citu centru audžuģimenēs: Atbalsta centrs „Ligzda” (L-77-B1, L-77-B2).\n"
        "Saskarsmi apgrūtina: attālums, nesaderīgi laika grafiki.\n"
        "Ņemti vērā bāriņtiesu lēmumi: 1-6/26/118.\n"
        "2026. gada 4. maijā konstatētas grūtības: ģimenes ierobežotās iespējas;"
        " sniegtais atbalsts: organizatorisks.\n"
        "Atbalsta veidi: organizatorisks, psihosociāls.\n"
        "Papildus piesaistītie resursi, speciālisti un institūcijas: psihologs.\n"
        f"Vienošanās atsauce: {MATTER}.\n"
    )
    assert texts.plans.keys() == {"AG-2001-B1"}
    assert texts.plans["AG-2001-B1"].replace("\u00a0", " ") == (
        "Brāļu un māsu saskarsme: ieraksts bērna AG-2001-B1 individuālajā attīstības plānā\n"
        "2026. gada 10. martā par brāļu un māsu saskarsmi vienojās šādi centri:"
        " Zemgales atbalsta centrs, Atbalsta centrs „Ligzda”.\n"
        "Brāļi un māsas citu centru audžuģimenēs: Atbalsta centrs „Ligzda” (L-77-B1, L-77-B2).\n"
        "Saskarsmes veidi: apciemojumi, videozvani.\n"
        "Saskarsmes regularitāte: reizi mēnesī.\n"
        "Sniegtais atbalsts: organizatorisks, psihosociāls.\n"
        f"Vienošanās atsauce: {MATTER}.\n"
    )


def test_the_texts_of_the_other_centre_in_english() -> None:
    assert VIEW.content.arrangement is not None
    alone = VIEW.content.arrangement.model_copy(update={"specialists": []})
    nothing = [words.ContactDifficulty.NONE]
    texts = contact_texts(viewed(arrangement=alone, reasons=nothing, decisions=[]), THEIRS, "en")
    assert texts.case == (
        "Contact of siblings: entry in the foster family's case\n"
        "On 10.03.2026 these centres agreed on contact of the siblings:"
        " Zemgales atbalsta centrs, Atbalsta centrs „Ligzda”.\n"
        "Children in this centre's family: L-77-B1, L-77-B2.\n"
        "Siblings in families of other centres: Zemgales atbalsta centrs (AG-2001-B1).\n"
        "No difficulties were found.\n"
        "Kinds of support: organisational, psychosocial.\n"
        "No further resources, specialists or institutions take part.\n"
        f"Reference of the agreement: {MATTER}.\n"
    )
    assert texts.plans.keys() == {"L-77-B1", "L-77-B2"}
    first, second = texts.plans.values()
    assert first == (
        "Contact of siblings: entry in the individual development plan of child L-77-B1\n"
        "On 10.03.2026 these centres agreed on contact of the siblings:"
        " Zemgales atbalsta centrs, Atbalsta centrs „Ligzda”.\n"
        "Siblings in families of other centres: Zemgales atbalsta centrs (AG-2001-B1).\n"
        "Kinds of contact: visits, video calls.\n"
        "Regularity of contact: every month.\n"
        "Support given: organisational, psychosocial.\n"
        f"Reference of the agreement: {MATTER}.\n"
    )
    assert second == first.replace("child L-77-B1", "child L-77-B2")


def test_before_all_have_agreed_there_is_nothing_to_file() -> None:
    with pytest.raises(ContactNotAgreed):
        contact_texts(viewed(arrangement=None, agreed_on=None), OURS)


SAID = {
    "sibling_contact.reasons": words.ContactDifficulty,
    "sibling_contact.arrangement.kinds": words.ContactKind,
    "sibling_contact.arrangement.regularity": words.Regularity,
    "sibling_contact.arrangement.support": words.ContactSupport,
    "sibling_contact.arrangement.specialists": words.ContactSpecialist,
    "sibling_contact.proposed.kinds": words.ContactKind,
    "sibling_contact.proposed.regularity": words.Regularity,
    "sibling_contact.proposed.support": words.ContactSupport,
    "sibling_contact.proposed.specialists": words.ContactSpecialist,
    "sibling_contact.difficulties.reasons": words.ContactDifficulty,
    "sibling_contact.difficulties.support": words.ContactSupport,
    "sibling_contact.declined": words.ContactDeclined,
    "sibling_contact.ended": words.ContactEnded,
    "child_move.family_told": words.FamilyTold,
    "child_move.meetings.participants": words.MeetingParticipant,
    "child_move.former_family.kinds": words.ContactKind,
    "child_move.former_family.regularity": words.Regularity,
    "child_move.cancelled": words.ChildMoveCancelled,
    "warning": words.ChildMoveWarning,
}


@pytest.mark.parametrize("of", SAID)
def test_every_value_about_children_has_its_word(of: str) -> None:
    assert [value for value in SAID[of] if not known(f"{of}.{value}")] == []
