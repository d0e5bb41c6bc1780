"""How a signed PDF is looked at (PAdES): what is signed, by whom, when, and what is wrong with it.

Runs in the examiner's own process and asks nobody: what is needed beside the file stands in the file or in
the trusted lists. Three questions, each by itself: a file with no list behind it is told whole too.
1. Is the file as it was signed? Later revisions may add signatures, stamps and their proofs, nothing else.
2. Was it stamped, and did an authority say that the certificate was good then?
3. Do the lists that are in force lead to who signed and who stamped?
Source: MK 473; ISO 32000-2 12.8; EN 319 142-1; RFC 3161, 5652, 6960. What a complaint means: `signed_file`.
"""

import hashlib
import os
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TypeVar

from asn1crypto import cms, tsp, x509
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import diff_analysis as diff
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import extract_certificate_info, extract_signer_info, find_cms_attribute_iter
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.qualified.assess import QualificationAssessor
from pyhanko.sign.validation.qualified.tsp import (
    CA_QC_URI,
    QTST_URI,
    CAServiceInformation,
    QcCertType,
    TSPRegistry,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InsufficientRevinfoError, PathError, ValidationError

from hub.proofs.gateways.trusted_lists import TrustedList
from hub.proofs.signed_file import PdfComplaint as Wrong

T = TypeVar("T")

_KNOWN_FORMS = frozenset({"/ETSI.CAdES.detached", "/adbe.pkcs7.detached"})
_STRONG = frozenset({"sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
_OF_PEOPLE = frozenset({QcCertType.QC_ESIGN, QcCertType.QC_ESEAL})
_ADDED_LATER = diff.ModificationLevel.LTA_UPDATES
_LATER = diff.StandardDiffPolicy(
    global_rules=[
        diff.CatalogModificationRule(),
        *(
            rule.as_qualified(_ADDED_LATER)
            for rule in (
                diff.DocInfoRule(),
                diff.XrefStreamRule(),
                diff.ObjectStreamRule(),
                diff.DSSCompareRule(),
                diff.MetadataUpdateRule(),
            )
        ),
    ],
    form_rule=diff.FormUpdatingRule([diff.SigFieldCreationRule(), diff.SigFieldModificationRule()]),
)
"""What may come after a signature: another one, its stamp and proofs. A form that is filled in reads anew."""

_TAIL_BYTES = 2048
_OUR_OWN = (MemoryError, ImportError, OSError)
"""Trouble of this process, not of the file: it blames nobody, and the file was not looked at."""
Found = dict[str, object]


class NotForUs(Exception):  # noqa: N818  # says what it is
    """It cannot be judged here: locked by a password, or signed in a form that is used no more."""


@dataclass(frozen=True, slots=True)
class Stamp:
    at: datetime
    holds: bool
    """Whether it is over what it should be over, and its own signature verifies."""
    by: x509.Certificate
    beside: list[x509.Certificate]


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brings along to prove its signatures."""

    certificates: list[x509.Certificate]
    ocsps: list[object]
    crls: list[object]
    store: DocumentSecurityStore

    @property
    def answers(self) -> bool:
        return bool(self.store.ocsps or self.store.crls or self.ocsps or self.crls)

    def context(self, anchors: Sequence[x509.Certificate], at: datetime, mode: str) -> ValidationContext:
        told = {
            "trust_roots": list(anchors),
            "other_certs": self.certificates,
            "ocsps": self.ocsps,
            "crls": self.crls,
            "moment": at,
            "revocation_mode": mode,
            "retroactive_revinfo": True,  # it is asked for after the stamp, about the moment of the stamp
        }
        return self.store.as_validation_context(told)


class Traces:
    """What the lists that are in force lead to; none in force, and nothing is asked of them."""

    def __init__(self, lists: Sequence[TrustedList]) -> None:
        self.in_force = bool(lists)
        self._services = [service for one in lists for service in one.services]
        registry = TSPRegistry()
        for service in self._services:
            if isinstance(service, CAServiceInformation):
                registry.register_ca(service)
        self._assessor = QualificationAssessor(registry)

    def to_signer(self, person: x509.Certificate, brought: Brought, at: datetime) -> bool:
        """A qualified certificate for a signature or a seal, its key in a device made for that."""
        context = brought.context(self._granted(CA_QC_URI, at), at, "soft-fail")
        try:
            path = _done(CertificateValidator(person, [], validation_context=context).async_validate_path())
            status = self._assessor.check_entity_cert_qualified(path, at).status
        except (PathError, ValidationError, NotImplementedError, ValueError):
            return False
        return bool(status.qualified and status.qc_type in _OF_PEOPLE and status.qc_key_security.is_qscd)

    def to_stamper(self, stamp: Stamp) -> bool:
        anchors = self._granted(QTST_URI, stamp.at)
        if stamp.by.dump() in {one.dump() for one in anchors}:
            return True
        context = ValidationContext(trust_roots=anchors, other_certs=stamp.beside, moment=stamp.at)
        validator = CertificateValidator(stamp.by, stamp.beside, validation_context=context)
        try:
            _done(validator.async_validate_usage(set(), {"time_stamping"}))
        except (PathError, ValidationError, ValueError):
            return False
        return True

    def issuers(self, at: datetime) -> list[x509.Certificate]:
        return self._granted(CA_QC_URI, at)

    def _granted(self, kind: str, at: datetime) -> list[x509.Certificate]:
        return [
            certificate
            for info in (service.base_info for service in self._services)
            if info.service_type == kind and info.valid_from <= at <= (info.valid_until or at)
            for certificate in info.provider_certs
        ]


def look(file: IO[bytes], traces: Traces, name: Callable[[bytes], str]) -> Found:
    """Every signature in it; `name` says whose a certificate is."""
    try:
        reader = PdfFileReader(file)
        _unlock(reader)
        signatures = list(_signatures(reader))
    except (NotForUs, *_OUR_OWN):
        raise
    except Exception:  # noqa: BLE001  # whatever a stranger's bytes make of a parser: it is no whole PDF
        return {"opened": False, "lists": traces.in_force, "signatures": []}
    stamps = [one for one in signatures if one.sig_object_type == "/DocTimeStamp"]
    people = [one for one in signatures if one.sig_object_type != "/DocTimeStamp"]
    seen = [_seen(one, stamps, traces, name) for one in people]
    return {"opened": True, "lists": traces.in_force, "signatures": seen}


def _unlock(reader: PdfFileReader) -> None:
    """By no password, as everybody's program does."""
    if reader.encrypted and reader.decrypt(b"").status is AuthStatus.FAILED:
        raise NotForUs


def _signatures(reader: PdfFileReader) -> Iterator[EmbeddedPdfSignature]:
    for full_name, kept, field in enumerate_sig_fields(reader, filled_status=True):
        signature = kept.get_object()
        stamp = signature.get("/Type") == "/DocTimeStamp"
        if not stamp and signature.get("/SubFilter") not in _KNOWN_FORMS:
            raise NotForUs
        yield EmbeddedPdfSignature(reader, field, full_name)


def _seen(
    signature: EmbeddedPdfSignature,
    stamps: Sequence[EmbeddedPdfSignature],
    traces: Traces,
    name: Callable[[bytes], str],
) -> Found:
    try:
        person = signature.signer_cert
    except _OUR_OWN:
        raise
    except Exception:  # noqa: BLE001  # as above: nobody is named as the signer
        return {"by": {"name": "?", "at": None}, "complaints": [Wrong.CHANGED]}
    try:
        stamp = _stamp(signature, stamps)
        at = stamp.at if stamp else signature.self_reported_timestamp
        complaints = [*_as_signed(signature), *_proved(signature, stamp, at, traces)]
    except _OUR_OWN:
        raise
    except Exception:  # noqa: BLE001  # as above
        at, complaints = None, [Wrong.CHANGED]
    told = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at and at.tzinfo else None
    return {"by": {"name": name(person.dump()), "at": told}, "complaints": complaints}


def _as_signed(signature: EmbeddedPdfSignature) -> Iterator[Wrong]:
    """The first question."""
    signature.compute_integrity_info(diff_policy=_LATER)
    if not _whole(signature) or not _ends(signature.reader.stream):
        yield Wrong.CHANGED
    intact, valid = generic_cms.validate_sig_integrity(
        signature.signer_info, signature.signer_cert, "data", signature.compute_digest()
    )
    if not (intact and valid):
        yield Wrong.CHANGED
    if signature.md_algorithm not in _STRONG:
        yield Wrong.WEAK


def _whole(signature: EmbeddedPdfSignature) -> bool:
    """It covers its revision but for its own place, and nothing came after that reads otherwise."""
    start, first, second, _ = (int(one) for one in signature.byte_range)
    gap = 2 * len(signature.pkcs7_content) + 2
    if start or second != first + gap or signature.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    said = signature.summarise_integrity_info()
    return isinstance(signature.diff_result, diff.DiffResult) and bool(said["docmdp_ok"])


def _ends(file: IO[bytes]) -> bool:
    """With its last revision: what lies behind that no signature covers."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - _TAIL_BYTES))
    return not file.read().rpartition(b"%%EOF")[2].strip()


def _proved(
    signature: EmbeddedPdfSignature, stamp: Stamp | None, at: datetime | None, traces: Traces
) -> Iterator[Wrong]:
    """The second question, and the third where there are lists to ask."""
    moment = at if at and at.tzinfo else datetime.now(UTC)
    brought = _brought(signature)
    if stamp is None:
        yield Wrong.NO_STAMP
    elif not stamp.holds:
        yield Wrong.CHANGED
    yield from _good(signature.signer_cert, brought, moment, traces.issuers(moment))
    if not traces.in_force:
        return
    if not traces.to_signer(signature.signer_cert, brought, moment):
        yield Wrong.SIGNER_NOT_LISTED
    if stamp is not None and not traces.to_stamper(stamp):
        yield Wrong.STAMPER_NOT_LISTED


def _good(
    person: x509.Certificate, brought: Brought, at: datetime, listed: Sequence[x509.Certificate]
) -> Iterator[Wrong]:
    """Whether who issued the certificate says that it was good at that moment; whoever that is."""
    known = [*listed, *brought.certificates, *brought.store.load_certs()]
    issuers = [one for one in known if one.ca and one.subject == person.issuer and one != person]
    if not issuers or not brought.answers:
        yield Wrong.NO_ANSWER
        return
    context = brought.context(issuers, at, "require")
    try:
        _done(CertificateValidator(person, [], validation_context=context).async_validate_path())
    except (InsufficientRevinfoError, PathError):
        yield Wrong.NO_ANSWER
    except ValidationError:
        yield Wrong.NOT_GOOD


def _brought(signature: EmbeddedPdfSignature) -> Brought:
    told = extract_certificate_info(signature.signed_data)
    ocsps: list[object] = []
    crls: list[object] = []
    for one in find_cms_attribute_iter(
        signature.signer_info["signed_attrs"], "adobe_revocation_info_archival"
    ):
        ocsps += list(one["ocsp"] or ())
        crls += list(one["crl"] or ())
    try:
        store = DocumentSecurityStore.read_dss(signature.reader)
    except NoDSSFoundError:
        store = DocumentSecurityStore(None)
    return Brought([told.signer_cert, *told.other_certs], ocsps, crls, store)


def _stamp(signature: EmbeddedPdfSignature, stamps: Sequence[EmbeddedPdfSignature]) -> Stamp | None:
    """Over the signature itself, or over the whole file once it was in it; the first that holds."""
    signed = bytes(signature.signer_info["signature"].native)
    tokens = [
        _read(token, lambda algorithm: hashlib.new(algorithm, signed).digest())
        for token in generic_cms.extract_tst_data_iter(signature.signer_info, signed=False)
    ]
    for one in stamps:
        if one.signed_revision > signature.signed_revision:
            one.compute_integrity_info(diff_policy=_LATER)
            stamp = _read(one.signed_data, one.compute_digest)
            tokens += [stamp] if stamp.holds and _whole(one) else []
    return next((one for one in tokens if one.holds), tokens[0] if tokens else None)


def _read(token: cms.SignedData, imprint: Callable[[str], bytes]) -> Stamp:
    content = token["encap_content_info"]["content"]
    info: tsp.TSTInfo = content.parsed
    told, signer = extract_certificate_info(token), extract_signer_info(token)
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    intact, valid = generic_cms.validate_sig_integrity(signer, told.signer_cert, "tst_info", digest)
    over = info["message_imprint"]
    algorithm = over["hash_algorithm"]["algorithm"].native
    fits = over["hashed_message"].native == imprint(algorithm) and algorithm in _STRONG
    return Stamp(info["gen_time"].native, intact and valid and fits, told.signer_cert, list(told.other_certs))


def _done(work: Coroutine[object, None, T]) -> T:
    """Nothing here waits for anybody: the work is done at its first step, without a loop."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise OSError("a library wants to fetch something")
