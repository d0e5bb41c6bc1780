"""A signed file suffices, is claimed to, or is refused with what it lacks."""

import pytest

from hub.kernel.refusal import Refusal
from hub.proofs.sufficing import INSUFFICIENT, SignatureAltered, relied_on, say_what_lacks
from saikne_schemas.signed_files import Verdict
from saikne_schemas.vocabulary import RequestSignatures

CLAIMED = RequestSignatures.QUALIFIED_CLAIMED
RELIED_ON = {
    Verdict.VALID: RequestSignatures.QUALIFIED,
    Verdict.WHOLE: CLAIMED,
    Verdict.NOT_LOOKED_AT: CLAIMED,
    Verdict.UNTRUSTED: RequestSignatures.PLAIN,
    Verdict.INCOMPLETE: RequestSignatures.PLAIN,
    Verdict.UNSIGNED: RequestSignatures.PLAIN,
}
LACKS = {
    Verdict.UNTRUSTED: "proofs.signature-untrusted",
    Verdict.INCOMPLETE: "proofs.signature-incomplete",
    Verdict.UNSIGNED: "proofs.not-signed",
    Verdict.ALTERED: "proofs.signature-altered",
}


@pytest.mark.parametrize("verdict", Verdict)
def test_a_signature_that_does_not_verify_is_refused_whatever_stands_beside_it(verdict: Verdict) -> None:
    if verdict is not Verdict.ALTERED:
        assert relied_on([verdict]) is RELIED_ON[verdict]
    with pytest.raises(SignatureAltered):
        relied_on([verdict, Verdict.ALTERED])


def test_the_best_of_several_files_decides_and_none_is_none() -> None:
    assert relied_on([Verdict.UNSIGNED, Verdict.WHOLE, Verdict.VALID]) is RequestSignatures.QUALIFIED
    assert relied_on([Verdict.UNSIGNED, Verdict.WHOLE]) is CLAIMED
    assert relied_on([]) is RequestSignatures.PLAIN


@pytest.mark.parametrize("verdict", Verdict)
def test_what_does_not_suffice_is_told_what_it_lacks(verdict: Verdict) -> None:
    if verdict in LACKS:
        with pytest.raises(Refusal) as refused:
            say_what_lacks([verdict])
        assert refused.value.code == LACKS[verdict]
    else:
        say_what_lacks([verdict])


def test_of_several_the_one_that_lacks_least_is_told() -> None:
    with pytest.raises(Refusal) as refused:
        say_what_lacks([Verdict.ALTERED, Verdict.UNSIGNED, Verdict.INCOMPLETE])
    assert refused.value.code == "proofs.signature-incomplete"
    assert {kind.code for kind in INSUFFICIENT} == set(LACKS.values())
