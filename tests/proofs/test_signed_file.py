"""What was found in a signed file comes to one word: the worst that is said of any of its signatures."""

import pytest

from hub.proofs.signed_file import Findings
from saikne_schemas.signed_files import Verdict

SOUND: list[str] = []
NOT_TRACED = ["Signature validation", "Unable to verify signing certificate", "Certificate status: unknown"]
NOT_STAMPED = ["Signature validation", "RevocationValues object is missing"]
CHANGED = [*NOT_TRACED, "Failed to validate Reference 'apliecinajums.txt'"]
NEVER_HEARD = ["Signature validation", "something that no version before has said"]


def verdict(*complaints: list[str], lists: bool = True, opened: bool = True) -> Verdict:
    seen = [{"by": {"name": "Anna"}, "complaints": said} for said in complaints]
    return Findings.model_validate({"opened": opened, "lists": lists, "signatures": seen}).verdict


@pytest.mark.parametrize(
    ("complaints", "with_lists", "without"),
    [
        (SOUND, Verdict.VALID, Verdict.WHOLE),
        (NOT_TRACED, Verdict.UNTRUSTED, Verdict.WHOLE),
        (NOT_STAMPED, Verdict.INCOMPLETE, Verdict.INCOMPLETE),
        ([*NOT_TRACED, *NOT_STAMPED], Verdict.INCOMPLETE, Verdict.INCOMPLETE),
        (CHANGED, Verdict.ALTERED, Verdict.ALTERED),
        (NEVER_HEARD, Verdict.ALTERED, Verdict.ALTERED),
        ([*NOT_TRACED, "Certificate status: revoked"], Verdict.ALTERED, Verdict.ALTERED),
    ],
)
def test_a_signature_is_whole_only_where_nothing_but_the_trust_is_doubted(
    complaints: list[str], with_lists: Verdict, without: Verdict
) -> None:
    assert verdict(complaints) is with_lists
    assert verdict(complaints, lists=False) is without


def test_a_file_is_as_good_as_the_worst_of_its_signatures() -> None:
    assert verdict(SOUND, SOUND) is Verdict.VALID
    assert verdict(SOUND, NOT_TRACED) is Verdict.UNTRUSTED
    assert verdict(NOT_TRACED, NOT_STAMPED, SOUND) is Verdict.INCOMPLETE
    assert verdict(SOUND, CHANGED, NOT_STAMPED) is Verdict.ALTERED


def test_a_file_without_a_signature_is_not_one_that_does_not_open() -> None:
    assert verdict() is Verdict.UNSIGNED
    assert verdict(opened=False) is Verdict.ALTERED
