"""Which way a password may take: another class of channel and another address than its archive.

Source: method S59, S60, S88-S91 (addresses are those a centre has notified, never free text); features N4.
Does not know how anything is sent. An archive fetched from the hub is addressed by the mailbox that is told
of it, so that mailbox gets no password either. By two mails only where both centres have agreed to it: then
two mailboxes are all that is left between the two ways, so they are never one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hub.centres.contacts import mailbox
from hub.kernel.refusal import Refusal
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import Receipt
from saikne_schemas.vocabulary import DeliveryChannel, PasswordChannel


class ChannelClass(StrEnum):
    HUB = "hub"
    EMAIL = "email"
    IN_PERSON = "in_person"
    POST = "post"
    PHONE = "phone"
    VOICE = "voice"


ARCHIVE_CLASS: dict[DeliveryChannel, ChannelClass] = {
    DeliveryChannel.HUB: ChannelClass.HUB,
    DeliveryChannel.EMAIL_TWO_STEP: ChannelClass.EMAIL,
    DeliveryChannel.IN_PERSON: ChannelClass.IN_PERSON,
    DeliveryChannel.REGISTERED_POST: ChannelClass.POST,
}
PASSWORD_CLASS: dict[PasswordChannel, ChannelClass] = {
    PasswordChannel.SMS: ChannelClass.PHONE,
    PasswordChannel.EMAIL: ChannelClass.EMAIL,
    PasswordChannel.VOICE: ChannelClass.VOICE,
}
_ARCHIVE_ADDRESS: dict[DeliveryChannel, Callable[[Contacts], str | None]] = {
    DeliveryChannel.HUB: lambda contacts: contacts.notices,
    DeliveryChannel.EMAIL_TWO_STEP: lambda contacts: contacts.archive_email,
}
"""The ways of an archive. Paper goes in person or by registered post (S88, S89) and needs no address here."""
_PASSWORD_ADDRESS: dict[PasswordChannel, Callable[[Contacts], str | None]] = {
    PasswordChannel.SMS: lambda contacts: contacts.password_phone,
    PasswordChannel.EMAIL: lambda contacts: contacts.password_email,
    PasswordChannel.VOICE: lambda contacts: contacts.voice_phone,
}


class ChannelNotOffered(Refusal):
    """An archive does not travel so."""

    code = "passwords.channel-not-offered"


class SameChannel(Refusal):
    """Both by mail, and the two centres have not agreed to that."""

    code = "passwords.same-channel"


class NoContact(Refusal):
    """The requester has not notified the address that this way needs."""

    code = "passwords.no-contact"


class SameAddress(Refusal):
    code = "passwords.same-address"


class ContactChanged(Refusal):
    """The requester has another address than when it asked: the old one may be lost, the new one false."""

    code = "passwords.contact-changed"


REFUSES = (ChannelNotOffered, SameChannel, NoContact, SameAddress)
"""What may be refused of the two ways that are wished for."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where the archive goes and where its password goes."""

    delivery: DeliveryChannel
    password_channel: PasswordChannel
    archive_address: str
    password_address: str

    @property
    def archive_class(self) -> ChannelClass:
        return ARCHIVE_CLASS[self.delivery]

    @property
    def password_class(self) -> ChannelClass:
        return PASSWORD_CLASS[self.password_channel]


def route(receipt: Receipt, contacts: Contacts, *, password_by_mail: bool = False) -> Route:
    """The two ways that a requester wished for, to the addresses it has notified; or a refusal.

    `password_by_mail`: the two centres have agreed that it may follow its archive by another mail.
    """
    if receipt.channel not in _ARCHIVE_ADDRESS or receipt.password_channel is None:
        raise ChannelNotOffered(channel=receipt.channel.value)
    same = ARCHIVE_CLASS[receipt.channel] is PASSWORD_CLASS[receipt.password_channel]
    if same and not password_by_mail:
        raise SameChannel(channel=receipt.channel.value, password_channel=receipt.password_channel.value)
    archive = _ARCHIVE_ADDRESS[receipt.channel](contacts)
    password = _PASSWORD_ADDRESS[receipt.password_channel](contacts)
    if archive is None:
        raise NoContact(channel=receipt.channel.value)
    if password is None:
        raise NoContact(channel=receipt.password_channel.value)
    if same_place(archive) == same_place(password):
        raise SameAddress(channel=receipt.channel.value, password_channel=receipt.password_channel.value)
    return Route(receipt.channel, receipt.password_channel, archive, password)


def same_place(address: str) -> str:
    """Two addresses that reach one mailbox or one telephone have the same form here."""
    if "@" not in address:
        return "+" + "".join(character for character in address if character.isdigit()).removeprefix("00")
    return mailbox(address)


def masked(address: str) -> str:
    """Enough to recognise an address that one knows, not enough to learn one."""
    if "@" not in address:
        return f"{address[:4]}…{address[-2:]}"
    name, domain = address.rsplit("@", 1)
    return f"{name[0]}…@{domain}"
