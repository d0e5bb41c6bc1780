"""By which way an answer goes, and whether both addresses stand as they were agreed (method S57, S90)."""

from hub.centres import store as centres
from hub.centres.casework import active
from hub.exchange import ways
from hub.exchange.casework.case import Case
from hub.passwords import casework as passwords
from hub.passwords.channels import ContactChanged, NoContact, Route, SameAddress, route
from hub.plumbing.database import Tx
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import Receipt
from saikne_schemas.vocabulary import PAPER_WAYS, DeliveryChannel


def agreed_with(case: Case, contacts: Contacts) -> Route:
    """The way agreed with the request, if the requester stands by both addresses still."""
    addresses = (case.record.archive_address, case.record.password_address)
    return _standing(case.record.receipt, contacts, addresses)


async def way_under_way(tx: Tx, case: Case, taken: str) -> Route:
    """Of a declared archive, which went the wished way or, where paper was wished, another."""
    ways.check_archive(taken)
    on_paper = case.record.receipt.channel in PAPER_WAYS
    kept = await passwords.kept(tx, case.handover) if on_paper else None
    await active(tx, [case.requester])
    contacts = (await centres.contacts(tx, case.requester)).contacts
    if kept is None:
        return agreed_with(case, contacts)
    actual = Receipt(channel=DeliveryChannel(taken), password_channel=kept.channel)
    return _standing(actual, contacts, (kept.archive_address, kept.address))


def _standing(receipt: Receipt, contacts: Contacts, addresses: tuple[str | None, str | None]) -> Route:
    """An agreement on passwords by mail that has ended since keeps no answer back."""
    try:
        way = route(receipt, contacts, password_by_mail=True)
    except (NoContact, SameAddress):
        raise ContactChanged from None
    if (way.archive_address, way.password_address) != addresses:
        raise ContactChanged
    return way
