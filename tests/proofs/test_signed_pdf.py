"""A signed PDF is told by what it is: as it was signed, stamped and good then, led to by lists, or not."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.ocsp import OCSPCertStatus
from pyhanko.sign.fields import SigSeedSubFilter

from hub.proofs.gateways import signed_pdf, trusted_lists
from hub.proofs.gateways.examiner import name_of
from hub.proofs.gateways.signed_pdf import NotForUs, Traces
from hub.proofs.signed_file import Findings
from saikne_schemas.proofs import ProofMediaType
from saikne_schemas.signed_files import Verdict
from tests.peers import signed_pdfs
from tests.peers import trusted_lists as peers
from tests.peers.signing_people import SIGNER, service, too_late, unqualified
from tests.proofs.test_examination import looked_at

ELSEWHERE = service("Cita valsts")
NO_LISTS = Traces([])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return peers.install(tmp_path_factory.mktemp("lists"))


@pytest.fixture(scope="module")
def listed(folder: Path) -> Traces:
    return Traces(trusted_lists.followed(folder))


@pytest.fixture(scope="module")
def sound() -> bytes:
    return signed_pdfs.signed()


def look(content: bytes, traces: Traces) -> Findings:
    found = signed_pdf.look(
        io.BytesIO(content), traces, lambda der: name_of(x509.load_der_x509_certificate(der))
    )
    return Findings.model_validate(found)


def verdicts(content: bytes, listed: Traces) -> tuple[Verdict, Verdict]:
    """With lists that are in force, and with none."""
    return look(content, listed).verdict, look(content, NO_LISTS).verdict


def revoked() -> bytes:
    by = service()
    return signed_pdfs.with_answer(
        signed_pdfs.signed(answered=False), by, answer=by.not_revoked(OCSPCertStatus.REVOKED)
    )


def of_another_person() -> bytes:
    """The answer that lies in the file is about somebody else's certificate."""
    return signed_pdfs.with_answer(signed_pdfs.signed(by=too_late(service()), answered=False), service())


_Made = Callable[[], bytes]
_KEPT: dict[str, tuple[_Made, Verdict, Verdict]] = {
    "sound": (signed_pdfs.signed, Verdict.VALID, Verdict.WHOLE),
    "signed by two": (signed_pdfs.twice, Verdict.VALID, Verdict.WHOLE),
    "signed in the older form": (
        lambda: signed_pdfs.signed(form=SigSeedSubFilter.ADOBE_PKCS7_DETACHED),
        *(Verdict.VALID, Verdict.WHOLE),
    ),
    "encrypted for nobody": (
        lambda: signed_pdfs.signed(signed_pdfs.locked(""), password=""),
        *(Verdict.VALID, Verdict.WHOLE),
    ),
    "of another authority": (
        lambda: signed_pdfs.signed(by=ELSEWHERE),
        *(Verdict.UNTRUSTED, Verdict.WHOLE),
    ),
    "not qualified": (
        lambda: signed_pdfs.signed(by=unqualified(service())),
        *(Verdict.UNTRUSTED, Verdict.WHOLE),
    ),
    "one of two of another authority": (
        lambda: signed_pdfs.signed(signed_pdfs.signed(), ELSEWHERE, field="Paraksts2"),
        *(Verdict.UNTRUSTED, Verdict.WHOLE),
    ),
}
_SAME: dict[str, tuple[_Made, Verdict]] = {
    "without a stamp": (lambda: signed_pdfs.signed(stamped=False), Verdict.INCOMPLETE),
    "without an answer": (lambda: signed_pdfs.signed(answered=False), Verdict.INCOMPLETE),
    "with an answer about another": (of_another_person, Verdict.INCOMPLETE),
    "revoked": (revoked, Verdict.INCOMPLETE),
    "by a certificate that had run out": (
        lambda: signed_pdfs.signed(by=too_late(service())),
        Verdict.INCOMPLETE,
    ),
    "with another page": (lambda: signed_pdfs.with_another_page(signed_pdfs.signed()), Verdict.ALTERED),
    "with another word": (lambda: signed_pdfs.with_another_word(signed_pdfs.signed()), Verdict.ALTERED),
    "the first of two changed": (
        lambda: signed_pdfs.signed(signed_pdfs.with_another_page(signed_pdfs.signed()), field="Paraksts2"),
        Verdict.ALTERED,
    ),
    "with a field filled in": (signed_pdfs.with_a_field_filled_in, Verdict.ALTERED),
    "with bytes behind it": (lambda: signed_pdfs.with_bytes_behind(signed_pdfs.signed()), Verdict.ALTERED),
    "with less covered": (signed_pdfs.signed_with_less_covered, Verdict.ALTERED),
    "cut off": (lambda: signed_pdfs.cut_off(signed_pdfs.signed()), Verdict.ALTERED),
    "not signed": (signed_pdfs.plain, Verdict.UNSIGNED),
}


