"""Every missing thing has its reason before an answer goes, each shown with its own (method S47-S55)."""

from typing import Any
from uuid import uuid4

import pytest

from hub.exchange.incomplete import FormsMissing, NotMissing, with_reasons
from hub.kernel.ids import CentreId
from saikne import compose
from saikne_schemas.manifests import Dispatch, MissingBecause
from saikne_schemas.views import MissingForm
from saikne_schemas.vocabulary import CaseSection, DeliveryChannel, ExchangeKind, FormType, LegalBasis
from saikne_schemas.vocabulary import IncompleteBecause as Because
from tests.exchange.bureau import Bureau
from tests.exchange.papers import HANDED, IN_PERSON, Desks, handed_over, paper, paper_answer

FAMILY = "AG-7741"
FIRST = {"form": FormType.COMPETENCE_REVIEW, "subject": FAMILY, "spouse": 1}
SECOND = {**FIRST, "spouse": 2}
CAPACITY = {"form": FormType.FAMILY_CASE, "subject": FAMILY, "section": CaseSection.CAPACITY}
MISSING = [MissingForm.model_validate(one) for one in (FIRST, SECOND, CAPACITY)]


def because(about: dict[str, Any], reason: Because) -> MissingBecause:
    return MissingBecause.model_validate({**about, "because": reason})


def said(of_all: Because | None, *of_each: MissingBecause) -> Dispatch:
    return compose(
        Dispatch, exchange=uuid4(), round=1, incomplete_because=of_all, missing_because=list(of_each)
    )


def reasons(dispatch: Dispatch) -> list[Because | None]:
    return [one.because for one in with_reasons(MISSING, dispatch)]


def test_one_reason_stands_for_all_that_has_none_of_its_own() -> None:
    assert reasons(said(Because.HELD_ELSEWHERE)) == [Because.HELD_ELSEWHERE] * 3
    own = because(SECOND, Because.NOT_DRAWN_UP)
    assert reasons(said(Because.HELD_ELSEWHERE, own)) == [
        *(Because.HELD_ELSEWHERE, Because.NOT_DRAWN_UP, Because.HELD_ELSEWHERE)
    ]


def test_each_has_its_own_reason_and_what_has_none_is_named() -> None:
    two = because(FIRST, Because.HELD_ELSEWHERE), because(CAPACITY, Because.NOT_DRAWN_UP)
    with pytest.raises(FormsMissing) as lacking:
        with_reasons(MISSING, said(None, *two))
    assert lacking.value.facts == {"missing": [f"competence_review {FAMILY} 2"]}
    third = because(SECOND, Because.NOT_KEPT_ELECTRONICALLY)
    assert reasons(said(None, *two, third)) == [
        *(Because.HELD_ELSEWHERE, Because.NOT_KEPT_ELECTRONICALLY, Because.NOT_DRAWN_UP)
    ]


@pytest.mark.parametrize("other", [{"spouse": None, "form": FormType.IAP}, {"subject": "AG-7742"}])
def test_a_reason_for_what_is_not_missing_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(NotMissing):
        with_reasons(MISSING, said(Because.NOT_DRAWN_UP, because({**FIRST, **other}, Because.NOT_DRAWN_UP)))


def test_two_reasons_for_one_thing_are_no_statement() -> None:
    twice = because(FIRST, Because.NOT_DRAWN_UP), because(FIRST, Because.HELD_ELSEWHERE)
    with pytest.raises(ValueError, match="each is named once"):
        said(None, *twice)


async def test_both_centres_see_the_reason_beside_each_missing_thing(
    bureau: Bureau, requester: CentreId, holder: CentreId
) -> None:
    desks = Desks(bureau, requester, holder)
    asked = {"kind": ExchangeKind.FAMILY_CASE, "family": FAMILY, "children": []}
    exchange = await desks.ask(IN_PERSON, **asked, legal_basis=LegalBasis.METHOD_FAMILY_MOVE)
    documents = [paper(FormType.FAMILY_CASE, FAMILY)]
    await desks.say(paper_answer(exchange, DeliveryChannel.IN_PERSON, spouses=2, documents=documents))
    before = (await desks.shown(exchange)).answer
    assert before is not None
    assert [(one.spouse, one.because) for one in before.missing] == [(1, None), (2, None)]
    one = handed_over(
        *(exchange, await desks.proof(), HANDED),
        missing_because=[because(SECOND, Because.HELD_ELSEWHERE)],
    )
    assert (await desks.refused(one)).facts == {"missing": [f"competence_review {FAMILY} 1"]}
    both = one.model_copy(update={"incomplete_because": Because.NOT_DRAWN_UP})
    await desks.say(both)
    after = (await desks.shown(exchange)).answer
    assert after is not None
    assert [(one.spouse, one.because) for one in after.missing] == [
        *((1, Because.NOT_DRAWN_UP), (2, Because.HELD_ELSEWHERE))
    ]


async def test_what_an_older_hub_kept_is_shown_with_the_one_reason_for_all(
    bureau: Bureau, requester: CentreId, holder: CentreId
) -> None:
    desks = Desks(bureau, requester, holder)
    asked = {"kind": ExchangeKind.FAMILY_CASE, "family": FAMILY, "children": []}
    exchange = await desks.ask(IN_PERSON, **asked, legal_basis=LegalBasis.METHOD_FAMILY_MOVE)
    documents = [paper(FormType.FAMILY_CASE, FAMILY)]
    await desks.say(paper_answer(exchange, DeliveryChannel.IN_PERSON, spouses=1, documents=documents))
    async with bureau.owner.transaction([requester, holder]) as tx:
        await tx.exec_driver_sql(
            "UPDATE hub.answer SET incomplete_because = 'not_drawn_up',"
            " missing = (SELECT jsonb_agg(one - 'because') FROM jsonb_array_elements(missing) AS one)"
            " WHERE exchange_id = $1",
            (exchange,),
        )
    answer = (await desks.shown(exchange)).answer
    assert answer is not None
    assert [one.because for one in answer.missing] == [Because.NOT_DRAWN_UP]
