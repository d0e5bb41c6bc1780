"""What may be added to a request, and what is awaited after it."""

from typing import Any
from uuid import uuid4

import pytest

from hub.exchange.documents import Asked, MayNotTravel, missing
from hub.exchange.supplement import (
    CHILDREN_AT_MOST,
    AddsNothing,
    NothingWasAsked,
    OneChildOnly,
    TooManyChildren,
    grown,
)
from hub.kernel.refusal import Refusal
from saikne import compose
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import ExchangeKind, FormType, SupplementReason
from tests.exchange.test_documents import CHILD, FAMILY, OTHER, WHOLE, answer, document

FAMILY_ASKED = Asked(ExchangeKind.FAMILY_CASE, FAMILY, [CHILD])
TOLD = Asked(ExchangeKind.CHILD_INFORMATION, None, [CHILD])
CHILD_ASKED = Asked(ExchangeKind.CHILD_IAP, None, [CHILD])
PLAN = FormType.SUPPORT_PLAN


def more(*forms: FormType, children: tuple[str, ...] = ()) -> Supplement:
    return compose(
        Supplement,
        exchange=uuid4(),
        children=list(children),
        forms=list(forms),
        reason=SupplementReason.FOUND_MISSING,
    )


def test_an_open_request_grows_and_keeps_what_it_asked() -> None:
    asked = grown(FAMILY_ASKED, more(PLAN, children=(CHILD, OTHER)), answered=False)
    assert (asked.children, asked.more_children, asked.more_forms) == ([CHILD, OTHER], [OTHER], [PLAN])
    assert not asked.answered_before
    twice = grown(asked, more(FormType.SELF_ASSESSMENT), answered=False)
    assert twice.more_forms == [PLAN, FormType.SELF_ASSESSMENT]


def test_after_a_confirmation_only_what_is_new_is_awaited() -> None:
    first = grown(FAMILY_ASKED, more(PLAN), answered=False)
    again = grown(first, more(PLAN, children=(OTHER,)), answered=True)
    assert (again.more_children, again.more_forms, again.answered_before) == ([OTHER], [PLAN], True)
    lacking = missing(answer(WHOLE[0]), again)
    assert [(one.form, one.subject) for one in lacking] == [(FormType.IAP, OTHER), (PLAN, FAMILY)]


def test_a_form_asked_for_is_mandatory_for_whom_it_is_about() -> None:
    asked = grown(FAMILY_ASKED, more(FormType.SELF_ASSESSMENT, FormType.OTHER_CHILD, PLAN), answered=False)
    found = missing(answer(*WHOLE, spouses=2), asked)
    assert [(one.form.value, one.subject, one.spouse) for one in found if one.subject != OTHER] == [
        ("self_assessment", FAMILY, 1),
        ("self_assessment", FAMILY, 2),
        ("other_child", CHILD, None),
        ("support_plan", FAMILY, None),
    ]


def test_a_mandatory_form_asked_for_again_is_counted_once() -> None:
    asked = grown(CHILD_ASKED, more(FormType.IAP), answered=False)
    assert len(missing(answer(document(FormType.OTHER_CHILD, CHILD), spouses=None), asked)) == 1


def test_a_request_grows_to_as_many_children_as_a_request_may_name() -> None:
    others = tuple(f"AG-1-B{number}" for number in range(1, CHILDREN_AT_MOST))
    assert len(grown(FAMILY_ASKED, more(children=others), answered=False).children) == CHILDREN_AT_MOST


@pytest.mark.parametrize(
    ("asked", "said", "refusal", "code"),
    [
        (CHILD_ASKED, more(PLAN), MayNotTravel, "exchange.document-may-not-travel"),
        (CHILD_ASKED, more(FormType.FAMILY_CASE), MayNotTravel, "exchange.document-may-not-travel"),
        (TOLD, more(FormType.NEEDS), NothingWasAsked, "exchange.nothing-was-asked"),
        (CHILD_ASKED, more(children=(OTHER,)), OneChildOnly, "exchange.one-child-only"),
        (FAMILY_ASKED, more(children=(CHILD,)), AddsNothing, "exchange.supplement-adds-nothing"),
        (
            FAMILY_ASKED,
            more(children=tuple(f"AG-1-B{number}" for number in range(20))),
            TooManyChildren,
            "exchange.too-many-children",
        ),
    ],
)
def test_what_may_not_be_added_is_refused(asked: Asked, said: Any, refusal: type[Refusal], code: str) -> None:
    with pytest.raises(refusal) as refused:
        grown(asked, said, answered=False)
    assert refused.value.code == code