@pytest.mark.parametrize("kind", _KEPT)
def test_what_is_as_it_was_signed_is_judged_by_the_lists(kind: str, listed: Traces) -> None:
    made, with_lists, without = _KEPT[kind]
    assert verdicts(made(), listed) == (with_lists, without)


@pytest.mark.parametrize("kind", _SAME)
def test_what_is_lacking_is_told_with_lists_and_without(kind: str, listed: Traces) -> None:
    made, verdict = _SAME[kind]
    assert verdicts(made(), listed) == (verdict, verdict)


@pytest.mark.parametrize(
    "made",
    [
        lambda: signed_pdfs.signed(signed_pdfs.locked("x1"), password="x1"),
        signed_pdfs.in_another_form,
    ],
    ids=["locked by a password", "signed in a form that is used no more"],
)
def test_what_cannot_be_judged_is_not_judged(made: Callable[[], bytes], listed: Traces) -> None:
    with pytest.raises(NotForUs):
        look(made(), listed)


def test_every_signer_is_named_with_the_hour_of_the_stamp(listed: Traces) -> None:
    signers = look(signed_pdfs.twice(), listed).signers
    assert [by.name for by in signers] == [SIGNER, SIGNER]
    assert all(by.at is not None for by in signers)


async def test_a_pdf_is_looked_at_in_the_confined_process(folder: Path, sound: bytes) -> None:
    for content, lists, verdict in (
        (sound, folder, Verdict.VALID),
        (sound, None, Verdict.WHOLE),
        (signed_pdfs.with_another_word(sound), folder, Verdict.ALTERED),
    ):
        found = await looked_at(content, lists, ProofMediaType.PDF)
        assert found is not None
        assert found.verdict is verdict


async def test_lists_that_are_not_in_force_lead_nowhere_for_a_pdf_too(tmp_path: Path, sound: bytes) -> None:
    (tmp_path / "signers.pem").write_bytes(service().authority.pem)  # no keeper of theirs
    (tmp_path / "tl.xml").write_bytes((peers.install(tmp_path / "kept") / "tl.xml").read_bytes())
    found = await looked_at(sound, tmp_path, ProofMediaType.PDF)
    assert found is not None
    assert found.verdict is Verdict.WHOLE


async def test_what_cannot_be_judged_or_costs_too_much_was_not_looked_at(folder: Path) -> None:
    for content in (signed_pdfs.in_another_form(), signed_pdfs.locked("x1") + b"%/ByteRange"):
        assert await looked_at(content, folder, ProofMediaType.PDF) is None
    found = await looked_at(signed_pdfs.bomb(), folder, ProofMediaType.PDF)
    assert found is None or found.verdict is Verdict.ALTERED


async def test_a_pdf_that_bears_no_signature_costs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.proofs.gateways.examination._ask", None)
    found = await looked_at(signed_pdfs.plain(), None, ProofMediaType.PDF)
    assert found is not None
    assert found.verdict is Verdict.UNSIGNED
