"""The hub's own keys stay in their files, work at once, and verify for ever."""

import copy
import json
import multiprocessing
import os
import pickle
import shutil
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from hub.kernel.secret import Secret
from hub.signing import compact
from hub.signing.key_files import NEEDED, KeyFileWrong
from hub.signing.keyring import LOOK_SECONDS, KeyMissing, Keyring, Kind
from hub.signing.public_key import ECDSA_P256, PublicKey, b64url, public_key


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
    with pytest.raises(KeyMissing) as missing:
        Keyring(directory, whole=False).unwrap(wrapped, b"")
    assert missing.value.facts == {"key": f"wrapping-{b64url(wrapped[1:17])}"}


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
    with pytest.raises(KeyFileWrong):
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


@pytest.mark.parametrize("lost", sorted(NEEDED))
def test_a_lost_key_is_awaited_and_never_made_anew_in_silence(directory: Path, lost: Kind) -> None:
    Keyring(directory)
    [file] = directory.glob(f"{lost}-*.json")
    away = file.rename(directory.parent / file.name)
    with pytest.raises(KeyMissing) as missing:
        Keyring(directory)
    assert missing.value.facts == {"key": lost.value}
    as_it_is = Keyring(directory, whole=False)
    assert {key.kind for key in as_it_is.own()} == {*Kind} - {lost}
    assert len(list(directory.glob("*.json"))) == len(Kind) - 1
    away.rename(file)
    assert {key.kind for key in Keyring(directory).own()} == {*Kind}


def test_an_older_installation_has_no_key_for_push_until_one_is_made_on_order(directory: Path) -> None:
    Keyring(directory)
    [file] = directory.glob("push-*.json")
    file.unlink()
    running = Keyring(directory)
    assert running.push_key() is None
    made = Keyring(directory).renew(Kind.PUSH)
    time.sleep(LOOK_SECONDS)
    key = running.push_key()
    assert key is not None
    assert (key.key_id, key.algorithm) == (made, ECDSA_P256)


def test_a_push_service_knows_the_hub_by_the_key_that_is_named_until_it_is_withdrawn(directory: Path) -> None:
    keyring = Keyring(directory)
    old, new = keyring.newest(Kind.PUSH), keyring.renew(Kind.PUSH)
    for key_id in (old, new):
        signed = keyring.sign_push(key_id, {"aud": "https://push.example"})
        assert signed is not None
        token, key = signed
        assert key.key_id == key_id
        assert claims(token, key) == {"aud": "https://push.example"}
    published = {jwk["kid"] for jwk in keyring.public_jwks()["keys"]}
    assert not published & {old, new}, "nothing of the hub's is verified by them"
    keyring.retire(Kind.PUSH, old)
    assert keyring.sign_push(old, {}) is None
    assert "withdrawn" not in keyring.public_jwks()
    with pytest.raises(KeyMissing):
        keyring.sign_push("x" * 43, {})


def key_of(keyring: Keyring, kind: Kind) -> str:
    """The name of the key that does the work."""
    return next(key.key_id for key in keyring.own() if key.kind is kind and key.works)


def _renew(directory: Path) -> None:
    Keyring(directory).renew(Kind.WRAPPING)


def test_renewals_at_once_leave_whole_keys_and_one_newest(directory: Path) -> None:
    Keyring(directory)
    with multiprocessing.get_context("spawn").Pool(4) as processes:
        processes.map(_renew, [directory] * 8)
    views = [Keyring(directory) for _ in range(2)]
    assert len([key for key in views[0].own() if key.kind is Kind.WRAPPING]) == 9
    assert key_of(views[0], Kind.WRAPPING) == key_of(views[1], Kind.WRAPPING)
    assert not list(directory.glob(".draft-*"))


@pytest.mark.parametrize("kind", Kind)
def test_a_new_key_is_the_newest_whatever_clock_the_others_were_made_by(directory: Path, kind: Kind) -> None:
    keyring = Keyring(directory)
    (file,) = directory.glob(f"{kind}-*.json")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"created": "2999-01-01T00:00:00.000000Z"}))
    assert Keyring(directory).renew(kind) == key_of(keyring, kind)


def test_a_running_process_signs_and_covers_by_the_newest_key(directory: Path) -> None:
    running, operator = Keyring(directory), Keyring(directory)
    renewed = {kind: operator.renew(kind) for kind in Kind}
    time.sleep(LOOK_SECONDS)
    assert compact.read(running.sign_token({})).header["kid"] == renewed[Kind.TOKEN]
    assert compact.read(running.sign_jws("saikne-receipt+jws", b"{}")).header["kid"] == renewed[Kind.RECEIPT]
    assert b64url(running.wrap(Secret("a"), b"")[1:17]) == renewed[Kind.WRAPPING]


def test_a_withdrawn_signing_key_verifies_nothing_and_is_shown_apart_with_its_day(directory: Path) -> None:
    running, operator = Keyring(directory), Keyring(directory)
    old = key_of(running, Kind.RECEIPT)
    receipt = running.sign_jws("saikne-receipt+jws", b"{}")
    operator.renew(Kind.RECEIPT)
    left = operator.retire(Kind.RECEIPT, old)
    assert "private" not in json.loads(left.read_text())
    assert not (directory / f"receipt-{old}.json").exists()
    for keyring in (running, operator, Keyring(directory)):
        published = keyring.public_jwks()
        assert old not in {key["kid"] for key in published["keys"]}
        assert keyring.receipt_key(old) is None
        (withdrawn,) = published["withdrawn"]
        assert withdrawn["withdrawn_at"]
        assert claims(receipt, public_key({n: withdrawn[n] for n in ("kty", "crv", "x")})) == {}


