"""Only facts that were sealed to this key, in this way, are opened; the vectors show what else is refused."""

import pytest
from joserfc.jwk import ECKey

from saikne.register_seal import seal as sealed_by_a_centre
from saikne_demo.register import SealRefused, opened
from saikne_schemas.register_entries import SEALED_BYTES
from saikne_schemas.register_files import canonical
from tests.peers.sealed_entries import facts, new_key, seal

KEY = ECKey.generate_key("P-256", private=True)
PRIVATE = {name: str(value) for name, value in KEY.as_dict(private=True).items()}
GOOD = canonical(facts(new_key()))


def test_facts_are_opened_with_the_private_key() -> None:
    assert canonical(opened(seal(GOOD, PRIVATE), PRIVATE)) == GOOD


def test_what_a_centre_seals_the_register_opens() -> None:
    told = facts(new_key())
    public = {name: PRIVATE[name] for name in ("kty", "crv", "x", "y")}
    assert opened(sealed_by_a_centre(told, public), PRIVATE) == told


@pytest.mark.parametrize(
    "sealed",
    ["", ".", "....", "ē....", "e30....", "W10....", "e30.e30.e30", seal(GOOD, PRIVATE) + "A" * SEALED_BYTES],
    ids=["nothing", "a dot", "dots", "not ASCII", "empty header", "a list", "a JWS", "too long"],
)
def test_what_is_no_seal_is_refused(sealed: str) -> None:
    with pytest.raises(SealRefused):
        opened(sealed, PRIVATE)


def test_a_refusal_quotes_nothing() -> None:
    with pytest.raises(SealRefused) as refusal:
        opened(seal(b'{"name":"Paraudzi"}', PRIVATE), PRIVATE)
    assert (str(refusal.value), refusal.value.__cause__) == ("", None)
