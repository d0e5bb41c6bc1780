"""What is written down of a family beside its plan: services given, and what the family told at once."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from hub.kernel.days import DateInTheFuture
from hub.plans.activities import added
from hub.plans.services import SpecialistNotAgreed, given, reported
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.plan_lists import CompetenceCategory, FamilyTells, ServiceKind
from saikne_schemas.plans import ActivityAdded, FamilyReported, ServiceGiven
from tests.plans.papers import agreed, of, scene

ACTIVITY: Any = EXAMPLES[ActivityAdded]["activity"]


@pytest.mark.parametrize("kind", sorted(set(ServiceKind) - {ServiceKind.SPECIALIST_IN_REVIEW}))
def test_every_service_is_kept_with_its_day(kind: ServiceKind) -> None:
    once = given(agreed(), of(ServiceGiven, service=kind, on="2026-03-02", family_agreed=False), scene())
    twice = given(once.content, of(ServiceGiven, service=kind, on="2026-04-02"), scene())
    assert [(one.service, one.on) for one in twice.content.services] == [
        (kind, date(2026, 3, 2)),
        (kind, date(2026, 4, 2)),
    ]


def test_a_specialist_joins_the_review_only_if_the_family_agrees() -> None:
    assert given(agreed(), of(ServiceGiven), scene()).content.services[0].service == "specialist_in_review"
    with pytest.raises(SpecialistNotAgreed):
        given(agreed(), of(ServiceGiven, family_agreed=False), scene())


@pytest.mark.parametrize("what", FamilyTells)
def test_what_the_family_told_at_once_is_kept(what: FamilyTells) -> None:
    after = reported(agreed(), of(FamilyReported, what=what, on="2026-04-14"), scene())
    assert [(one.what, one.on) for one in after.content.reports] == [(what, date(2026, 4, 14))]


def test_nothing_was_given_or_told_tomorrow() -> None:
    with pytest.raises(DateInTheFuture):
        given(agreed(), of(ServiceGiven, on="2099-01-01"), scene())
    with pytest.raises(DateInTheFuture):
        reported(agreed(), of(FamilyReported, on="2099-01-01"), scene())


@pytest.mark.parametrize("category", CompetenceCategory)
def test_an_activity_strengthens_a_competence_of_the_method_or_of_the_guidelines_own(
    category: CompetenceCategory,
) -> None:
    """How many there are is counted nowhere: `other` takes what the guidelines group otherwise."""
    activity = {**ACTIVITY, "no": 3, "category": category.value}
    plan = added(agreed(), of(ActivityAdded, activity=activity), scene()).content
    assert plan.activities[-1].category is category
    with pytest.raises(ValidationError):
        of(ActivityAdded, activity={**activity, "category": "patience"})
