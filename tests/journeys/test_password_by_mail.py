"""Archive and password by two mails: only where both centres agreed, to two mailboxes, told as weaker."""

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from saikne import Hub, HubRefusal, compose
from saikne_schemas.agreements import AcceptAgreement, AgreementView, ProposeAgreement
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import Receipt
from saikne_schemas.offers import Offer
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    ExchangeState,
    LegalBasis,
    PasswordChannel,
    SignaturesAgreed,
)
from tests.journeys.conftest import centre
from tests.journeys.play import CHILD, Play, chain_of
from tests.journeys.test_agreements import HEAD
from tests.journeys.test_story import is_password

DZERVE = Contacts(
    notices="centrs@dzerve.example",
    archive_email="lietas@dzerve.example",
    password_email="paroles@dzerve.example",
    password_phone="+37120000077",
)
TWICE = (DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.EMAIL)


async def agreed(play: Play, *, by_mail: bool) -> AgreementView:
    """The new centre records it, the previous one confirms it."""
    since = date.today() - timedelta(days=2)  # noqa: DTZ011  # far enough from any midnight
    proposal = compose(
        ProposeAgreement,
        proposer=play.requester.credentials.centre,
        addressee=play.holder.credentials.centre,
        reference="VIEN-2026/9",
        signed_on=since,
        valid_from=since,
        signatures=SignaturesAgreed.PLAIN,
        password_by_mail=by_mail,
        signed_by=HEAD,
    )
    matter = (await play.requester.tell(proposal)).matter
    await play.holder.tell(compose(AcceptAgreement, matter=matter, signed_by=HEAD))
    return await play.holder.matter(AgreementView, matter)


async def refused(play: Play) -> str:
    with pytest.raises(HubRefusal) as refusal:
        await play.ask(TWICE)
    return refusal.value.code


async def test_a_password_follows_its_archive_by_mail_only_while_both_have_agreed_to_it(play: Play) -> None:
    async with Hub(await centre(play.stage, "Dzērve", "40008000263", DZERVE)) as asking:
        folder = play.new_folder()
        folder.mkdir()
        mine = replace(play, requester=asking, folder=folder)
        assert await refused(mine) == "passwords.same-channel"
        await agreed(mine, by_mail=False)
        assert await refused(mine) == "passwords.same-channel"
        paper = await agreed(mine, by_mail=True)
        assert paper.content.password_by_mail
        exchange = await mine.ask(TWICE)
        assert (await play.holder.exchange(exchange)).weaker_way
        await play.holder.tell(offer(mine))
        yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011  # ended, whatever the hour
        await play.sql(
            "UPDATE hub.matter SET content = jsonb_set(content::jsonb, '{valid_to}', to_jsonb($2::text))"
            " WHERE matter_id = $1",
            *(paper.id, yesterday.isoformat()),
        )
        assert await refused(mine) == "passwords.same-channel"
        with pytest.raises(HubRefusal, match=r"passwords\.same-channel"):
            await play.holder.tell(offer(mine))
        await arrives_by_two_mails(mine, exchange)


def offer(play: Play) -> Offer:
    return compose(
        Offer,
        holder=play.holder.credentials.centre,
        receiver=play.requester.credentials.centre,
        child=CHILD,
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        receipt=Receipt(channel=TWICE[0], password_channel=TWICE[1]),
    )


async def arrives_by_two_mails(play: Play, exchange: UUID) -> None:
    """What was asked for while it held is answered so, although the agreement has ended."""
    answered = await play.answer(exchange)
    archive = await play.mailed(str(DZERVE.archive_email), exchange)
    mail = await play.mailed(str(DZERVE.password_email), exchange)
    password = next(line.strip() for line in mail.text.splitlines() if is_password(line.strip()))
    assert (len(archive.attachments), mail.attachments) == (1, [])
    assert password not in archive.text + archive.subject
    view = await play.requester.exchange(exchange)
    assert view.answer is not None
    assert view.answer.password is not None
    assert view.answer.password.weaker
    path = play.new_folder().with_suffix(".zip")
    path.write_bytes(archive.attachments[0].content)
    opened = await play.open(path, password)
    assert opened.manifest == answered.manifest
    done = await play.requester.tell(play.confirmation(exchange, 1, opened))
    assert done.state is ExchangeState.CONFIRMED
    (opening,) = [
        event
        for event in (await chain_of(play.holder))[0]
        if (event.about, event.kind) == (exchange, "exchange.request.opened")
    ]
    assert json.loads(opening.body)["weaker_way"] is True
