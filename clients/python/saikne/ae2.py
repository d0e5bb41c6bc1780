"""Archives of AES-encrypted entries (WinZip AE-2): pyzipper reads the format, OpenSSL does the work.

pyzipper's authentication code and cipher take four times as long as OpenSSL's, and it computes a CRC-32 that
AE-2 has not. Those three are replaced here; layout, compression and every refusal stay pyzipper's. Each heavy
call lets go of the interpreter lock.
"""

import hashlib
import hmac
from functools import cache, cached_property

from Cryptodome.Util.strxor import strxor
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pyzipper import AESZipFile, BadZipFile
from pyzipper.zipfile_aes import WZ_AES_V2, WZ_KEY_LENGTHS, AESZipDecrypter, AESZipExtFile, AESZipInfo

_ROUNDS = 1000
_VERIFIER_BYTES = 2
_AES_BYTES = 16
_CHANGING = 2
"""The place of the byte that the next window has one higher."""


@cache
def _counters() -> bytes:
    """A window: those that differ in their two low bytes; made with the first archive, not at every start."""
    return b"".join(number.to_bytes(_AES_BYTES, "little") for number in range(1 << 16))


class SealedArchive(AESZipFile):  # type: ignore[misc]  # pyzipper tells no types
    """An archive to be read."""

    def __init__(self, file: object) -> None:
        self.zipextfile_cls = _Entry
        super().__init__(file)


class _Entry(AESZipExtFile):  # type: ignore[misc]
    def setup_aeszipdecrypter(self) -> type["_Decrypter"]:
        super().setup_aeszipdecrypter()  # reads the salt
        return _Decrypter

    def _update_crc(self, newdata: bytes) -> None:
        if self._expected_crc or self._zinfo.wz_aes_version != WZ_AES_V2:
            super()._update_crc(newdata)


class _Decrypter(AESZipDecrypter):  # type: ignore[misc]
    def __init__(self, zinfo: AESZipInfo, pwd: bytes, encryption_header: bytes) -> None:
        salt, verifier = encryption_header[:-_VERIFIER_BYTES], encryption_header[-_VERIFIER_BYTES:]
        length = WZ_KEY_LENGTHS[zinfo.wz_aes_strength]
        keys = hashlib.pbkdf2_hmac("sha1", pwd, salt, _ROUNDS, 2 * length + _VERIFIER_BYTES)
        if keys[2 * length :] != verifier:
            raise RuntimeError("the password does not fit")  # pyzipper's own word for it
        self._key, self._at_most_bytes = keys[:length], zinfo.compress_size
        self._code = hmac.new(keys[length : 2 * length], digestmod="sha1")

    @cached_property
    def _keystream(self) -> "_Keystream":
        """Made when it is first needed: hundreds of entries may be open, of which one is read."""
        return _Keystream(self._key, self._at_most_bytes)

    def decrypt(self, data: bytes) -> bytes:
        self._code.update(data)
        return self._keystream.decipher(data)

    def check_hmac(self, hmac_check: bytes) -> None:
        if not hmac.compare_digest(self._code.digest()[: self.hmac_size], hmac_check):
            raise BadZipFile("the authentication code does not fit")


class _Keystream:
    """AES in counter mode as WinZip counts: from 1, the low bytes first; OpenSSL counts the other way.

    So the counters are made here and enciphered in one call, a window at a time, in the same memory: fetching
    fresh pages would take longer than the cipher.
    """

    def __init__(self, key: bytes, at_most_bytes: int) -> None:
        self._encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  # each block once
        blocks = -(-at_most_bytes // _AES_BYTES) + 1
        self._counters = bytearray(_counters()[: blocks * _AES_BYTES])
        self._stream = bytearray(len(self._counters) + _AES_BYTES - 1)  # the room that the binding asks for
        self._window = 0
        self._encryptor.update_into(self._counters, self._stream)
        self._at = _AES_BYTES  # the counter 0 is not used

    def decipher(self, data: bytes) -> bytes:
        sealed, stream, clear = memoryview(data), memoryview(self._stream), bytearray(len(data))
        at = 0
        while at < len(data):
            if self._at == len(self._counters):
                self._turn()
            length = min(len(data) - at, len(self._counters) - self._at)
            here, there = slice(at, at + length), slice(self._at, self._at + length)
            strxor(sealed[here], stream[there], memoryview(clear)[here])  # type: ignore[arg-type]  # takes any
            self._at += length
            at += length
        return bytes(clear)

    def _turn(self) -> None:
        self._window += 1
        for place, byte in enumerate(self._window.to_bytes(6, "little"), start=_CHANGING):
            if byte or place == _CHANGING:
                self._counters[place::_AES_BYTES] = bytes([byte]) * (len(self._counters) // _AES_BYTES)
        self._encryptor.update_into(self._counters, self._stream)
        self._at = 0
