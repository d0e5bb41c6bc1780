"""A trust service of the tests: people's certificates, the hour of a stamp, and that nothing was revoked.

Its authority is listed or not, as the test wants. Names are nobody's.
"""

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage
from pyhanko.keys.pemder import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.sign.timestamps import DummyTimeStamper

SIGNER = "Anna Krauklīte-Ozola"
"""Whom the certificates of the tests name; a canary: it may stand nowhere in clear."""
LISTED = "Saiknes paraugu sertifikāti"
_QUALIFIED = bytes.fromhex(
    "30293008060604008e4601013008060604008e4601043013060604008e4601063009060704008e46010601"
)
"""Statements that make a certificate a qualified one for signatures, its key in a device (EN 319 412-5)."""
_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True)
class TrustService:
    """An authority with what a signature for the long term needs."""

    authority: Holder
    person: Holder
    stamper: Holder
    responder: Holder

    def stamp(self, data: bytes) -> bytes:
        """A time stamp (RFC 3161) over the data: the token."""
        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        token = _done(self.time_stamper().async_timestamp(digest.finalize(), "sha256"))
        encoded: bytes = token.dump()
        return encoded

    def time_stamper(self) -> DummyTimeStamper:
        (certificate,) = load_certs_from_pemder_data(self.stamper.pem)
        key = load_private_key_from_pemder_data(self.stamper.key_pem, None)
        authority = load_certs_from_pemder_data(self.authority.pem)
        return DummyTimeStamper(certificate, key, certs_to_embed=list(authority), include_nonce=False)  # type: ignore[arg-type]

    def not_revoked(self, status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD) -> bytes:
        """What the authority says of the person's certificate now (RFC 6960)."""
        now, responder = _now(), self.responder
        revoked = now - timedelta(minutes=5) if status is ocsp.OCSPCertStatus.REVOKED else None
        told = ocsp.OCSPResponseBuilder().add_response(
            self.person.certificate,
            self.authority.certificate,
            hashes.SHA1(),  # noqa: S303  # names the certificate; nothing rests on it
            status,
            *(now, now + timedelta(days=1), revoked, None),
        )
        by = told.responder_id(ocsp.OCSPResponderEncoding.NAME, responder.certificate)
        return (
            by.certificates([responder.certificate])
            .sign(responder.key, hashes.SHA256())
            .public_bytes(Encoding.DER)
        )


@cache
def service(name: str = LISTED) -> TrustService:
    """One of that name, made once."""
    authority = _certified(
        f"{name} CA",
        None,
        _usage("key_cert_sign", "crl_sign"),
        x509.BasicConstraints(ca=True, path_length=None),
    )
    return TrustService(
        authority=authority,
        person=_person(name, authority),
        stamper=_certified(
            f"{name} TSA", authority, _usage("digital_signature"), _only_for(Usage.TIME_STAMPING)
        ),
        responder=_certified(
            f"{name} OCSP",
            authority,
            _usage("digital_signature"),
            _only_for(Usage.OCSP_SIGNING),
            x509.OCSPNoCheck(),
        ),
    )


def too_late(by: TrustService) -> TrustService:
    """The same, whose person signs with a certificate that ran out some minutes ago."""
    return replace(by, person=_person("late", by.authority, timedelta(minutes=-5)))


def unqualified(by: TrustService) -> TrustService:
    """The same, whose person's certificate is of the listed authority and says nothing of being qualified."""
    plain = _certified(SIGNER, by.authority, _usage("content_commitment"), _asked_at("plain"))
    return replace(by, person=plain)


def _person(name: str, by: Holder, holds_for: timedelta = 5 * _YEAR) -> Holder:
    qualified = x509.UnrecognizedExtension(_STATEMENTS, _QUALIFIED)
    return _certified(
        *(SIGNER, by, _usage("content_commitment"), qualified, _asked_at(name)), holds_for=holds_for
    )


@cache
def list_keeper() -> Holder:
    """Who signs trusted lists."""
    purpose = x509.ExtendedKeyUsage([x509.ObjectIdentifier("0.4.0.2231.3.0")])
    return _certified("Saraksta turētājs", service().authority, _usage("digital_signature"), purpose)


def _certified(
    name: str,
    by: Holder | None,
    usage: x509.KeyUsage,
    *more: x509.ExtensionType,
    holds_for: timedelta = 5 * _YEAR,
) -> Holder:
    key = rsa.generate_private_key(65537, 2048) if "TSA" in name else ec.generate_private_key(ec.SECP256R1())
    subject, signed_by = _called(name), by.key if by else key
    building = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - timedelta(hours=1))
        .not_valid_after(_now() + holds_for)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()), critical=False
        )
    )
    for extension in more:
        critical = isinstance(extension, x509.BasicConstraints | x509.ExtendedKeyUsage)
        building = building.add_extension(extension, critical=critical)
    return Holder(building.sign(signed_by, hashes.SHA256()), key)


def _called(name: str) -> x509.Name:
    parts: Sequence[tuple[x509.ObjectIdentifier, str]] = [
        (NameOID.COUNTRY_NAME, "LV"),
        (NameOID.COMMON_NAME, name),
    ]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _usage(*allowed: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
    )
    more = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{usage: usage in allowed for usage in (*every, *more)})


def _only_for(purpose: x509.ObjectIdentifier) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage([purpose])


def _asked_at(name: str) -> x509.AuthorityInformationAccess:
    """Where the responder would be asked, as every such certificate says; nobody asks there."""
    address = x509.UniformResourceIdentifier(f"http://{len(name)}.ocsp.example")
    told = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, address)
    return x509.AuthorityInformationAccess([told])


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _done(work: Coroutine[Any, Any, Any]) -> Any:
    """The stamper speaks with nobody, so its work is done at the first step, in whatever loop a test has."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("the stamper waits for somebody")
