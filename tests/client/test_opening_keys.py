"""What opens what was sealed to a centre stays on its machine as long as something may be sealed to it."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from saikne.enrolment import CentreKeys
from saikne.installation import Installation, kids


def begun(home: Path, keys: CentreKeys) -> Installation:
    centre = Installation(
        home=home,
        hub="https://hub.example",
        centre=uuid4(),
        name="Saule",
        legal_entity="Biedrība Saule",
        scopes=(),
        in_force=kids(keys),
    )
    centre.begin(keys)
    return Installation.at(home)


def changed(home: Path, keys: CentreKeys) -> None:
    Installation.at(home).prepare(keys)
    Installation.at(home).switch()


def opening(home: Path) -> list[str]:
    return [key.kid for key in Installation.at(home).opening_keys()]


def test_the_key_before_still_opens_and_the_one_before_that_is_destroyed(tmp_path: Path) -> None:
    first, second, third = (CentreKeys.generate() for _ in range(3))
    assert first.encryption
    assert second.encryption
    assert third.encryption
    begun(tmp_path, first)
    assert opening(tmp_path) == [first.encryption.kid]
    changed(tmp_path, second)
    assert opening(tmp_path) == [second.encryption.kid, first.encryption.kid]
    changed(tmp_path, third)
    assert opening(tmp_path) == [third.encryption.kid, second.encryption.kid]
    kept = {path.name for path in (tmp_path / "keys").iterdir()}
    opens_before = f"encryption-{second.encryption.kid}.jwk.json"
    assert kept == {f"{key.use}-{key.kid}.jwk.json" for key in third.every()} | {opens_before}


@pytest.mark.parametrize("told", ["former", None])
def test_a_machine_set_up_without_an_encryption_key_goes_on(tmp_path: Path, told: str | None) -> None:
    older, newer = replace(CentreKeys.generate(), encryption=None), CentreKeys.generate()
    begun(tmp_path, older)
    if told is None:
        file = tmp_path / "centre.json"
        written = json.loads(file.read_bytes())
        del written["former"]
        file.write_text(json.dumps(written))
    assert Installation.at(tmp_path).keys().encryption is None
    assert opening(tmp_path) == []
    changed(tmp_path, newer)
    assert newer.encryption
    assert opening(tmp_path) == [newer.encryption.kid]
