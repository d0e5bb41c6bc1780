"""The program that looks at one signed file, in a process of its own, and says what it found as JSON.

`python -m hub.proofs.gateways.examiner KIND FILE FOLDER`: what kind of file, the number under which it is
open, and the folder with the schemas and trusted lists. It judges nothing: what the lines that it hands on
mean is decided in `signed_file`. The order carries the safety: what a library needs is loaded, then
everything is given up (`confinement`), then the stranger's bytes are looked at for the first time. Whether
the lists are in force is one library's word, for containers and PDF alike.
"""

import json
import os
import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hub.proofs.gateways import confinement

if TYPE_CHECKING:
    from pydigidoc.digidoc import Signature

LIST = "tl.xml"
SIGNERS = "signers.pem"
_NOWHERE = f"http://127.0.0.1:9/{LIST}"
"""The library names its own list by an address; nothing is ever fetched."""
_ERRORS = 1
_LIST_REFUSED = b"Failed to validate list"
"""As the library logs of a list that is missing, not signed by whom it should be, or out of date."""
_LOG_BYTES = 1 << 20
_NAME_SIGNS = 160
_LOADED_LATE = (
    "cryptography.hazmat.backends.openssl.backend",
    "lxml._elementpath",
    "lxml.etree",
    "pyhanko.pdf_utils.filters",
)
"""What the library for PDF would load only when a file needs it; then nothing can be loaded any more."""
_MOMENT = re.compile(r"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ", re.ASCII)

Found = dict[str, object]


def main() -> None:
    kind, number, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    answering = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    confinement.stay_small()
    confinement.stay_alone()  # already: where a list is out of date the library would fetch it
    look = _PREPARED[kind](folder)
    confinement.let_go_of_files(but={path.resolve().parent for path in folder.iterdir()})
    os.write(answering, json.dumps(look(f"/proc/self/fd/{number}")).encode())


def _prepare_container(folder: Path) -> Callable[[str], Found]:
    """The library of the Baltic signing programs, with the lists that were installed."""
    from pydigidoc import digidoc

    lists = lists_in_force(folder)

    def look(path: str) -> Found:
        try:
            container = digidoc.Container.open(path)
            seen = [_seen(one) for one in container.signatures()]
        except RuntimeError:
            return {"opened": False, "lists": lists, "signatures": []}
        return {"opened": True, "lists": lists, "signatures": seen}

    return look


def _prepare_pdf(folder: Path) -> Callable[[str], Found]:
    """Our own reading of a signed PDF, by the services that the same lists name."""
    from tzlocal import get_localzone

    from hub.proofs.gateways import signed_pdf, trusted_lists

    get_localzone()  # read while files can be
    for late in _LOADED_LATE:
        import_module(late)
    followed = trusted_lists.followed(folder) if lists_in_force(folder) else []
    traces = signed_pdf.Traces(followed)

    def look(path: str) -> Found:
        with Path(path).open("rb") as file:
            return signed_pdf.look(file, traces, lambda der: name_of(x509.load_der_x509_certificate(der)))

    return look


def lists_in_force(folder: Path) -> bool:
    """Whether every list that is installed is signed by whom it should be and not out of date."""
    from pydigidoc import digidoc

    log = os.memfd_create("log")
    settings = digidoc.DigiDocConf(str(folder))
    settings.set_tslurl(_NOWHERE)
    settings.set_tslonline_digest(False)
    settings.set_log_file(f"/proc/self/fd/{log}")
    settings.set_log_level(_ERRORS)
    for signer in _certificates(folder):
        settings.add_tslcert(signer.public_bytes(Encoding.DER))
    settings.thisown = False  # the library keeps it
    digidoc.Conf.init(settings)
    digidoc.initialize("saikne", "saikne")
    return _LIST_REFUSED not in os.pread(log, _LOG_BYTES, 0)


def _seen(signature: "Signature") -> Found:  # the library has no types
    complaints: list[str] = []
    try:
        signature.validate()
    except RuntimeError as told:
        complaints = str(told).splitlines() or ["no reason given"]
    signed_by = x509.load_der_x509_certificate(signature.signing_certificate())
    at = signature.trusted_signing_time()
    by = {"name": name_of(signed_by), "at": at if _MOMENT.fullmatch(at) else None}
    return {"by": by, "complaints": complaints}


def name_of(certificate: x509.Certificate) -> str:
    """Who it was made out to: given name and surname, or the common name; with the organisation it was for.

    A common name may hold a personal code beside the name, as Estonian ones do.
    """

    def said(kind: x509.ObjectIdentifier) -> str:
        return " ".join(str(one.value) for one in certificate.subject.get_attributes_for_oid(kind))

    person = f"{said(NameOID.GIVEN_NAME)} {said(NameOID.SURNAME)}".strip() or said(NameOID.COMMON_NAME)
    whole = ", ".join(part for part in (person, said(NameOID.ORGANIZATION_NAME)) if part)
    return "".join(sign if sign.isprintable() else " " for sign in whole)[:_NAME_SIGNS].strip() or "?"


def _certificates(folder: Path) -> list[x509.Certificate]:
    kept = folder / SIGNERS
    return x509.load_pem_x509_certificates(kept.read_bytes()) if kept.is_file() else []


_PREPARED = {"container": _prepare_container, "pdf": _prepare_pdf}

if __name__ == "__main__":
    main()
