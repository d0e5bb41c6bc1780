"""Money of training: the year's ceiling is stated once, and the month's report is one question."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from saikne_schemas.price_ceilings import CorrectCeiling, PriceCeiling, PriceCeilingView, WithdrawCeiling
from saikne_schemas.training import (
    AcceptContract,
    CertificateIssued,
    InformedFamily,
    Invoice,
    InvoicePaid,
    TrainingHeld,
)
from tests.journeys.by_command import done, told
from tests.journeys.play import Play, code_of
from tests.journeys.test_training import contract, outcome, said, shown

if TYPE_CHECKING:
    import httpx

THIS_MONTH = f"{datetime.now(UTC):%Y-%m}"


def ceiling(play: Play, **changes: object) -> PriceCeiling:
    statement: PriceCeiling = said(PriceCeiling, centre=play.requester.credentials.centre, **changes)
    return statement


async def test_a_years_ceiling_is_stated_once_and_both_centres_see_what_was_used(play: Play) -> None:
    first = ceiling(play, year=2026)
    stated = (await play.requester.tell(first)).matter
    assert await play.requester.tell(first) == await play.requester.tell(first)
    again = ceiling(play, year=2026)
    assert await outcome(play.requester, again) == (409, "training.ceiling-stated-already")
    other = contract(play, ceiling_cents=4600)
    for proposer in (play.requester, play.holder):
        assert await outcome(proposer, other.model_copy(update={"id": uuid4()})) == (
            422,
            "training.ceiling-differs",
        )
    accepted = await play.holder.tell(contract(play, ceiling_cents=None))
    assert accepted.warnings == []
    matter = accepted.matter
    for hub in (play.requester, play.holder):
        used = (await shown(hub, matter)).content.contract_ceiling
        assert used is not None
        assert (used.year, used.ceiling_cents, used.contract) == (2026, 4500, "BAC-2026/7")
    view = await (await play.by_hand(play.holder)).get(f"/v1/price-ceilings/{stated}")
    assert code_of(view) == (404, "matters.not-found")

    lowered = said(CorrectCeiling, matter=stated, ceiling_cents=3000, reason="mistyped")
    await play.requester.tell(lowered)
    content = (await play.requester.matter(PriceCeilingView, stated)).content
    assert [(one.ceiling_cents, one.reason) for one in content.before] == [(4500, "mistyped")]
    for kind in (AcceptContract, InformedFamily, TrainingHeld):
        hub = play.holder if kind is InformedFamily else play.requester
        await hub.tell(said(kind, matter=matter))
    assert await outcome(play.requester, said(Invoice, matter=matter)) == (422, "training.over-ceiling")
    costs = ("--cost", "lektors=360", "--cost", "telpas=81,50", "--cost", "materiāli=20")
    numbers = ("--reference", "REK-1", "--issued-on", "2026-03-25", "--participants", "12", "--own", "2")
    await done(play, play.requester, "training", "invoice", str(matter), *numbers, *costs)
    for hub in (play.requester, play.holder):
        charged = (await shown(hub, matter)).content
        assert charged.invoice_ceiling is not None
        assert (charged.amount_cents, charged.invoice_ceiling.ceiling_cents) == (6000, 3000)
    await play.requester.tell(said(WithdrawCeiling, matter=stated))
    assert (await play.requester.tell(again)).state == "in_force"
    await play.requester.tell(said(WithdrawCeiling, matter=(await play.requester.tell(again)).matter))


@pytest.fixture
async def paid(play: Play) -> str:
    """A training whose cost stands in this month's report of the family's centre; its invoice's number."""
    matter, number = (await play.requester.tell(contract(play))).matter, f"REK-{uuid4().int % 10**8}"
    await play.holder.tell(said(AcceptContract, matter=matter))
    await play.requester.tell(said(TrainingHeld, matter=matter))
    await play.requester.tell(said(CertificateIssued, matter=matter))
    today = datetime.now(UTC).date()
    await play.requester.tell(said(Invoice, matter=matter, invoice=number, issued_on=today))
    await play.holder.tell(said(InvoicePaid, matter=matter, paid_on=today, reported_month=THIS_MONTH))
    return number


async def test_the_months_report_tells_each_centre_its_own_side(play: Play, paid: str) -> None:
    for hub, place in ((play.holder, "cost"), (play.requester, "income")):
        report = await hub.training_report(THIS_MONTH)
        assert (report.month, report.centre) == (THIS_MONTH, hub.credentials.centre)
        (line,) = [one for one in report.lines if one.invoice == paid]
        assert (line.place, line.participants, line.own_participants) == (place, 12, 2)
        assert line.amount_cents == 7692
        of_place = [one for one in report.lines if one.place is line.place]
        (total,) = [one for one in report.sums if one.place is line.place]
        assert total.amount_cents == sum(one.amount_cents or 0 for one in of_place)
    nobodys = await play.stranger.training_report(THIS_MONTH)
    assert paid not in [one.invoice for one in nobodys.lines]


async def test_the_report_is_read_in_latvian_and_as_a_table(play: Play, paid: str) -> None:
    code, printed = await told(play, play.holder, "training", "report", THIS_MONTH, language="lv")
    assert (code, "Iekļaut atskaitē (samaksāts)" in printed, paid in printed) == (0, True, True)
    file = play.new_folder() / "atskaite.csv"
    file.parent.mkdir()
    await done(play, play.holder, "training", "report", THIS_MONTH, "--csv", str(file))
    (line,) = [one for one in file.read_text("utf-8-sig").splitlines() if paid in one]
    assert '"76,92"' in line.split(";")


@pytest.mark.parametrize("month", ["2026-13", "26-04", "2026-4"])
async def test_a_month_that_is_none_is_refused(play: Play, month: str) -> None:
    answer: httpx.Response = await (await play.by_hand(play.holder)).get(f"/v1/training-reports/{month}")
    assert code_of(answer)[1] == "reconciliation.month-malformed"
