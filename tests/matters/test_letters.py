"""Every letter that the hub writes to a centre: who reads it, in which words, and where its reader looks.

Each notice of each workflow, and each reminder of each duty, goes to a real mailbox: it has its subject and
both languages, lacks no fact, leads to a page and a command which are there, and says of a term that the
method does not name that it is the hub's own.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from hub.board.routes.records import RECORDS
from hub.board.routes.work import WORK
from hub.duties.casework import Opening, opened
from hub.duties.duty import BY_THE_HUB, Basis
from hub.exchange.casework.copies import COPIES, ENGINE
from hub.exchange.casework.mailing import Postroom
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId, MatterId
from hub.matters.casework.records import Sent
from hub.matters.casework.telling import Notices
from hub.matters.workflow import Workflow
from hub.plumbing.blobs import Blobs
from hub.plumbing.database import Database
from hub.plumbing.outbound import Mail
from hub.plumbing.rows import insert
from hub.signing.keyring import Keyring
from hub.wording.catalogue import CATALOGUE, LANGUAGES, text
from hub.workdays.calendars import Policy
from hub.workflows import WORKFLOWS
from saikne import compose
from saikne_demo import mailboxes
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import Receipt
from saikne_schemas.offers import Offer
from saikne_schemas.vocabulary import DeliveryChannel, DutyKind, LegalBasis, PasswordChannel
from tests.client.printed import commands_in, unfit
from tests.exchange.bureau import CHILD, RECEIVED, Bureau, as_signed, request_for_copies
from tests.matters.beginning import begun

HUB = "https://hub.example"
OVERSEER = Contacts(notices="parraudziba@iestade.example")
OF_COPIES = COPIES.notices | {"mail_failed", "password_failed"}
REMINDERS = ("reminder", "overdue", "moved")
OWN_TERM = {text("mail.by-hub", language) for language in LANGUAGES}
PAGES = [
    re.sub(r"\{\w+:uuid\}", "[0-9a-f-]{36}", path) for handler in (*WORK, *RECORDS) for path in handler.paths
]


@pytest.fixture
def mailbox() -> Iterator[mailboxes.Mailbox]:
    mailbox = mailboxes.Mailbox().start()
    yield mailbox
    mailbox.stop()


@pytest.fixture
def mail(mailbox: mailboxes.Mailbox) -> Mail:
    return Mail.at(f"smtp://{mailbox.host}:{mailbox.port}", "saikne@hub.example")


@pytest.fixture
def bureau(database: Database, owner: Database, tmp_path: Path) -> Bureau:
    return Bureau(database, owner, Keyring(tmp_path / "keys"))


@pytest.fixture
def postroom(database: Database, mail: Mail, tmp_path: Path) -> Postroom:
    return Postroom(database, Blobs.from_url(tmp_path.as_uri()), mail, HUB, attachment_bytes=0)


def faults(letter: mailboxes.Mail, about: object) -> Iterator[str]:
    """What a reader would stumble over."""
    reference = f"Saikne Nr. {str(about)[:8].upper()}: "
    if not letter.subject.startswith(reference) or letter.subject == reference:
        yield f"subject: {letter.subject}"
    if len(letter.subject) > 60:
        yield f"too long: {letter.subject}"
    parts = letter.text.strip().split("\n\n")
    for part, mark in zip(parts, ("Skatīt: ", "See: "), strict=True):
        said, _, where = part.partition(f"\n{mark}")
        if not said or re.search(r"[{}]|None", part):
            yield f"lacks a fact: {part}"
        if not any(re.fullmatch(page, urlsplit(where.split()[0]).path) for page in PAGES):
            yield f"leads nowhere: {where}"
        commands = list(commands_in(part))
        if not commands:
            yield f"names no command: {part}"
        yield from filter(None, map(unfit, commands))


def stumbling(letters: Iterable[mailboxes.Mail], about: object) -> dict[str, list[str]]:
    return {one.subject: found for one in letters if (found := list(faults(one, about)))}


@pytest.mark.parametrize("workflow", [one for one in WORKFLOWS if one.notices], ids=lambda one: str(one.kind))
async def test_every_notice_of_a_matter_is_a_letter_to_a_party_that_it_can_follow(
    workflow: Workflow[Any], bureau: Bureau, mail: Mail, mailbox: mailboxes.Mailbox
) -> None:
    matter, parties = await begun(workflow, bureau)
    notices = Notices(bureau.database, mail, HUB)
    for notice in workflow.notices:
        for to in parties:
            told = {"matter": str(matter), "to": str(to), "by": str(matter), "notice": notice}
            await notices.tell(told)
    letters = mailbox.inbox(str(ZEMGALE.notices))
    assert len(letters) == len(workflow.notices) * len(parties)
    assert stumbling(letters, matter) == {}


async def test_every_notice_of_an_exchange_is_a_letter_that_its_reader_can_follow(
    bureau: Bureau, postroom: Postroom, mailbox: mailboxes.Mailbox
) -> None:
    """Of copies and of information, to each side; and to an overseer, who sees no exchange."""
    requester = await bureau.admit("Zemgale", "50008021661", ZEMGALE)
    holder = await bureau.admit("Ligzda", "40003521600", LIGZDA)
    overseer = await bureau.admit("BAC", "90000038741", OVERSEER)
    asked = await bureau.ask(RECEIVED, request_for_copies(requester, holder))
    for exchange in (asked, await _offered(bureau, requester, holder)):
        for notice in OF_COPIES:
            for to in (requester, holder, overseer):
                await postroom.tell({"exchange": str(exchange), "to": str(to), "notice": notice})
        for contacts in (ZEMGALE, LIGZDA, OVERSEER):
            read = [
                one
                for one in mailbox.inbox(str(contacts.notices))
                if str(exchange)[:8].upper() in one.subject
            ]
            assert len(read) == len(OF_COPIES)
            assert stumbling(read, exchange) == {}
            assert {f"/records/{exchange}" in one.text for one in read} == {contacts is not OVERSEER}


async def test_every_reminder_says_of_a_term_whether_it_is_the_hubs_own(
    bureau: Bureau, postroom: Postroom, mail: Mail, mailbox: mailboxes.Mailbox
) -> None:
    requester = await bureau.admit("Zemgale", "50008021661", ZEMGALE)
    holder = await bureau.admit("Ligzda", "40003521600", LIGZDA)
    exchange = await bureau.ask(RECEIVED, request_for_copies(requester, holder))
    owed = await owed_of_every_kind(bureau, exchange, holder)
    notices, unlike = Notices(bureau.database, mail, HUB), []
    for kind, duty in owed.items():
        for notice in REMINDERS:
            told = {"duty": duty, "to": str(holder), "notice": notice}
            await notices.remind({**told, "matter": str(exchange)})
            await postroom.remind({**told, "exchange": str(exchange)})
        letters = mailbox.inbox(str(LIGZDA.notices))[-2 * len(REMINDERS) :]
        assert stumbling(letters, exchange) == {}
        for letter in letters:
            marked = {sentence in letter.text for sentence in OWN_TERM}
            if marked != {kind in BY_THE_HUB}:
                unlike.append((kind, letter.text))
    assert unlike == []


def test_a_notice_that_names_days_says_whose_they_are() -> None:
    """Those of an answer are the method's (S78), the month's last three too (S76)."""
    by_method = {"request_received", "family_move.notice_late", "support_plan.talk_nears"}
    unlike = []
    of_matters = {f"{one.kind.value}.{notice}" for one in WORKFLOWS for notice in one.notices}
    for notice in (of_matters | OF_COPIES | {"plan", "information_dispatched"}) - by_method:
        for language in LANGUAGES:
            (said,) = CATALOGUE.forms(f"mail.{notice}", language)
            names_days = bool(re.search(r"\{until\}|working days|darbdien", said))
            if names_days is not (text("mail.by-hub", language) in said):
                unlike.append((notice, language))
    assert unlike == []


async def owed_of_every_kind(bureau: Bureau, about: ExchangeId, owner: CentreId) -> dict[DutyKind, str]:
    """A duty of each kind that one centre owes; each by its identity."""
    async with bureau.desk(RECEIVED, owner, OVERSIGHT) as desk:
        calendars = await bureau.calendars.current(desk.tx)
        for kind in DutyKind:
            opening = Opening(
                kind=kind,
                about=MatterId(about),
                owner=owner,
                awaited_by=(),
                starts_on=RECEIVED.date(),
                basis=Basis.AGREED,
                policy=Policy.STATUTORY,
                working_days=10,
            )
            if kind is not DutyKind.ANSWER:
                await insert(desk.tx, opened(opening, calendars)[1])
        found = await desk.tx.exec_driver_sql(
            "SELECT kind, id FROM hub.duty WHERE matter_id = $1 AND tenant_id = $2", (about, owner)
        )
        owed = {DutyKind(row.kind): str(row.id) for row in found}
    assert owed.keys() == set(DutyKind)
    return owed


async def _offered(bureau: Bureau, receiver: CentreId, holder: CentreId) -> ExchangeId:
    said = compose(
        Offer,
        holder=holder,
        receiver=receiver,
        child=CHILD,
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.VOICE),
    )
    assert COPIES.unasked is not None
    async with bureau.desk(RECEIVED, receiver, holder, OVERSIGHT) as desk:
        begun = await ENGINE.begin(desk, COPIES.unasked, Sent(holder, as_signed(said, RECEIVED), said))
    return ExchangeId(begun.exchange)
