"""Archives of AES-encrypted entries (WinZip AE-2): pyzipper reads the format, OpenSSL keeps its speed.

pyzipper computes an entry's authentication code at a quarter of OpenSSL's speed, and a CRC-32 that AE-2 has
not. Those two are replaced here; layout, cipher, compression and every refusal stay pyzipper's. Each heavy
call lets go of the interpreter lock.
"""

import hashlib
import hmac

from Cryptodome.Cipher import AES
from Cryptodome.Util import Counter
from pyzipper import AESZipFile, BadZipFile
from pyzipper.zipfile_aes import WZ_AES_V2, WZ_KEY_LENGTHS, AESZipDecrypter, AESZipExtFile, AESZipInfo

_ROUNDS = 1000
_VERIFIER_BYTES = 2


class _Decrypter(AESZipDecrypter):  # type: ignore[misc]  # pyzipper tells no types
    def __init__(self, zinfo: AESZipInfo, pwd: bytes, encryption_header: bytes) -> None:
        salt, verifier = encryption_header[:-_VERIFIER_BYTES], encryption_header[-_VERIFIER_BYTES:]
        length = WZ_KEY_LENGTHS[zinfo.wz_aes_strength]
        keys = hashlib.pbkdf2_hmac("sha1", pwd, salt, _ROUNDS, 2 * length + _VERIFIER_BYTES)
        if keys[2 * length :] != verifier:
            raise RuntimeError("the password does not fit")  # pyzipper's own word for it
        self.filename = zinfo.filename
        self.decypter = AES.new(keys[:length], AES.MODE_CTR, counter=Counter.new(128, little_endian=True))
        self.hmac = hmac.new(keys[length : 2 * length], digestmod="sha1")

    def check_hmac(self, hmac_check: bytes) -> None:
        if not hmac.compare_digest(self.hmac.digest()[: self.hmac_size], hmac_check):
            raise BadZipFile("the authentication code does not fit")


class _Entry(AESZipExtFile):  # type: ignore[misc]
    def setup_aeszipdecrypter(self) -> type[_Decrypter]:
        super().setup_aeszipdecrypter()  # reads the salt
        return _Decrypter

    def _update_crc(self, newdata: bytes) -> None:
        if self._expected_crc or self._zinfo.wz_aes_version != WZ_AES_V2:
            super()._update_crc(newdata)


class SealedArchive(AESZipFile):  # type: ignore[misc]
    """An archive to be read."""

    zipextfile_cls = _Entry
