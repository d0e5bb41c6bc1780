"""A family is trained by another centre than its own: from the contract to the paid invoice."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from hub.matters.casework.telling import SHORT
from saikne import Hub, HubRefusal
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.matters import MatterStatement
from saikne_schemas.training import (
    AcceptContract,
    CancelTraining,
    CertificateIssued,
    DeclineContract,
    InformedFamily,
    Invoice,
    InvoicePaid,
    TrainingContract,
    TrainingHeld,
    TrainingView,
)
from saikne_schemas.training_lists import TrainingState
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import Play, chain_of

SAID: Mapping[str, type[MatterStatement]] = {
    "accept": AcceptContract,
    "decline": DeclineContract,
    "informed": InformedFamily,
    "held": TrainingHeld,
    "certificate": CertificateIssued,
    "invoice": Invoice,
    "paid": InvoicePaid,
    "cancel": CancelTraining,
}
WAY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "proposed": (),
    "declined": (("familys", "decline"),),
    "in_force": (("familys", "accept"),),
    "cancelled": (("familys", "cancel"),),
    "held": (("familys", "accept"), ("trainer", "held")),
}
WAY = {
    **WAY,
    "certified": (*WAY["held"], ("trainer", "certificate")),
    "invoiced": (*WAY["held"], ("trainer", "invoice")),
}
WAY = {
    **WAY,
    "delivered": (*WAY["certified"], ("trainer", "invoice")),
    "paid": (*WAY["invoiced"], ("familys", "paid")),
}
WAY = {**WAY, "closed": (*WAY["delivered"], ("familys", "paid"))}
ALLOWED = {  # of a contract that the training centre proposed
    ("proposed", "familys", "accept"): "in_force",
    ("proposed", "familys", "decline"): "declined",
    ("proposed", "familys", "cancel"): "cancelled",
    ("proposed", "trainer", "cancel"): "cancelled",
    ("in_force", "familys", "informed"): "in_force",
    ("in_force", "familys", "cancel"): "cancelled",
    ("in_force", "trainer", "cancel"): "cancelled",
    ("in_force", "trainer", "held"): "held",
    ("held", "trainer", "certificate"): "certified",
    ("held", "trainer", "invoice"): "invoiced",
    ("certified", "trainer", "invoice"): "delivered",
    ("invoiced", "trainer", "certificate"): "delivered",
    ("invoiced", "familys", "paid"): "paid",
    ("delivered", "familys", "paid"): "closed",
    ("paid", "trainer", "certificate"): "closed",
}


def said(kind: type[MatterStatement], **changes: Any) -> Any:
    """The example's words under a new identity; `None` leaves a field out."""
    fields = {**EXAMPLES[kind], "id": uuid4(), **changes}
    given = {name: value for name, value in fields.items() if value is not None}
    return kind.model_validate_json(json.dumps(given, default=str))


def contract(play: Play, **changes: Any) -> TrainingContract:
    sides = {"trainer": play.requester.credentials.centre, "familys": play.holder.credentials.centre}
    statement: TrainingContract = said(TrainingContract, **{**sides, **changes})
    return statement


def hub_of(play: Play, role: str) -> Hub:
    others = {"familys": play.holder, "stranger": play.stranger, "overseer": play.overseer}
    return others.get(role, play.requester)


async def brought(play: Play, state: str) -> UUID:
    """A new matter in a state, the shortest way."""
    matter = (await play.requester.tell(contract(play))).matter
    for role, action in WAY[state]:
        await hub_of(play, role).tell(said(SAID[action], matter=matter))
    return matter


async def shown(hub: Hub, matter: UUID) -> TrainingView:
    return await hub.matter(TrainingView, matter)


async def outcome(hub: Hub, statement: MatterStatement) -> tuple[int, str]:
    with pytest.raises(HubRefusal) as refusal:
        await hub.tell(statement)
    return refusal.value.status, refusal.value.code


def test_every_state_has_its_way() -> None:
    assert WAY.keys() == set(TrainingState)


