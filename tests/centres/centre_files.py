"""A centre's own machine: makes keys, and the files that a centre hands to the operator."""

from datetime import date
from typing import Any

from saikne.enrolment import CentreKeys, enrolment_file, new_enrolment
from saikne_schemas.enrolment import Agreement, Contacts, Enrolment, LegalEntity

TODAY = date(2026, 11, 21)
CONTACTS = Contacts(
    notices="birojs@centrs.example",
    archive_email="lietas@centrs.example",
    password_phone="+37126123456",
    password_email="vaditaja@centrs.example",
    voice_phone="+37167123456",
)


def an_enrolment(keys: CentreKeys | None = None, **changes: Any) -> Enrolment:
    usual: dict[str, Any] = {
        "name": "Zemgales atbalsta centrs",
        "legal_entity": LegalEntity(name="Biedrība “Baltā māja”", registration_number="50008021661"),
        "contacts": CONTACTS,
        "agreement": Agreement(version="1.0", signed_on=date(2026, 11, 2)),
    }
    return new_enrolment(keys or CentreKeys.generate(), **{**usual, **changes})


def an_enrolment_file(keys: CentreKeys | None = None, **changes: Any) -> bytes:
    keys = keys or CentreKeys.generate()
    return enrolment_file(an_enrolment(keys, **changes), keys)
