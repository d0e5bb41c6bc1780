"""What is written down of a family beside its plan: services given, and what the family told at once.

Source: method S20, S67, S139, S140, S143, S145. Kinds and days only: what was said stays with the centre.
"""

from hub.kernel.days import happened
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from saikne_schemas.plan_lists import ServiceKind
from saikne_schemas.plans import FamilyReported, Plan, Report, Service, ServiceGiven


class SpecialistNotAgreed(Refusal):
    """A specialist takes part in the competence review only if the family agrees (method S20)."""

    code = "plans.specialist-not-agreed"


def given(plan: Plan, service: ServiceGiven, scene: Scene) -> Outcome[Plan]:
    happened(service.on, scene.today)
    if service.service is ServiceKind.SPECIALIST_IN_REVIEW and not service.family_agreed:
        raise SpecialistNotAgreed
    services = [*plan.services, Service(service=service.service, on=service.on)]
    facts = {"service": service.service.value, "on": service.on.isoformat()}
    return Outcome(plan.model_copy(update={"services": services}), facts=facts)


def reported(plan: Plan, report: FamilyReported, scene: Scene) -> Outcome[Plan]:
    happened(report.on, scene.today)
    reports = [*plan.reports, Report(what=report.what, on=report.on)]
    facts = {"what": report.what.value, "on": report.on.isoformat()}
    return Outcome(plan.model_copy(update={"reports": reports}), facts=facts)