def test_a_retired_wrapping_key_lies_aside_and_opens_nothing_any_more(directory: Path) -> None:
    running, operator = Keyring(directory), Keyring(directory)
    old, wrapped = key_of(running, Kind.WRAPPING), running.wrap(Secret("a"), b"")
    operator.renew(Kind.WRAPPING)
    aside = operator.retire(Kind.WRAPPING, old)
    assert (aside.parent, stat.S_IMODE(aside.stat().st_mode)) == (directory / "retired", 0o600)
    running.wrap(Secret("b"), b"")  # it has looked
    with pytest.raises(KeyMissing):
        running.unwrap(wrapped, b"")
    aside.rename(directory / aside.name)  # for a backup from before
    assert running.unwrap(wrapped, b"").reveal() == "a"


@pytest.mark.parametrize("kind", Kind)
def test_a_key_that_does_the_work_of_its_kind_is_not_retired(directory: Path, kind: Kind) -> None:
    keyring = Keyring(directory)
    with pytest.raises(ValueError, match="no more work"):
        keyring.retire(kind, key_of(keyring, kind))


def _left_by_a_kill(directory: Path, key: str) -> None:
    """A withdrawal that was cut short after the public half was written."""
    keyring = Keyring(directory)
    content = (directory / f"{key}.json").read_text()
    keyring.retire(Kind.RECEIPT, key.removeprefix("receipt-"))
    (directory / f"{key}.json").write_text(content)
    (directory / f"{key}.json").chmod(0o600)


def test_a_withdrawal_that_was_cut_short_counts_and_is_finished_by_the_next_change(directory: Path) -> None:
    keyring = Keyring(directory)
    old = key_of(keyring, Kind.RECEIPT)
    keyring.renew(Kind.RECEIPT)
    _left_by_a_kill(directory, f"receipt-{old}")
    assert old not in {key["kid"] for key in keyring.public_jwks()["keys"]}
    assert keyring.receipt_key(old) is None
    keyring.renew(Kind.TOKEN)
    assert not (directory / f"receipt-{old}.json").exists()


def test_a_draft_that_a_kill_left_is_cleared_and_never_read(directory: Path) -> None:
    keyring = Keyring(directory)
    draft = directory / ".draft-wrapping-half.json"
    draft.write_text("{")
    assert len(keyring.own()) == len(Kind)
    keyring.renew(Kind.WRAPPING)
    assert not draft.exists()


def _emptied(directory: Path) -> None:
    for path in directory.glob("*.json"):
        path.rename(path.with_suffix(".away"))


def _away(directory: Path) -> None:
    directory.rename(directory.with_name("elsewhere"))


@pytest.mark.parametrize("lose", [_emptied, _away])
def test_a_running_process_goes_on_with_the_keys_it_has_while_their_directory_is_away(
    directory: Path, lose: Any
) -> None:
    keyring = Keyring(directory)
    wrapped = keyring.wrap(Secret("a"), b"")
    lose(directory)
    assert keyring.unwrap(wrapped, b"").reveal() == "a"
    assert keyring.unwrap(keyring.wrap(Secret("b"), b""), b"").reveal() == "b"
    assert len(keyring.public_jwks()["keys"]) == 2


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"kind": "wrapping", "kid": "a", "created": "b"}'])
def test_a_file_that_is_no_key_is_left_out_by_a_running_process_and_named_at_the_start(
    directory: Path, content: str
) -> None:
    keyring = Keyring(directory)
    wrong = directory / "wrapping-wrong.json"
    wrong.write_text(content)
    wrong.chmod(0o600)
    assert keyring.unwrap(keyring.wrap(Secret("a"), b""), b"").reveal() == "a"
    with pytest.raises(KeyFileWrong) as refused:
        Keyring(directory)
    assert refused.value.facts == {"file": wrong.name}


@pytest.mark.parametrize("created", ["", "yesterday", "zzz", "2026-11-29T10:00:00"])
def test_a_key_that_does_not_say_when_it_was_made_is_wrong(directory: Path, created: str) -> None:
    """By its moment it would be the newest for ever, or stop every renewal."""
    keyring = Keyring(directory)
    newest = json.loads(next(directory.glob("wrapping-*.json")).read_text())
    odd = directory / "wrapping-AAAAAAAAAAAAAAAAAAAAAA.json"
    odd.write_text(json.dumps({**newest, "kid": "AAAAAAAAAAAAAAAAAAAAAA", "created": created}))
    odd.chmod(0o600)
    assert b64url(keyring.wrap(Secret("a"), b"")[1:17]) == newest["kid"]
    with pytest.raises(KeyFileWrong) as refused:
        keyring.renew(Kind.WRAPPING)
    assert refused.value.facts == {"file": odd.name}


@pytest.mark.parametrize("kind", Kind)
def test_a_copy_of_a_key_file_is_none_and_does_not_outlive_its_key(directory: Path, kind: Kind) -> None:
    keyring = Keyring(directory)
    [key] = [key for key in keyring.own() if key.kind is kind]
    file = directory / f"{kind}-{key.key_id}.json"
    copied = directory / f"{kind}-{key.key_id}.copy.json"
    shutil.copy(file, copied)
    assert [one.key_id for one in keyring.own() if one.kind is kind] == [key.key_id]
    with pytest.raises(KeyFileWrong) as refused:
        Keyring(directory)
    assert refused.value.facts == {"file": copied.name}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_that_root_makes_belongs_to_the_owner_of_the_directory(directory: Path) -> None:
    keyring = Keyring(directory)
    os.chown(directory, 65534, 65534)
    key_id = keyring.renew(Kind.WRAPPING)
    assert (directory / f"wrapping-{key_id}.json").stat().st_uid == 65534
