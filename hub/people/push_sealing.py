"""A push message sealed for one browser, so that the service which carries it reads nothing of it.

Source: RFC 8291 (3, 4) over RFC 8188 (2): one record, aes128gcm. Whatever a message says, it is as long as
any other. Decision 0020 says why this is written here.
"""

import secrets

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.people.push import Subscription

LONGEST_BYTES = 2048
"""Of what is said. With all that is around it 2,151: every service takes 4,096 (RFC 8030 7.2)."""
_RECORD_BYTES = 4096
_SALT_BYTES = 16
_LAST = b"\x02"
"""Behind what is said, before the padding."""


def seal(said: bytes, subscription: Subscription) -> bytes:
    """The body of a message, `LONGEST_BYTES` and 103 long."""
    if len(said) > LONGEST_BYTES:
        raise ValueError("longer than every service takes")
    salt = secrets.token_bytes(_SALT_BYTES)
    return sealed(said, subscription, generate_private_key(SECP256R1()), salt, padded_to=LONGEST_BYTES)


def sealed(
    said: bytes, subscription: Subscription, own: EllipticCurvePrivateKey, salt: bytes, *, padded_to: int = 0
) -> bytes:
    """The same with a key and a salt, of which each is used once."""
    theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), subscription.p256dh)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ECDH(), theirs)
    of_both = b"WebPush: info\0" + subscription.p256dh + point
    common = HKDF(SHA256(), 32, subscription.auth, of_both).derive(shared)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(common)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(common)
    record = said + _LAST + bytes(max(padded_to - len(said), 0))
    head = salt + _RECORD_BYTES.to_bytes(4) + bytes([len(point)]) + point
    return head + AESGCM(key).encrypt(nonce, record, None)
