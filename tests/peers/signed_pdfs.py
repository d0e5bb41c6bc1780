"""Signed PDFs (PAdES), as people bring them: sound ones, and such as were changed, locked or cut off.

Signed by pyhanko with the trust service of the tests. Source: EN 319 142-1, ISO 32000-2 12.8.
"""

import asyncio
import io
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asn1crypto import ocsp
from pyhanko.keys.pemder import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.peers.signing_people import TrustService, service

Spoiling = Callable[[bytes], bytes]


def plain(words: str = "KOPIJA PAREIZA") -> bytes:
    """One page, nobody has signed it."""
    made = writer.PdfFileWriter()
    made.insert_page(_page(made, words))
    return _written(made)


def locked(password: str) -> bytes:
    """A page that opens by a password only; by an empty one, everybody's."""
    made = writer.PdfFileWriter()
    made.insert_page(_page(made, "KOPIJA PAREIZA"))
    made.encrypt(owner_pass="īpašnieks", user_pass=password)
    return _written(made)


def signed(
    content: bytes | None = None,
    by: TrustService | None = None,
    *,
    stamped: bool = True,
    answered: bool = True,
    field: str = "Paraksts1",
    form: SigSeedSubFilter = SigSeedSubFilter.PADES,
    password: str | None = None,
) -> bytes:
    """Signed by the person of a trust service, with its time stamp and the answer on revocation."""
    service_of, edited = by or service(), IncrementalPdfFileWriter(io.BytesIO(content or plain()))
    if password is not None:
        edited.encrypt(password)
    how = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=form, embed_validation_info=False
    )
    stamper = service_of.time_stamper() if stamped else None
    work = signers.PdfSigner(how, _signer(service_of), timestamper=stamper).async_sign_pdf(edited)
    out = _done(work)
    return with_answer(out.getvalue(), service_of, password) if answered else out.getvalue()


def with_answer(
    content: bytes, by: TrustService, password: str | None = None, answer: bytes | None = None
) -> bytes:
    """The authority's word that the person's certificate is good, added in a later revision (DSS)."""
    out, told = io.BytesIO(content), ocsp.OCSPResponse.load(answer or by.not_revoked())
    edited = IncrementalPdfFileWriter(out)
    if password is not None:
        edited.encrypt(password)
    certificates = list(load_certs_from_pemder_data(by.authority.pem + by.responder.pem))
    DocumentSecurityStore.supply_dss_in_writer(edited, None, certs=certificates, ocsps=[told])
    edited.write_in_place()
    return out.getvalue()


def twice(by: TrustService | None = None) -> bytes:
    """Two people sign one after the other, each with stamp and answer."""
    return signed(signed(by=by), by, field="Paraksts2")


def with_another_page(content: bytes) -> bytes:
    """Somebody has added to the signed file, as a later revision, and left what was there."""
    out = io.BytesIO(content)
    edited = IncrementalPdfFileWriter(out)
    edited.insert_page(_page(edited, "UN VĒL VIENA LAPA"))
    edited.write_in_place()
    return out.getvalue()


def with_another_word(content: bytes) -> bytes:
    """Somebody has changed a byte of what was signed."""
    assert content.count(b"PAREIZA") == 1
    return content.replace(b"PAREIZA", b"PAREIZ_")


def with_a_field_filled_in(by: TrustService | None = None) -> bytes:
    """A form is filled in after it was signed: the page reads otherwise than when it was."""
    made = writer.PdfFileWriter()
    made.insert_page(_page(made, "KOPIJA PAREIZA"))
    said = generic.DictionaryObject(
        {
            generic.pdf_name("/FT"): generic.pdf_name("/Tx"),
            generic.pdf_name("/T"): generic.pdf_string("Skaits"),
            generic.pdf_name("/V"): generic.pdf_string("3"),
        }
    )
    form = {generic.pdf_name("/Fields"): generic.ArrayObject([made.add_object(said)])}
    made.root[generic.pdf_name("/AcroForm")] = made.add_object(generic.DictionaryObject(form))
    out = io.BytesIO(signed(_written(made), by))
    edited = IncrementalPdfFileWriter(out)
    field = edited.root["/AcroForm"]["/Fields"][0]
    field[generic.pdf_name("/V")] = generic.pdf_string("30")
    edited.mark_update(field.container_ref)
    edited.write_in_place()
    return out.getvalue()


def with_bytes_behind(content: bytes) -> bytes:
    """What follows the signed part is no revision of the file, only bytes that some programs read."""
    return content + b"\n% un vel kas\n"


def cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]


def signed_with_less_covered() -> bytes:
    """A signature that leaves out a part of the file beside its own place."""
    content = signed(answered=False)
    start = content.index(b"/ByteRange [") + len(b"/ByteRange [")
    end = content.index(b"]", start)
    first, length, second, rest = (int(number) for number in content[start:end].split())
    other = f"{first} {length} {second + 10} {rest - 10}".encode()
    return content[:start] + other.ljust(end - start) + content[end:]


def in_another_form() -> bytes:
    """Signed in a form that is used no more (adbe.x509.rsa_sha1)."""
    return signed(answered=False).replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1 ")


def bomb() -> bytes:
    """A small signed file whose objects unpack to more than anybody should give memory for."""
    made = writer.PdfFileWriter(stream_xrefs=True)
    huge = generic.StreamObject(stream_data=bytes(300 << 20))
    huge.compress()
    made.insert_page(_page(made, "KOPIJA PAREIZA"))
    made.root[generic.pdf_name("/Metadata")] = made.add_object(huge)
    return with_another_page(signed(_written(made)))


def _signer(by: TrustService) -> signers.SimpleSigner:
    (person,) = load_certs_from_pemder_data(by.person.pem)
    authority = SimpleCertificateStore.from_certs(list(load_certs_from_pemder_data(by.authority.pem)))
    key = load_private_key_from_pemder_data(by.person.key_pem, None)
    return signers.SimpleSigner(signing_cert=person, signing_key=key, cert_registry=authority)


def _page(made: writer.BasePdfFileWriter, words: str) -> writer.PageObject:
    content = generic.StreamObject(stream_data=f"% {words}\n".encode())
    return writer.PageObject(contents=made.add_object(content), media_box=(0, 0, 595, 842))


def _written(made: writer.PdfFileWriter) -> bytes:
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def _done(work: Coroutine[Any, Any, Any]) -> Any:
    """In a loop of its own, beside whatever loop a test has."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, work).result()
