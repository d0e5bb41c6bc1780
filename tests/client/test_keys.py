"""A centre's keys are made and kept on its own machine."""

import json
import stat
from pathlib import Path

import pytest

from saikne.home import AlreadyThere, write_private
from saikne.keys import Algorithm, CentreKey, KeyTooOpen, KeyUnreadable, fingerprint
from saikne_schemas.enrolment import KeyUse

ALGORITHMS = list(Algorithm)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_saved_key_is_the_same_key(tmp_path: Path, algorithm: Algorithm) -> None:
    key = CentreKey.generate(KeyUse.SIGNING, algorithm)
    read = CentreKey.load(key.save(tmp_path))
    assert (read.use, read.algorithm, read.public()) == (key.use, algorithm, key.public())


def test_only_its_owner_may_read_a_private_key(tmp_path: Path) -> None:
    path = CentreKey.generate(KeyUse.OAUTH).save(tmp_path / "keys")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_private_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = CentreKey.generate(KeyUse.OAUTH).save(tmp_path)
    path.chmod(0o640)
    with pytest.raises(KeyTooOpen, match=r"^keys\.too-open$"):
        CentreKey.load(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"use": "signing", "kty": "RSA"}'])
def test_what_is_not_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.json"
    write_private(path, content)
    with pytest.raises(KeyUnreadable, match=r"^keys\.unreadable$"):
        CentreKey.load(path)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    key = CentreKey.generate(KeyUse.OAUTH)
    path = key.save(tmp_path)
    before = path.read_bytes()
    with pytest.raises(AlreadyThere, match=r"^home\.already-there$"):
        key.save(tmp_path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_key_does_not_print_its_private_half(tmp_path: Path) -> None:
    key = CentreKey.generate(KeyUse.OAUTH)
    private = json.loads(key.save(tmp_path).read_bytes())["d"]
    assert private not in f"{key} {key!r} {key.public()!r}"


def test_a_fingerprint_is_the_thumbprint_in_groups_of_four() -> None:
    import base64

    key = CentreKey.generate(KeyUse.SIGNING, Algorithm.ES256)
    groups = fingerprint(key.public()).split(" ")
    assert {len(group) for group in groups} == {4}
    assert bytes.fromhex("".join(groups)) == base64.urlsafe_b64decode(key.kid + "=")
