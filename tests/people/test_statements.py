"""Every statement that centres make is one that some act lets a person sign, or is a machine's by name."""

from typing import Any

from hub.exchange.casework.answering import NOTHING
from hub.exchange.casework.copies import COPIES, dispatching, revealing
from hub.exchange.casework.handing_over import Shown
from hub.matters.workflow import Workflow
from hub.people.person import MAY, PersonRole
from hub.people.statements import ANY_WORK, MAY_STATE, acts_for
from hub.workflows import WORKFLOWS
from saikne_schemas import manifests, outside, paper, plan_sendings, proofs, reconciliation, registrations
from saikne_schemas.agreements import AcceptAgreement
from saikne_schemas.person_keys import Act, PersonKey
from saikne_schemas.register_entries import RegisterExtract
from saikne_schemas.wire import WireDocument

BESIDE = {
    *(outside.NameOutsideCentre, outside.CorrectOutsideCentre, proofs.OpenProof, proofs.ReadSigned),
    *(plan_sendings.PlanRecipient, plan_sendings.PlanDispatch, reconciliation.ResolveDifference),
}
"""Taken by calls of their own, beside the engine's."""
OF_MACHINES: tuple[type[WireDocument], ...] = (
    *(RegisterExtract, registrations.ClaimRegistrations),
    *(registrations.ReportOutcomes, PersonKey),
)


def stated_in(workflow: Workflow[Any, Any, Any]) -> set[type]:
    openings = [one.statement for one in (workflow.opening, workflow.unasked) if one is not None]
    return {*openings, *(verb.statement for verb in workflow.verbs)}


def stated() -> set[type]:
    of_copies = {dispatching(NOTHING).statement, revealing(Shown()).statement}
    return of_copies.union(BESIDE, stated_in(COPIES), *map(stated_in, WORKFLOWS))


def test_every_statement_has_its_act_and_no_act_a_statement_that_nobody_makes() -> None:
    listed = frozenset[type]().union(*MAY_STATE.values())
    assert listed == stated()
    assert MAY_STATE.keys() == set(Act)


def test_what_machines_say_no_person_says() -> None:
    assert [one for one in OF_MACHINES if acts_for(one)] == []


def test_an_act_reaches_as_far_as_its_word() -> None:
    assert acts_for(manifests.RequestForCopies) == {Act.ASK}
    assert acts_for(manifests.Dispatch) == {Act.DISPATCH}
    assert acts_for(manifests.Confirmation) == {Act.CONFIRM}
    assert acts_for(paper.WrongRecipient) == ANY_WORK - {Act.AGREE}
    assert not acts_for(AcceptAgreement) & MAY[PersonRole.SOCIAL_WORKER]