@pytest.mark.parametrize("state", WAY)
async def test_only_listed_steps_are_taken_by_their_role(play: Play, state: str) -> None:
    matter = await brought(play, state)
    for role in ("trainer", "familys", "stranger", "overseer"):
        wrong = {"stranger": (404, "matters.not-found"), "overseer": (403, "access.scope-missing")}
        for action, kind in SAID.items():
            after = ALLOWED.get((state, role, action))
            if after is None:
                refusal = await outcome(hub_of(play, role), said(kind, matter=matter))
                assert refusal == wrong.get(role, (409, "matters.step-not-allowed")), (role, action)
            else:
                other = await brought(play, state)
                taken = await hub_of(play, role).tell(said(kind, matter=other))
                assert (role, action, taken.state) == (role, action, after)
    assert (await shown(play.requester, matter)).state == state


async def test_a_contract_is_in_force_by_the_word_of_both_centres_and_the_family_signs_nothing(
    play: Play,
) -> None:
    """Method S97: nobody but the two centres is a party, and nothing waits for a family's signature."""
    matter = (await play.requester.tell(contract(play))).matter
    assert (await play.holder.tell(said(AcceptContract, matter=matter))).state == "in_force"
    view = await shown(play.holder, matter)
    centres = {play.requester.credentials.centre, play.holder.credentials.centre}
    assert {one.centre for one in view.parties} == centres
    signed = await play.sql("SELECT author_id, state FROM hub.statement WHERE matter_id = $1", matter)
    assert {row[0] for row in signed} == centres
    assert {duty.owner for duty in view.duties} <= centres
    with pytest.raises(ValidationError):
        said(AcceptContract, matter=matter, family_signed_by={"name": "Anna", "position": "audžumāte"})


async def test_the_training_centre_answers_what_the_familys_centre_proposed(play: Play) -> None:
    proposal = contract(play)
    matter = (await play.holder.tell(proposal)).matter
    assert await outcome(play.holder, said(AcceptContract, matter=matter)) == (
        409,
        "matters.step-not-allowed",
    )
    assert await outcome(play.holder, said(DeclineContract, matter=matter)) == (
        409,
        "matters.step-not-allowed",
    )
    assert (await play.requester.tell(said(AcceptContract, matter=matter))).state == "in_force"


async def test_a_training_is_told_from_the_contract_to_the_payment(play: Play) -> None:
    matter = await brought(play, "in_force")
    await play.mailed_about(matter, play.holder, "piedāvā līgumu")
    await play.holder.tell(said(InformedFamily, matter=matter))
    over = await play.requester.tell(said(TrainingHeld, matter=matter))
    assert over.warnings == []
    duties = (await shown(play.requester, matter)).duties
    owed = {(duty.kind, duty.stake, duty.by_method) for duty in duties if duty.ended_at is None}
    assert owed == {("certificate", "owes", False), ("invoice", "owes", False)}

    await play.requester.tell(said(Invoice, matter=matter))
    mail = await play.mailed_about(matter, play.holder, "mēneša finanšu atskaitē")
    assert "76" not in mail.subject.replace(str(matter)[:SHORT].upper(), "")  # an id may hold any digits
    assert "AG-7741" not in mail.text + mail.subject
    await play.requester.tell(said(CertificateIssued, matter=matter))
    assert (await play.holder.tell(said(InvoicePaid, matter=matter))).state == "closed"
    for hub in (play.requester, play.holder):
        view = await shown(hub, matter)
        content = view.content
        assert (content.average_cents, content.amount_cents) == (3846, 7692)
        assert sum(line.covered_cents for line in content.costs) == content.amount_cents
        assert (content.reported_by, content.reported_month) == ("familys", "2026-04")
        assert (content.income_account, content.income_use) == ("state_budget", "training_costs_only")
        assert {(duty.kind, duty.ending) for duty in view.duties} == {
            ("answer_proposal", "met"),
            ("tell_family", "met"),
            ("hold_training", "met"),
            ("certificate", "met"),
            ("invoice", "met"),
            ("report_cost", "met"),
        }
        events, verdict = await chain_of(hub)
        assert verdict.holds
        assert [event.kind for event in events if event.about == matter] == [
            "training.contract.proposed",
            "training.contract.accepted",
            "training.family.informed",
            "training.course.held",
            "training.invoice.issued",
            "training.certificate.issued",
            "training.invoice.paid",
        ]


