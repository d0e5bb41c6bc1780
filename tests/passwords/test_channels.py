"""Archive and password never take the same way, whatever a centre wishes and whatever it has notified."""

from itertools import product

import pytest

from hub.passwords.channels import (
    ARCHIVE_CLASS,
    PASSWORD_CLASS,
    ChannelNotOffered,
    NoContact,
    SameAddress,
    SameChannel,
    masked,
    route,
    same_place,
)
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import Receipt
from saikne_schemas.vocabulary import DeliveryChannel, PasswordChannel

CONTACTS = Contacts(
    notices="birojs@ac.example",
    archive_email="lietas@ac.example",
    password_phone="+37120000001",
    password_email="paroles@ac.example",
    voice_phone="+37160000002",
)
PAIRS = list(product(DeliveryChannel, PasswordChannel))


def receipt(channel: DeliveryChannel, password_channel: PasswordChannel) -> Receipt:
    """Also what the wire would not let through: paper with a password."""
    return Receipt.model_construct(channel=channel, password_channel=password_channel)


def outcome(channel: DeliveryChannel, password_channel: PasswordChannel) -> tuple[str, str] | str:
    try:
        way = route(receipt(channel, password_channel), CONTACTS)
    except (ChannelNotOffered, SameChannel) as refused:
        return refused.code
    assert way.archive_class is not way.password_class
    return way.archive_address, way.password_address


def test_every_pair_of_channels_has_a_decided_outcome() -> None:
    not_yet = "passwords.channel-not-offered"
    assert {f"{a}/{b}": outcome(a, b) for a, b in PAIRS} == {
        "hub/sms": ("birojs@ac.example", "+37120000001"),
        "hub/email": ("birojs@ac.example", "paroles@ac.example"),
        "hub/voice": ("birojs@ac.example", "+37160000002"),
        "email_two_step/sms": ("lietas@ac.example", "+37120000001"),
        "email_two_step/email": "passwords.same-channel",
        "email_two_step/voice": ("lietas@ac.example", "+37160000002"),
        **{f"{a}/{b}": not_yet for a in ("in_person", "registered_post") for b in PasswordChannel},
    }


def test_every_channel_has_a_class() -> None:
    assert set(ARCHIVE_CLASS) == set(DeliveryChannel)
    assert set(PASSWORD_CLASS) == set(PasswordChannel)


@pytest.mark.parametrize(
    "address", ["birojs@ac.example", "BIROJS@AC.example", "birojs+paroles@ac.example", "birojs@ac.example."]
)
def test_the_mailbox_that_is_told_of_the_archive_gets_no_password(address: str) -> None:
    contacts = CONTACTS.model_copy(update={"password_email": address})
    with pytest.raises(SameAddress) as refused:
        route(receipt(DeliveryChannel.HUB, PasswordChannel.EMAIL), contacts)
    assert refused.value.code == "passwords.same-address"


BY_MAIL_TWICE = receipt(DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.EMAIL)


def test_two_mails_go_to_two_mailboxes_where_the_centres_have_agreed_to_that() -> None:
    way = route(BY_MAIL_TWICE, CONTACTS, password_by_mail=True)
    assert (way.archive_address, way.password_address) == ("lietas@ac.example", "paroles@ac.example")
    for mailbox in (None, "+37120000001"):
        with pytest.raises(NoContact):
            route(
                BY_MAIL_TWICE,
                CONTACTS.model_copy(update={"password_email": None, "password_phone": mailbox}),
                password_by_mail=True,
            )


@pytest.mark.parametrize(
    ("archive", "password"),
    [
        ("lietas@ac.example", "lietas@ac.example"),
        ("lietas@ac.example", "LIETAS@AC.Example"),
        ("lietas@ac.example", "lietas+paroles@ac.example"),
        ("lietas+arhivi@ac.example", "lietas+paroles@ac.example."),
        ("lie.tas@gmail.com", "l.ietas+p@googlemail.com"),
    ],
)
def test_two_mails_never_go_to_one_mailbox_whatever_was_agreed(archive: str, password: str) -> None:
    contacts = CONTACTS.model_copy(update={"archive_email": archive, "password_email": password})
    with pytest.raises(SameAddress):
        route(BY_MAIL_TWICE, contacts, password_by_mail=True)


def test_a_point_makes_another_mailbox_but_for_those_that_overlook_it() -> None:
    assert same_place("lie.tas@ac.example") != same_place("lietas@ac.example")


@pytest.mark.parametrize(
    ("channel", "password_channel", "absent"),
    [
        (DeliveryChannel.HUB, PasswordChannel.SMS, "password_phone"),
        (DeliveryChannel.HUB, PasswordChannel.EMAIL, "password_email"),
        (DeliveryChannel.HUB, PasswordChannel.VOICE, "voice_phone"),
        (DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.SMS, "archive_email"),
    ],
)
def test_a_way_without_a_notified_address_is_refused(
    channel: DeliveryChannel, password_channel: PasswordChannel, absent: str
) -> None:
    with pytest.raises(NoContact) as refused:
        route(receipt(channel, password_channel), CONTACTS.model_copy(update={absent: None}))
    assert refused.value.code == "passwords.no-contact"


def test_a_telephone_is_the_same_however_it_is_written() -> None:
    assert same_place("+371 2000-0001") == same_place("0037120000001") == "+37120000001"


def test_a_masked_address_can_be_recognised_but_not_learnt() -> None:
    assert masked("+37120000001") == "+371…01"
    assert masked("paroles@ac.example") == "p…@ac.example"
