"""How a password seals bytes: WinZip AE-2 with AES-256, the one strong form that 7-Zip opens.

Source: WinZip's AES note; `security` 6. Keys come from PBKDF2-HMAC-SHA1 with 1,000 rounds, so the strength
lies in the password (80 bits at least, see `passwords`), never in the rounds. AES runs in counter mode with
a counter that starts at 1 and counts its low bytes first. OpenSSL counts the other way, so the counter
blocks are made here, enciphered in one ECB call (each is used once: this is counter mode), and XOR-ed over
the document in place. The authentication code is the first 10 bytes of HMAC-SHA1 over the ciphertext.

Every heavy call lets go of the interpreter lock. Knows nothing of ZIP's headers: that is `archive`.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hub.kernel.secret import Secret
from hub.sealing.archive import CODE_BYTES, SALT_BYTES, VERIFIER_BYTES

_ROUNDS = 1000
_KEY_BYTES = 32
_AES_BLOCK_BYTES = 16


@dataclass(frozen=True)
class Keys:
    """What one password and one salt make. A salt is used for one entry only."""

    salt: bytes
    verifier: bytes
    encryption: bytes = field(repr=False)
    authentication: bytes = field(repr=False)


def derive_keys(password: Secret, salt: bytes) -> Keys:
    """About a millisecond of work; the verifier lets a wrong password through once in 65,536 times."""
    if len(salt) != SALT_BYTES:
        raise ValueError("AES-256 takes a salt of 16 bytes")
    length = 2 * _KEY_BYTES + VERIFIER_BYTES
    made = hashlib.pbkdf2_hmac("sha1", password.reveal().encode("ascii"), salt, _ROUNDS, length)
    return Keys(salt, made[-VERIFIER_BYTES:], made[:_KEY_BYTES], made[_KEY_BYTES:-VERIFIER_BYTES])


class Keystream:
    """Enciphers one entry, block after block, in place. Every block but the last is `block_bytes` long."""

    def __init__(self, keys: Keys, block_bytes: int) -> None:
        count = -(-block_bytes // _AES_BLOCK_BYTES)
        self._encryptor = Cipher(algorithms.AES(keys.encryption), modes.ECB()).encryptor()  # noqa: S305
        self._counters = np.zeros((count, 2), dtype="<u8")
        self._low = self._counters[:, 0]  # 2^64 blocks are never reached
        self._low += np.arange(1, count + 1, dtype="<u8")
        # update_into asks for one AES block less one byte more room than it writes
        self._stream = np.empty(count * _AES_BLOCK_BYTES + _AES_BLOCK_BYTES - 1, dtype=np.uint8)

    def encipher(self, block: memoryview) -> None:
        count = -(-len(block) // _AES_BLOCK_BYTES)
        self._encryptor.update_into(self._counters[:count].data.cast("B"), self._stream.data)
        clear = np.frombuffer(block, dtype=np.uint8)
        np.bitwise_xor(clear, self._stream[: len(block)], out=clear)
        self._low += len(self._low)


class AuthenticationCode:
    """Takes the ciphertext of one entry in order; its code tells whether any bit was changed since."""

    def __init__(self, keys: Keys) -> None:
        self._mac = hmac.new(keys.authentication, digestmod="sha1")

    def add(self, block: memoryview) -> None:
        self._mac.update(block)

    def finish(self) -> bytes:
        return self._mac.digest()[:CODE_BYTES]
