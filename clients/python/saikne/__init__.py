"""Client library of the Saikne hub: everything a program needs to exchange copies, and nothing of the hub.

The names below are the whole public face. They are loaded when first used, so that the command starts fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saikne.answer import AnswerFile, certification_preview, prepare_answer, send_answer
    from saikne.court_letter import LetterFacts, compose_letter
    from saikne.credentials import Credentials
    from saikne.enrolment import CentreKeys, enrolment_file, new_enrolment, rotation_file
    from saikne.hub import Downloaded, Hub
    from saikne.installation import Installation
    from saikne.keys import Algorithm, CentreKey, fingerprint
    from saikne.parcel import OpenedParcel, open_parcel
    from saikne.parcel_entries import ParcelRefused
    from saikne.passwords import Password, WrongPassword, password_of
    from saikne.problems import HubOutage, HubRefusal, LocalRefusal, SaikneProblem
    from saikne.receipts import verify_acceptance, verify_receipt
    from saikne.register_seal import seal
    from saikne.retries import Patience
    from saikne.sibling_texts import ContactTexts, contact_texts
    from saikne.statements import compose, verify_statement, wire_bytes

_HOME_OF = {
    "Algorithm": "keys",
    "AnswerFile": "answer",
    "CentreKey": "keys",
    "CentreKeys": "enrolment",
    "ContactTexts": "sibling_texts",
    "Credentials": "credentials",
    "Downloaded": "hub",
    "Hub": "hub",
    "HubOutage": "problems",
    "HubRefusal": "problems",
    "Installation": "installation",
    "LetterFacts": "court_letter",
    "LocalRefusal": "problems",
    "OpenedParcel": "parcel",
    "ParcelRefused": "parcel_entries",
    "Password": "passwords",
    "Patience": "retries",
    "SaikneProblem": "problems",
    "WrongPassword": "passwords",
    "certification_preview": "answer",
    "compose": "statements",
    "compose_letter": "court_letter",
    "contact_texts": "sibling_texts",
    "enrolment_file": "enrolment",
    "fingerprint": "keys",
    "new_enrolment": "enrolment",
    "open_parcel": "parcel",
    "password_of": "passwords",
    "prepare_answer": "answer",
    "rotation_file": "enrolment",
    "seal": "register_seal",
    "send_answer": "answer",
    "verify_acceptance": "receipts",
    "verify_receipt": "receipts",
    "verify_statement": "statements",
    "wire_bytes": "statements",
}

__all__ = [
    "Algorithm",
    "AnswerFile",
    "CentreKey",
    "CentreKeys",
    "ContactTexts",
    "Credentials",
    "Downloaded",
    "Hub",
    "HubOutage",
    "HubRefusal",
    "Installation",
    "LetterFacts",
    "LocalRefusal",
    "OpenedParcel",
    "ParcelRefused",
    "Password",
    "Patience",
    "SaikneProblem",
    "WrongPassword",
    "certification_preview",
    "compose",
    "compose_letter",
    "contact_texts",
    "enrolment_file",
    "fingerprint",
    "new_enrolment",
    "open_parcel",
    "password_of",
    "prepare_answer",
    "rotation_file",
    "seal",
    "send_answer",
    "verify_acceptance",
    "verify_receipt",
    "verify_statement",
    "wire_bytes",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'saikne' has no attribute {name!r}")
    return getattr(import_module(f"saikne.{_HOME_OF[name]}"), name)
