"""The hub's own keys stay in their files, work at once, and verify for ever."""

import copy
import json
import multiprocessing
import pickle
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from hub.kernel.secret import Secret
from hub.signing import compact
from hub.signing.keyring import KeyMissing, Keyring, Kind
from hub.signing.public_key import PublicKey, public_key


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def claims(token: str, key: PublicKey) -> dict[str, Any]:
    """Of a token that is signed by `key`."""
    found = compact.read(token)
    found.by(key).prove()
    return found.claims


def test_a_password_is_uncovered_where_it_belongs(directory: Path) -> None:
    wrapped = Keyring(directory).wrap(Secret("7K3Q-RW9D"), b"exchange 1")
    assert Keyring(directory).unwrap(wrapped, b"exchange 1") == Secret("7K3Q-RW9D")


def test_a_password_moved_to_another_exchange_stays_covered(directory: Path) -> None:
    keyring = Keyring(directory)
    wrapped = keyring.wrap(Secret("7K3Q-RW9D"), b"exchange 1")
    with pytest.raises(InvalidTag):
        keyring.unwrap(wrapped, b"exchange 2")


@pytest.mark.parametrize("place", [20, -1])
def test_changed_wrapped_bytes_are_noticed(directory: Path, place: int) -> None:
    keyring = Keyring(directory)
    wrapped = bytearray(keyring.wrap(Secret("7K3Q-RW9D"), b""))
    wrapped[place] ^= 1
    with pytest.raises(InvalidTag):
        keyring.unwrap(bytes(wrapped), b"")


def test_the_wrapped_form_never_repeats_and_does_not_show_the_password(directory: Path) -> None:
    keyring = Keyring(directory)
    first, second = (keyring.wrap(Secret("7K3Q-RW9D"), b"") for _ in range(2))
    assert first != second
    assert b"7K3Q" not in first


def test_what_an_old_wrapping_key_covered_is_uncovered_after_a_renewal(directory: Path) -> None:
    keyring = Keyring(directory)
    before = keyring.wrap(Secret("a"), b"")
    keyring.renew(Kind.WRAPPING)
    after = keyring.wrap(Secret("b"), b"")
    assert before[1:17] != after[1:17]
    assert [keyring.unwrap(wrapped, b"").reveal() for wrapped in (before, after)] == ["a", "b"]


def test_a_process_that_started_earlier_uncovers_what_a_renewed_key_covered(directory: Path) -> None:
    earlier, later = Keyring(directory), Keyring(directory)
    later.renew(Kind.WRAPPING)
    assert earlier.unwrap(later.wrap(Secret("a"), b""), b"").reveal() == "a"


def test_a_lost_wrapping_key_is_named_as_such(directory: Path) -> None:
    keyring = Keyring(directory)
    wrapped = keyring.wrap(Secret("a"), b"")
    next(directory.glob("wrapping-*.json")).unlink()
    with pytest.raises(KeyMissing):
        Keyring(directory).unwrap(wrapped, b"")


def test_a_receipt_is_verified_by_the_published_keys_alone(directory: Path) -> None:
    keyring = Keyring(directory)
    receipt = keyring.sign_jws("saikne-receipt+jws", b'{"exchange":"1"}')
    header = compact.read(receipt).header
    published = {key["kid"]: key for key in keyring.public_jwks()["keys"]}
    assert (header["typ"], header["alg"]) == ("saikne-receipt+jws", "EdDSA")
    assert claims(receipt, public_key(published[header["kid"]])) == {"exchange": "1"}


def test_a_receipt_signed_before_a_renewal_is_still_verified(directory: Path) -> None:
    keyring = Keyring(directory)
    receipt = keyring.sign_jws("saikne-receipt+jws", b"{}")
    keyring.renew(Kind.RECEIPT)
    key = keyring.receipt_key(compact.read(receipt).header["kid"])
    assert key is not None
    assert claims(receipt, key) == {}


def test_no_receipt_key_verifies_a_token_and_no_token_key_a_receipt(directory: Path) -> None:
    keyring = Keyring(directory)
    token, receipt = keyring.sign_token({}), keyring.sign_jws("saikne-receipt+jws", b"{}")
    kids = [compact.read(signed).header["kid"] for signed in (token, receipt)]
    assert keyring.receipt_key(kids[0]) is None
    assert keyring.token_key(kids[1]) is None


def test_published_keys_hold_nothing_private(directory: Path) -> None:
    for key in Keyring(directory).public_jwks()["keys"]:
        assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}


def test_key_files_are_for_their_owner_only(directory: Path) -> None:
    Keyring(directory)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in directory.glob("*.json")}
    assert (modes, stat.S_IMODE(directory.stat().st_mode)) == ({0o600}, 0o700)


def test_a_key_file_open_to_everybody_is_not_used(directory: Path) -> None:
    Keyring(directory)
    next(directory.glob("token-*.json")).chmod(0o644)
    with pytest.raises(KeyMissing):
        Keyring(directory)


def test_the_keyring_shows_nothing_and_does_not_travel(directory: Path) -> None:
    keyring = Keyring(directory)
    secrets = [json.loads(path.read_text())["private"] for path in directory.glob("*.json")]
    shown = repr(keyring) + repr(keyring._keys)
    assert not any(secret in shown for secret in secrets)
    for travel in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            travel(keyring)


def _open(directory: Path) -> None:
    Keyring(directory)


def test_processes_that_start_at_once_agree_on_one_key_of_each_kind(directory: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as processes:
        processes.map(_open, [directory] * 8)
    assert len(list(directory.glob("*.json"))) == len(Kind)
