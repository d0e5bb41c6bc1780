"""Contacts keep the archive's and the password's way apart, and can be reached."""

import pytest

from hub.centres.contacts import (
    ContactShared,
    EmailInvalid,
    PhoneNotForSpeech,
    PhoneNotMobile,
    changed_fields,
    check_contacts,
)
from hub.kernel.refusal import Refusal
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.spelling import KEPT
from tests.centres.centre_files import CONTACTS


def with_(**changes: object) -> Contacts:
    return Contacts.model_validate({**CONTACTS.model_dump(), **changes}, context=KEPT)


@pytest.mark.parametrize(
    "contacts",
    [
        CONTACTS,
        Contacts(notices="birojs@centrs.example"),
        with_(password_email=None),
        with_(archive_email="a@centrs.example", password_email="b@centrs.example"),
        with_(password_phone="+37061234567"),
        with_(voice_phone="+37126123456"),
    ],
)
def test_contacts_that_are_two_ways_are_taken(contacts: Contacts) -> None:
    check_contacts(contacts)


@pytest.mark.parametrize(
    ("contacts", "refusal", "code"),
    [
        (with_(password_email="lietas@centrs.example"), ContactShared, "centres.contact-shared"),
        (with_(password_email="Lietas@CENTRS.example"), ContactShared, "centres.contact-shared"),
        (with_(password_email="lietas+parole@centrs.example"), ContactShared, "centres.contact-shared"),
        (with_(password_phone="+37167123456"), PhoneNotMobile, "centres.phone-not-mobile"),
        (with_(password_phone="+37180000000"), PhoneNotMobile, "centres.phone-not-mobile"),
        (with_(password_phone="+37141234567"), PhoneNotMobile, "centres.phone-not-mobile"),
        (with_(password_phone="+99912345678"), PhoneNotMobile, "centres.phone-not-mobile"),
        (with_(voice_phone="+37190012345"), PhoneNotForSpeech, "centres.phone-not-for-speech"),
        (with_(voice_phone="+37180000000"), PhoneNotForSpeech, "centres.phone-not-for-speech"),
        (with_(notices="birojs@centrs..example"), EmailInvalid, "centres.email-invalid"),
        (with_(archive_email="lietas@-centrs.example"), EmailInvalid, "centres.email-invalid"),
        (with_(notices="biro\x1b[2Jjs@centrs.example"), EmailInvalid, "centres.email-invalid"),
        (with_(notices="bērni@centrs.example"), EmailInvalid, "centres.email-invalid"),
        (with_(notices="bi..ro@centrs.example"), EmailInvalid, "centres.email-invalid"),
        (with_(archive_email=".biro@centrs.example"), EmailInvalid, "centres.email-invalid"),
        (with_(password_email="x@" + "a" * 64 + ".example"), EmailInvalid, "centres.email-invalid"),
    ],
)
def test_contacts_that_are_not_are_refused(contacts: Contacts, refusal: type[Refusal], code: str) -> None:
    with pytest.raises(refusal, match=f"^{code}$") as caught:
        check_contacts(contacts)
    assert "@" not in str(caught.value.facts)


def test_what_changed_is_named_and_not_shown() -> None:
    person = AuthorisedPerson(name="Anna Ozola", position="sociālā darbiniece")
    after = with_(archive_email="cits@centrs.example", authorised_persons=[person])
    assert changed_fields(CONTACTS, after) == ["archive_email", "authorised_persons"]
    assert changed_fields(CONTACTS, CONTACTS) == []
