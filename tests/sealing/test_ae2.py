import hashlib
import hmac

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hub.kernel.secret import Secret
from hub.sealing.ae2 import AuthenticationCode, Keys, Keystream, derive_keys

SALT = bytes(range(16))
KEYS = derive_keys(Secret("password"), SALT)


def by_the_book(key: bytes, clear: bytes) -> bytes:
    """Counter mode with a counter from 1, low byte first, one block at a time."""
    aes = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
    sealed = b""
    for number, start in enumerate(range(0, len(clear), 16), 1):
        stream = aes.update(number.to_bytes(16, "little"))
        sealed += bytes(a ^ b for a, b in zip(clear[start : start + 16], stream, strict=False))
    return sealed


@pytest.mark.parametrize("block_bytes", [16, 32, 4096])
@pytest.mark.parametrize("length", [1, 15, 16, 17, 31, 33, 4096, 10_007])
def test_every_block_takes_its_turn_of_one_keystream(block_bytes: int, length: int) -> None:
    clear = np.random.default_rng(length).bytes(length)
    keystream, sealed = Keystream(KEYS, block_bytes), bytearray(clear)
    for start in range(0, length, block_bytes):
        keystream.encipher(memoryview(sealed)[start : start + block_bytes])
    assert bytes(sealed) == by_the_book(KEYS.encryption, clear)


def test_the_counter_passes_two_to_the_sixteenth_without_a_seam() -> None:
    length = 65_536 * 16 + 40
    sealed = bytearray(length)
    keystream = Keystream(KEYS, 1 << 18)
    for start in range(0, length, 1 << 18):
        keystream.encipher(memoryview(sealed)[start : start + (1 << 18)])
    assert bytes(sealed) == by_the_book(KEYS.encryption, bytes(length))


def test_the_code_is_ten_bytes_of_hmac_sha1() -> None:
    code = AuthenticationCode(KEYS)
    code.add(memoryview(b"cipher"))
    code.add(memoryview(b"text"))
    assert code.finish() == hmac.digest(KEYS.authentication, b"ciphertext", "sha1")[:10]


def test_keys_and_verifier_are_cut_from_one_derivation() -> None:
    made = hashlib.pbkdf2_hmac("sha1", b"password", SALT, 1000, 66)
    assert Keys(SALT, made[64:], made[:32], made[32:64]) == KEYS


def test_keys_are_not_shown() -> None:
    assert KEYS.encryption.hex() not in repr(KEYS)
    assert repr(KEYS.encryption) not in repr(KEYS)
    assert repr(KEYS.authentication) not in repr(KEYS)


def test_a_salt_of_another_length_is_our_bug() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        derive_keys(Secret("password"), b"short")
