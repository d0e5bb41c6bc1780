"""Signed containers (ASiC-E, as `.edoc` and `.asice` are), as people bring them: sound ones and others.

The XML is written as it is canonicalised (C14N 1.0), so that what is hashed is what stands there.
Source: EN 319 162-1, EN 319 132-1.
"""

import hashlib
import io
import re
import zipfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.peers.signing_people import TrustService, service

CONTAINER = "application/vnd.etsi.asic-e+zip"
INSCRIPTION = {"apliecinajums.txt": b"KOPIJA PAREIZA\n", "kopijas.pdf": b"%PDF-1.4\n%%EOF\n"}
_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_SPACES = (
    'xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
    ' xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"'
)
_SHA256 = '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
SIGNATURES = "META-INF/signatures0.xml"
_HUGE_MIB = 1536
Spoiling = Callable[[bytes], bytes]


def container(
    files: Mapping[str, bytes] = INSCRIPTION,
    by: TrustService | None = None,
    *,
    stamped: bool = True,
    answered: bool = True,
) -> bytes:
    """Signed by the person of a trust service, with its time stamp and the answer on revocation."""
    return _packed(_entries(files, by or service(), stamped=stamped, answered=answered))


def unsigned() -> bytes:
    return _packed(
        {name: kept for name, kept in _entries(INSCRIPTION, service()).items() if name != SIGNATURES}
    )


def with_another_document(signed: bytes) -> bytes:
    """Somebody has changed what was signed."""
    return _changed(signed, "apliecinajums.txt", lambda content: content.replace(b"PAREIZA", b"PAREIZ_"))


def with_another_signature(signed: bytes) -> bytes:
    def spoil(content: bytes) -> bytes:
        return re.sub(
            rb"(<ds:SignatureValue[^>]*>)(.)", lambda m: m[1] + (b"B" if m[2] == b"A" else b"A"), content
        )

    return _changed(signed, SIGNATURES, spoil)


def bomb() -> bytes:
    """A small container whose one document unpacks to more memory than anybody should give it."""
    name = "milzis.bin"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for entry, content in _entries({name: b"0"}, service()).items():
            if entry != name:
                archive.writestr(zipfile.ZipInfo(entry), content)
        huge = zipfile.ZipInfo(name)
        huge.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(huge, "w", force_zip64=True) as many:
            for _ in range(_HUGE_MIB):
                many.write(bytes(1 << 20))
    return packed.getvalue()


def _changed(signed: bytes, name: str, change: Spoiling) -> bytes:
    with zipfile.ZipFile(io.BytesIO(signed)) as kept:
        entries = {entry: kept.read(entry) for entry in kept.namelist()}
    before = entries[name]
    entries[name] = change(before)
    assert entries[name] != before
    return _packed(entries)


def _entries(
    files: Mapping[str, bytes], by: TrustService, *, stamped: bool = True, answered: bool = True
) -> dict[str, bytes]:
    signatures = _signed(files, by, stamped=stamped, answered=answered)
    beside = {"META-INF/manifest.xml": _manifest(files), SIGNATURES: signatures}
    return {"mimetype": CONTAINER.encode(), **files, **beside}


def _packed(entries: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _manifest(files: Mapping[str, bytes]) -> bytes:
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    entries = entry.format("/", CONTAINER) + "".join(
        entry.format(name, "application/octet-stream") for name in files
    )
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"'
    return f"<manifest:manifest {space}>{entries}</manifest:manifest>".encode()


def _signed(files: Mapping[str, bytes], by: TrustService, *, stamped: bool, answered: bool) -> bytes:
    properties = _properties(files, by)
    references = "".join(
        f'<ds:Reference Id="S0-r{n}" URI="{quote(name)}">{_SHA256}{_digest(content)}</ds:Reference>'
        for n, (name, content) in enumerate(files.items())
    )
    of_properties = (
        '<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#S0-p">'
        f'<ds:Transforms><ds:Transform Algorithm="{_C14N}"></ds:Transform></ds:Transforms>'
        f"{_SHA256}{_digest(_alone(properties))}</ds:Reference>"
    )
    info = (
        f'<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{_C14N}"></ds:CanonicalizationMethod>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod>'
        f"{references}{of_properties}</ds:SignedInfo>"
    )
    assert isinstance(by.person.key, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(by.person.key.sign(_alone(info), ec.ECDSA(hashes.SHA256())))
    pair = _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    value = f'<ds:SignatureValue Id="S0-v">{pair}</ds:SignatureValue>'
    certificate = f"<ds:X509Certificate>{_b64(by.person.der)}</ds:X509Certificate>"
    later = _later(_stamped(value, by) if stamped else "", _answered(by) if answered else "")
    return (
        f'<asic:XAdESSignatures {_SPACES}><ds:Signature Id="S0">{info}{value}'
        f"<ds:KeyInfo><ds:X509Data>{certificate}</ds:X509Data></ds:KeyInfo><ds:Object>"
        f'<xades:QualifyingProperties Target="#S0">{properties}{later}</xades:QualifyingProperties>'
        "</ds:Object></ds:Signature></asic:XAdESSignatures>"
    ).encode()


def _stamped(value: str, by: TrustService) -> str:
    return (
        f'<xades:SignatureTimeStamp Id="S0-t"><ds:CanonicalizationMethod Algorithm="{_C14N}">'
        f"</ds:CanonicalizationMethod><xades:EncapsulatedTimeStamp>{_b64(by.stamp(_alone(value)))}"
        "</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>"
    )


def _answered(by: TrustService) -> str:
    told = f"<xades:EncapsulatedOCSPValue>{_b64(by.not_revoked())}</xades:EncapsulatedOCSPValue>"
    return f"<xades:RevocationValues><xades:OCSPValues>{told}</xades:OCSPValues></xades:RevocationValues>"


def _later(*parts: str) -> str:
    """What is added when it was signed; nothing leaves no empty element."""
    if not any(parts):
        return ""
    inside = f"<xades:UnsignedSignatureProperties>{''.join(parts)}</xades:UnsignedSignatureProperties>"
    return f"<xades:UnsignedProperties>{inside}</xades:UnsignedProperties>"


def _properties(files: Mapping[str, bytes], by: TrustService) -> str:
    formats = "".join(
        f'<xades:DataObjectFormat ObjectReference="#S0-r{n}"><xades:MimeType>application/octet-stream'
        "</xades:MimeType></xades:DataObjectFormat>"
        for n in range(len(files))
    )
    return (
        '<xades:SignedProperties Id="S0-p"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}</xades:SigningTime>"
        f"<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{_SHA256}{_digest(by.person.der)}</xades:CertDigest>"
        "</xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>"
        f"<xades:SignedDataObjectProperties>{formats}</xades:SignedDataObjectProperties></xades:SignedProperties>"
    )


def _alone(element: str) -> bytes:
    """As it is canonicalised by itself: with every namespace that is in force where it stands."""
    name, rest = re.fullmatch(r"(?s)<([\w:]+)(.*)", element, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"<{name} {_SPACES}{rest}".encode()


def _digest(content: bytes) -> str:
    return f"<ds:DigestValue>{_b64(hashlib.sha256(content).digest())}</ds:DigestValue>"


def _b64(content: bytes) -> str:
    return b64encode(content).decode()
