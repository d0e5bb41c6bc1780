"""What the hub knows is not asked of anybody: a command that names the matter is enough."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pypdfium2

from saikne import compose
from saikne_schemas.child_moves import BeginChildMove, ChildMoveView, ChildPlaced
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.training import Invoice, TrainingView
from saikne_schemas.vocabulary import ExchangeKind, LegalBasis
from tests.journeys.by_command import done, refused
from tests.journeys.family_moves import dated
from tests.journeys.play import FAMILY, Play
from tests.journeys.test_training import brought

SIGNED = ("--signer", "Ieva Priede;vadītāja", "--family", "Anna Bērziņa")


def said_in(file: Path) -> str:
    document = pypdfium2.PdfDocument(file)
    said = " ".join(document[0].get_textpage().get_text_range().split())
    document.close()
    return said


async def test_a_letter_to_the_court_takes_all_from_the_move(play: Play, tmp_path: Path) -> None:
    move, file = str(await dated(play)), tmp_path / "vestule.pdf"
    letter = ("court-letter", *SIGNED, "--to", str(file))
    assert await refused(play, play.requester, *letter) == (2, "input.needed")
    assert (await done(play, play.requester, *letter, "--move", move[:8]))["court"] == "LV-041"
    said = said_in(file)
    assert FAMILY in said
    assert "2026. gada 1. septembr" in said
    assert "Ligzda" in said
    other = ("court-letter", *SIGNED, "--to", str(tmp_path / "cita.pdf"), "--reference", "AG-1")
    await done(play, play.requester, *other, "--move", move)
    assert "AG-1" in said_in(tmp_path / "cita.pdf")


async def test_an_invoices_sums_follow_from_its_costs_and_the_contract(play: Play) -> None:
    matter = await brought(play, "held")
    invoice = ("training", "invoice", str(matter), "--reference", "R-7", "--cost", "lektors=360,00")
    counted = ("--issued-on", str(EXAMPLES[Invoice]["issued_on"]), "--participants", "10", "--own", "1")
    await done(play, play.requester, *invoice, *counted)
    charged = (await play.requester.matter(TrainingView, matter)).content
    assert (charged.average_cents, charged.amount_cents) == (3600, min(3600, charged.ceiling_cents))


async def test_a_childs_iap_is_asked_for_by_its_move(play: Play) -> None:
    child = f"{FAMILY}-B7"
    beginning = compose(
        BeginChildMove,
        new=play.requester.credentials.centre,
        previous=play.holder.credentials.centre,
        child=child,
    )
    matter = (await play.requester.tell(beginning)).matter
    await play.requester.tell(compose(ChildPlaced, matter=matter, placed_on=date(2026, 9, 1)))
    acts = await done(play, play.requester, "today")
    named = [duty["act"] for group in acts.values() for duty in group if duty["concerns"] == str(matter)]
    assert f"saikne child-move request-iap {matter}" in named
    how = ("--receipt", "hub", "--password", "sms")
    await done(play, play.requester, "child-move", "request-iap", str(matter), *how)
    asked = (await play.requester.matter(ChildMoveView, matter)).content.plan_asked
    assert isinstance(asked, UUID)
    exchange = await play.requester.exchange(asked)
    assert (exchange.kind, exchange.children) == (ExchangeKind.CHILD_IAP, [child])
    assert exchange.legal_basis == LegalBasis.METHOD_CHILD_MOVE
