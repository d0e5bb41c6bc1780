"""Where a centre may be reached: two ways that are really two, and numbers that can get what is sent there.

Source: method S90, S91 (archive and password go different ways, to notified addresses); domain 4.4 (texts
only to mobile numbers). Whether an address is the centre's own is asked by people before admission.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from phonenumbers import PhoneNumberType

from hub.kernel.names import same
from hub.kernel.refusal import Refusal
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import AuthorisedPerson

_MAILBOX = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_GOOGLES = ("gmail.com", "googlemail.com")
_SPOKEN_TO = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE}


class ContactShared(Refusal):
    """Archive and password would arrive in one mailbox."""

    code = "centres.contact-shared"


class PhoneNotMobile(Refusal):
    code = "centres.phone-not-mobile"


class PhoneNotForSpeech(Refusal):
    """No such number, or one behind which no known person answers: premium, toll-free, over the internet."""

    code = "centres.phone-not-for-speech"


class EmailInvalid(Refusal):
    code = "centres.email-invalid"


@dataclass(frozen=True, slots=True)
class ContactsInForce:
    contacts: Contacts
    since: datetime
    """When they were entered: what was agreed before may still go to the ones before."""


def check_contacts(contacts: Contacts) -> None:
    """Refuse contacts that could not keep the two ways apart, or that nothing can reach."""
    for field in ("notices", "archive_email", "password_email"):
        address = getattr(contacts, field)
        if address is not None and not can_be_written_to(address):
            raise EmailInvalid(field=field)
    if contacts.password_phone and _kind(contacts.password_phone) != PhoneNumberType.MOBILE:
        raise PhoneNotMobile(field="password_phone")
    if contacts.voice_phone and _kind(contacts.voice_phone) not in _SPOKEN_TO:
        raise PhoneNotForSpeech(field="voice_phone")
    both = contacts.archive_email, contacts.password_email
    if None not in both and len({mailbox(address) for address in both if address}) == 1:
        raise ContactShared(fields=["archive_email", "password_email"])


def mailbox(address: str) -> str:
    """What two spellings of one mailbox have in common: no capitals, no part after a plus sign.

    Points say nothing in a mailbox of Google's, which has two domains.
    """
    local, _, domain = address.casefold().rpartition("@")
    local, domain = local.split("+")[0], domain.rstrip(".")
    if domain in _GOOGLES:
        local, domain = local.replace(".", ""), _GOOGLES[0]
    return f"{local}@{domain}"


def changed_fields(before: Contacts, now: Contacts) -> list[str]:
    """The names of what differs: addresses themselves are not evidence."""
    return [name for name in Contacts.model_fields if getattr(before, name) != getattr(now, name)]


def can_be_written_to(address: str) -> bool:
    """RFC 5322's plain form: the address is put into mail headers and shown on terminals."""
    mailbox_name, _, domain = address.rpartition("@")
    return bool(_MAILBOX.fullmatch(mailbox_name)) and all(map(_LABEL.fullmatch, domain.split(".")))


def is_listed(person: AuthorisedPerson, listed: Sequence[AuthorisedPerson]) -> bool:
    """Whether somebody of this name and position is among those listed, however it is written."""
    return any(same(person.name, one.name) and same(person.position, one.position) for one in listed)


def _kind(number: str) -> int | None:
    """What kind of number it is by its country's plan; None where it is none."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.number_type(parsed) if phonenumbers.is_valid_number(parsed) else None
