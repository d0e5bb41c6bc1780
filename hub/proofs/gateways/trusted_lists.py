"""What trusted lists say: whose they are, until when they hold, and who was granted which service.

Whether a list is signed by whom it should be, and not out of date, the library of the signing programs says
(`examiner`); only lists that it has followed are read here: `tl.xml`, and of a list of lists those it names.
Source: TS 119 612 5.3, 5.5; TS 119 615. A service counts for as long as its status was "granted".
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from asn1crypto import x509
from pyhanko.sign.validation.qualified import tsp
from pyhanko.sign.validation.settings import KeyUsageConstraints

FIRST = "tl.xml"
_TRUST = "http://uri.etsi.org/TrstSvc/"
_GRANTED = f"{_TRUST}TrustedList/Svcstatus/granted"
_ADDITIONAL = f"{_TRUST}TrustedList/SvcInfoExt/"
_KINDS = {
    f"{_ADDITIONAL}ForeSignatures": tsp.QcCertType.QC_ESIGN,
    f"{_ADDITIONAL}ForeSeals": tsp.QcCertType.QC_ESEAL,
    f"{_ADDITIONAL}ForWebSiteAuthentication": tsp.QcCertType.QC_WEB,
}
_QUALIFIERS = {one.uri: one for one in tsp.Qualifier}
_NAMES = {
    "t": "http://uri.etsi.org/02231/v2#",
    "s": f"{_TRUST}SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#",
    "x": "http://uri.etsi.org/01903/v1.3.2#",
    "a": "http://uri.etsi.org/02231/v2/additionaltypes#",
}
Element = ET.Element


@dataclass(frozen=True, slots=True)
class TrustedList:
    """One list, as its keeper wrote it."""

    file: str
    territory: str
    issued_at: datetime | None
    next_update: datetime | None
    names: frozenset[str] = frozenset()
    """Territories to whose lists it leads."""
    services: list[tsp.QualifiedServiceInformation] = field(default_factory=list)
    """Who was granted, and when, to certify people and to stamp: each time span by itself."""


def followed(folder: Path) -> list[TrustedList]:
    """The first list, and those that are installed of the ones that it names."""
    first = read(folder / FIRST)
    named = sorted(folder / f"{territory}.xml" for territory in first.names)
    return [first, *(read(path) for path in named if path.is_file())]


def read(path: Path) -> TrustedList:
    root = ET.parse(path).getroot()  # noqa: S314  # of the operator's own, and signed
    scheme = _found(root, "t:SchemeInformation")
    pointers = scheme.iterfind("t:PointersToOtherTSL/t:OtherTSLPointer", _NAMES)
    return TrustedList(
        file=path.name,
        territory=_text(scheme, "t:SchemeTerritory"),
        issued_at=_moment(_text(scheme, "t:ListIssueDateTime")),
        next_update=_moment(_text(scheme, "t:NextUpdate/t:dateTime")),
        names=frozenset(_text(pointer, ".//t:SchemeTerritory") for pointer in pointers) - {""},
        services=[one for service in root.iter(f"{{{_NAMES['t']}}}TSPService") for one in _spans(service)],
    )


def _spans(service: Element) -> Iterator[tsp.QualifiedServiceInformation]:
    """One service in each time span in which it was granted; a later entry ends the one before it."""
    now = _found(service, "t:ServiceInformation")
    known = _certificates(now)
    entries = [now, *service.iterfind("t:ServiceHistory/t:ServiceHistoryInstance", _NAMES)]
    dated = [(since, entry) for entry in entries if (since := _moment(_text(entry, "t:StatusStartingTime")))]
    until: datetime | None = None
    for since, entry in sorted(dated, key=lambda pair: pair[0], reverse=True):
        if _text(entry, "t:ServiceStatus") == _GRANTED:
            told = _told(entry, _certificates(entry) or known, since, until)
            if told is not None:
                yield told
        until = since


def _told(
    entry: Element, certificates: tuple[x509.Certificate, ...], since: datetime, until: datetime | None
) -> tsp.QualifiedServiceInformation | None:
    kind = _text(entry, "t:ServiceTypeIdentifier")
    uris = {_text(one, "t:URI") for one in entry.iter(f"{{{_NAMES['t']}}}AdditionalServiceInformation")}
    base = tsp.BaseServiceInformation(
        service_type=kind,
        service_name=_text(entry, "t:ServiceName/t:Name"),
        valid_from=since,
        valid_until=until,
        provider_certs=certificates,
        additional_info_certificate_type=frozenset(_KINDS[uri] for uri in uris if uri in _KINDS),
        other_additional_info=frozenset(),
    )
    if kind == tsp.CA_QC_URI:
        return tsp.CAServiceInformation(base, frozenset(_qualifications(entry)), None)
    return tsp.QTSTServiceInformation(base, frozenset()) if kind == tsp.QTST_URI else None


def _qualifications(entry: Element) -> Iterator[tsp.Qualification]:
    for one in entry.iterfind(".//s:QualificationElement", _NAMES):
        uris = {qualifier.get("uri", "") for qualifier in one.iterfind("s:Qualifiers/s:Qualifier", _NAMES)}
        qualifiers = frozenset(_QUALIFIERS[uri] for uri in uris if uri in _QUALIFIERS)
        if qualifiers:
            yield tsp.Qualification(qualifiers, _criteria(_found(one, "s:CriteriaList")))


def _criteria(listed: Element) -> tsp.CriteriaList:
    """Which certificates are meant; a criterion that is not known here raises: nothing is left out."""
    meant: list[tsp.Criterion] = []
    for one in listed:
        name = one.tag.rpartition("}")[2]
        if name == "KeyUsage":
            meant.append(_key_usage(one))
        elif name == "PolicySet":
            meant.append(tsp.PolicySetCriterion(frozenset(_identifiers(one))))
        elif name == "CriteriaList":
            meant.append(_criteria(one))
        elif name == "otherCriteriaList":
            meant += [_other(inside) for inside in one]
        elif name != "Description":
            raise ValueError(name)
    how = tsp.CriteriaCombination(listed.get("assert", "all"))
    return tsp.CriteriaList(how, frozenset(meant))


def _key_usage(listed: Element) -> tsp.Criterion:
    bits = {
        bit.get("name", ""): (bit.text or "").strip() == "true"
        for bit in listed.iterfind("s:KeyUsageBit", _NAMES)
    }
    wanted, never = (
        frozenset(_snake(name) for name, is_set in bits.items() if is_set is which) for which in (True, False)
    )
    return tsp.KeyUsageCriterion(KeyUsageConstraints(key_usage=set(wanted), key_usage_forbidden=set(never)))


def _other(one: Element) -> tsp.Criterion:
    name = one.tag.rpartition("}")[2]
    if name == "CertSubjectDNAttribute":
        return tsp.CertSubjectDNCriterion(frozenset(_identifiers(one)))
    if name == "ExtendedKeyUsage":
        return tsp.KeyUsageCriterion(KeyUsageConstraints(extd_key_usage=set(_identifiers(one))))
    raise ValueError(name)


def _identifiers(within: Element) -> Iterable[str]:
    for one in within.iter(f"{{{_NAMES['x']}}}Identifier"):
        yield (one.text or "").strip().removeprefix("urn:oid:")


def _snake(name: str) -> str:
    """`nonRepudiation` as libraries of ASN.1 name it."""
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)


def _certificates(entry: Element) -> tuple[x509.Certificate, ...]:
    path = "t:ServiceDigitalIdentity/t:DigitalId/t:X509Certificate"
    return tuple(x509.Certificate.load(b64decode(one.text or "")) for one in entry.iterfind(path, _NAMES))


def _found(within: Element, path: str) -> Element:
    one = within.find(path, _NAMES)
    if one is None:
        raise ValueError(path)
    return one


def _text(within: Element, path: str) -> str:
    return (within.findtext(path, "", _NAMES) or "").strip()


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
