"""What two centres agreed in writing about signatures decides; the youngest paper counts (MK 473 p. 3)."""

from datetime import date

import pytest

from hub.agreements.agreement import (
    AgreementEnded,
    QualifiedSignatureNeeded,
    password_by_mail,
    require_enough,
    signatures_between,
)
from hub.proofs.sufficing import SignatureUntrusted
from saikne_schemas.agreements import Agreement
from saikne_schemas.signed_files import Verdict
from saikne_schemas.vocabulary import SignaturesAgreed

PLAIN, QUALIFIED = SignaturesAgreed.PLAIN, SignaturesAgreed.QUALIFIED


MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


def paper(begins: date, ends: date | None = None, says: SignaturesAgreed = PLAIN) -> Agreement:
    return Agreement(reference="V-1", signed_on=begins, valid_from=begins, valid_to=ends, signatures=says)


def test_without_a_paper_of_their_own_the_agreement_with_the_hub_holds() -> None:
    assert signatures_between([], date(2026, 3, 1)) is PLAIN


def test_a_paper_decides_from_its_first_to_its_last_day() -> None:
    one = paper(date(2026, 3, 1), date(2026, 3, 31), QUALIFIED)
    assert signatures_between([one], date(2026, 2, 28)) is PLAIN
    assert signatures_between([one], date(2026, 3, 1)) is QUALIFIED
    assert signatures_between([one], date(2026, 3, 31)) is QUALIFIED


def test_a_paper_that_has_ended_is_refused_and_named() -> None:
    with pytest.raises(AgreementEnded) as ended:
        signatures_between([paper(date(2026, 3, 1), date(2026, 3, 31))], date(2026, 4, 1))
    assert ended.value.facts == {"reference": "V-1", "last_day": "2026-03-31"}


def test_a_younger_paper_takes_the_place_of_an_ended_one() -> None:
    papers = [paper(date(2026, 1, 1), date(2026, 3, 31)), paper(date(2026, 4, 1), None, QUALIFIED)]
    assert signatures_between(papers, date(2026, 4, 1)) is QUALIFIED
    assert signatures_between(papers, date(2026, 3, 1)) is PLAIN


def test_a_paper_for_a_short_time_leaves_the_older_one_in_force_behind_it() -> None:
    papers = [paper(date(2026, 1, 1), None, QUALIFIED), paper(MARCH, date(2026, 3, 31))]
    assert signatures_between(papers, date(2026, 3, 31)) is PLAIN
    assert signatures_between(papers, date(2026, 4, 1)) is QUALIFIED


def test_of_two_papers_the_one_that_began_last_decides_and_of_one_day_the_one_given_last() -> None:
    assert signatures_between([paper(MAY, None, QUALIFIED), paper(MARCH)], MAY) is QUALIFIED
    assert signatures_between([paper(MAY, None, QUALIFIED), paper(MAY)], MAY) is PLAIN


def test_a_paper_that_is_still_to_begin_does_not_hide_that_another_has_ended() -> None:
    papers = [paper(date(2026, 1, 1), date(2026, 2, 1)), paper(MARCH, date(2026, 3, 31)), paper(MAY)]
    with pytest.raises(AgreementEnded) as ended:
        signatures_between(papers, date(2026, 4, 1))
    assert ended.value.facts["last_day"] == "2026-03-31"


def test_a_plain_signature_suffices_unless_the_paper_wants_a_qualified_one() -> None:
    wants = [paper(MARCH, None, QUALIFIED)]
    require_enough([paper(MARCH)], MAY, qualified=False)
    require_enough(wants, MAY, qualified=True)
    with pytest.raises(QualifiedSignatureNeeded):
        require_enough(wants, MAY, qualified=False)
    with pytest.raises(SignatureUntrusted):
        require_enough(wants, MAY, qualified=False, files=[Verdict.UNSIGNED, Verdict.UNTRUSTED])
    require_enough([paper(MARCH)], MAY, qualified=False, files=[Verdict.UNTRUSTED])


def test_a_password_goes_by_mail_while_the_paper_that_says_so_decides() -> None:
    by_mail = paper(MARCH, date(2026, 4, 30)).model_copy(update={"password_by_mail": True})
    assert not password_by_mail([], MAY)
    assert not password_by_mail([paper(MARCH)], MARCH)
    assert [
        password_by_mail([by_mail], day) for day in (date(2026, 2, 28), MARCH, date(2026, 4, 30), MAY)
    ] == [*(False, True, True, False)]
    assert not password_by_mail([by_mail, paper(date(2026, 4, 1))], date(2026, 4, 2))
