"""A key of another centre is sealed to once it is known, and a new one once somebody has compared it."""

from pathlib import Path
from uuid import uuid4

import pytest

from saikne.others_keys import OthersKeyNew, OthersKeyNotShown, OthersKeys
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.views import CentreView

FIRST, SECOND = "A" * 43, "B" * 43


def centre(*kids: str) -> CentreView:
    keys = [{"kid": kid, "jwk": {"kid": kid}} for kid in kids]
    return CentreView.model_validate({**EXAMPLES[CentreView], "encryption_keys": keys})


def test_the_first_key_is_taken_as_it_is_shown(tmp_path: Path) -> None:
    chosen = OthersKeys(tmp_path).chosen(centre(FIRST, SECOND), [])
    assert chosen is not None
    assert chosen.kid == FIRST


def test_a_centre_without_a_key_cannot_be_told_yet(tmp_path: Path) -> None:
    assert OthersKeys(tmp_path).chosen(centre(), []) is None


def test_another_key_than_the_known_one_is_refused_until_it_is_named(tmp_path: Path) -> None:
    keys = OthersKeys(tmp_path)
    keys.used(centre().id, FIRST)
    with pytest.raises(OthersKeyNew, match=r"^identity\.key-new$") as caught:
        keys.chosen(centre(SECOND), [])
    assert SECOND in str(caught.value.facts["found"])
    chosen = keys.chosen(centre(SECOND), [SECOND])
    assert chosen is not None
    keys.used(centre().id, chosen.kid)
    assert OthersKeys(tmp_path).chosen(centre(SECOND), []) == chosen


def test_what_is_known_of_one_centre_says_nothing_of_another(tmp_path: Path) -> None:
    keys = OthersKeys(tmp_path)
    keys.used(uuid4(), SECOND)
    assert keys.chosen(centre(FIRST), []) is not None


def test_a_key_that_is_not_shown_cannot_be_named(tmp_path: Path) -> None:
    with pytest.raises(OthersKeyNotShown, match=r"^identity\.key-not-shown$"):
        OthersKeys(tmp_path).chosen(centre(FIRST), [SECOND])
