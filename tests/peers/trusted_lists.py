"""A folder of trusted lists (TS 119 612) as an operator installs it: one list, signed by its keeper."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.peers.signing_people import Holder, TrustService, list_keeper, service

_TRUST = "http://uri.etsi.org/TrstSvc/"
_EN = 'xml:lang="en"'
_DS = "http://www.w3.org/2000/09/xmldsig#"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_A_MONTH = timedelta(days=30)


def install(folder: Path, lists: TrustService | None = None, *, holds_for: timedelta = _A_MONTH) -> Path:
    """Write the folder, and whom it lists; `holds_for` may be over already."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "signers.pem").write_bytes(list_keeper().pem)
    (folder / "tl.xml").write_bytes(_signed(_body(lists or service(), datetime.now(UTC) + holds_for)))
    return folder


def _body(lists: TrustService, until: datetime) -> str:
    """As it is canonicalised; its own signature goes where the end is."""
    listed = "".join(
        [
            _service("CA/QC", lists.authority, _for_signatures()),
            _service("Certstatus/OCSP/QC", lists.responder),
            _service("TSA/QTST", lists.stamper),
        ]
    )
    address = (
        f"<PostalAddresses><PostalAddress {_EN}><StreetAddress>x</StreetAddress><Locality>x</Locality>"
        f"<CountryName>LV</CountryName></PostalAddress></PostalAddresses><ElectronicAddress>{_uri()}</ElectronicAddress>"
    )
    return (
        '<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" Id="tl" TSLTag="http://uri.etsi.org/19612/TSLTag">'
        "<SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>1</TSLSequenceNumber>"
        f"<TSLType>{_TRUST}TrustedList/TSLType/EUgeneric</TSLType>"
        f"<SchemeOperatorName>{_name('Test')}</SchemeOperatorName><SchemeOperatorAddress>{address}</SchemeOperatorAddress>"
        f"<SchemeName>{_name('LV:Test')}</SchemeName><SchemeInformationURI>{_uri()}</SchemeInformationURI>"
        f"<StatusDeterminationApproach>{_TRUST}TrustedList/StatusDetn/EUappropriate</StatusDeterminationApproach>"
        f"<SchemeTypeCommunityRules>{_uri()}</SchemeTypeCommunityRules><SchemeTerritory>LV</SchemeTerritory>"
        f"<PolicyOrLegalNotice><TSLLegalNotice {_EN}>x</TSLLegalNotice></PolicyOrLegalNotice>"
        "<HistoricalInformationPeriod>65535</HistoricalInformationPeriod>"
        f"<ListIssueDateTime>{_at(datetime.now(UTC) - _A_MONTH)}</ListIssueDateTime>"
        f"<NextUpdate><dateTime>{_at(until)}</dateTime></NextUpdate></SchemeInformation>"
        "<TrustServiceProviderList><TrustServiceProvider><TSPInformation>"
        f"<TSPName>{_name('Test')}</TSPName><TSPTradeName>{_name('VATLV-1')}</TSPTradeName>"
        f"<TSPAddress>{address}</TSPAddress><TSPInformationURI>{_uri()}</TSPInformationURI></TSPInformation>"
        f"<TSPServices>{listed}</TSPServices></TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>"
    )


def _service(kind: str, holder: Holder, more: str = "") -> str:
    return (
        f"<TSPService><ServiceInformation><ServiceTypeIdentifier>{_TRUST}Svctype/{kind}</ServiceTypeIdentifier>"
        f"<ServiceName>{_name(kind)}</ServiceName><ServiceDigitalIdentity><DigitalId><X509Certificate>{_b64(holder.der)}"
        "</X509Certificate></DigitalId></ServiceDigitalIdentity>"
        f"<ServiceStatus>{_TRUST}TrustedList/Svcstatus/granted</ServiceStatus>"
        f"<StatusStartingTime>2020-01-01T00:00:00Z</StatusStartingTime>{more}</ServiceInformation></TSPService>"
    )


def _for_signatures() -> str:
    what = f"<URI {_EN}>{_TRUST}TrustedList/SvcInfoExt/ForeSignatures</URI>"
    said = f"<AdditionalServiceInformation>{what}</AdditionalServiceInformation>"
    extension = f'<Extension Critical="true">{said}</Extension>'
    return f"<ServiceInformationExtensions>{extension}</ServiceInformationExtensions>"


def _signed(body: str) -> bytes:
    """Enveloped, by the keeper (XML-DSig)."""
    keeper = list_keeper()
    info = (
        f'<ds:SignedInfo xmlns:ds="{_DS}">'
        f'<ds:CanonicalizationMethod Algorithm="{_EXCLUSIVE}"></ds:CanonicalizationMethod>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod>'
        '<ds:Reference URI=""><ds:Transforms>'
        f'<ds:Transform Algorithm="{_DS}enveloped-signature"></ds:Transform>'
        f'<ds:Transform Algorithm="{_EXCLUSIVE}"></ds:Transform></ds:Transforms>'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
        f"<ds:DigestValue>{_b64(hashlib.sha256(body.encode()).digest())}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
    assert isinstance(keeper.key, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(keeper.key.sign(info.encode(), ec.ECDSA(hashes.SHA256())))
    signature = (
        f'<ds:Signature xmlns:ds="{_DS}">{info}'
        f"<ds:SignatureValue>{_b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}</ds:SignatureValue>"
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{_b64(keeper.der)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        "</ds:Signature>"
    )
    end = "</TrustServiceStatusList>"
    return (body.removesuffix(end) + signature + end).encode()


def _name(text: str) -> str:
    return f"<Name {_EN}>{text}</Name>"


def _uri() -> str:
    return f"<URI {_EN}>http://x.example</URI>"


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _b64(content: bytes) -> str:
    return b64encode(content).decode()