async def test_a_statement_said_again_is_answered_as_the_first_was(play: Play) -> None:
    proposal = contract(play)
    first = await play.requester.tell(proposal)
    acceptance = said(AcceptContract, matter=first.matter)
    accepted = await play.holder.tell(acceptance)
    assert await play.requester.tell(proposal) == first
    assert await play.holder.tell(acceptance) == accepted
    assert len(await play.holder.matter_statements(first.matter)) == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lecturer": None, "sessions": []}, "training.clause-missing"),
        ({"price_cents": 4501}, "training.over-ceiling"),
        ({"familys": uuid4()}, "matters.party-unknown"),
    ],
)
async def test_a_contract_that_may_not_be_proposed_leaves_nothing(
    play: Play, changes: dict[str, Any], code: str
) -> None:
    before = await play.sql("SELECT count(*) FROM hub.matter")
    assert await outcome(play.requester, contract(play, **changes)) == (422, code)
    assert await play.sql("SELECT count(*) FROM hub.matter") == before


async def test_a_statement_that_is_refused_changes_nothing(play: Play) -> None:
    matter = await brought(play, "held")
    before = await shown(play.requester, matter)
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    for kind, changes, code in (
        (Invoice, {"amount_cents": 9001}, "training.over-ceiling"),
        (Invoice, {"amount_cents": 7693}, "training.amount-does-not-fit"),
        (Invoice, {"issued_on": "2026-03-20"}, "days.before-cause"),
        (CertificateIssued, {"issued_on": tomorrow}, "days.in-the-future"),
    ):
        assert await outcome(play.requester, said(kind, matter=matter, **changes)) == (422, code)
    assert await shown(play.requester, matter) == before


async def test_a_training_is_told_by_commands(play: Play) -> None:
    propose = (
        *("training", "propose", "--with", "Ligzda", "--as", "trainer", "--reference", "MAC-2026/12"),
        *("--kind", "specialisation", "--topic", "behaviour", "--hours", "6,5", "--form", "in_person"),
        *("--session", "2026-03-14 10:00-16:30", "--premises", "hired"),
        *("--territory", "LV-JEL"),
        *("--lecturer", "Ilga Meža;psiholoģe", "--family", "AG-7741", "--contacts-in", "MAC-2026/12-P1"),
        *("--charged-at-cost", "--payment", "transfer_after_invoice", "--payment-days", "15"),
        *("--signed-by", "Ieva Priede;vadītāja"),
    )
    assert await refused(play, play.requester, *propose) == (1, "training.clause-missing")
    code, printed = await told(play, play.requester, *propose, language="lv")
    assert (code, "Trūkst: cenas princips un griesti." in printed) == (1, True)
    code, printed = await told(play, play.requester, *propose, "--ceiling", "1 234,50", "--json")
    assert (code, "saikne training ceiling" in printed) == (0, True)  # no price is stated for the year
    begun = json.loads(printed[printed.index("{") :])
    matter = begun["matter"]
    await done(play, play.holder, "training", "accept", matter, "--signed-by", "Solvita Krēsliņa;vadītāja")
    await done(play, play.holder, "training", "informed", matter, "--on", "2026-03-10")
    over = ("training", "held", matter, "--ended-on", "2026-03-14", "--attended", "6")
    code, printed = await told(play, play.requester, *over, language="lv")
    assert (code, "piedalījās mazāk stundu" in printed) == (0, True), printed
    issued = ("--reference", "APL-2026/9", "--issued-on", "2026-03-16")
    await done(play, play.requester, "training", "certificate", matter, *issued)
    invoice = (
        *("training", "invoice", matter, "--reference", "REK-2026/9", "--issued-on", "2026-03-17"),
        *("--cost", "lecturer=360,00", "--cost", "premises=81.50", "--participants", "12", "--own", "1"),
        *("--average", "36,79"),
    )
    code, printed = await told(play, play.requester, *invoice, "--amount", "36,97", language="en")
    assert (code, "By the costs: 36,79\u00a0€" in printed) == (1, True), printed
    code, printed = await told(play, play.requester, *invoice, "--amount", "36,79", language="en")
    assert (code, "do not put this family into your monthly report" in printed) == (0, True), printed
    code, printed = await told(play, play.holder, "matter", matter, language="lv")
    assert "Cenas griesti dalībniekam: 1\u00a0234,50\u00a0€" in printed
    assert "lektors; 360,00\u00a0€; 30,00\u00a0€, telpas; 81,50\u00a0€; 6,79\u00a0€" in printed
    assert "audžuģimenes centrs; mācības nodrošinošais centrs šo ģimeni savā atskaitē neiekļauj" in printed
    paid = ("training", "paid", matter, "--on", "2026-03-20", "--month", "2026-03")
    assert (await done(play, play.holder, *paid))["state"] == "closed"
