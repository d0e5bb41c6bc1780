"""Files that the job is given, and documents that lie in its folder: none fails in a way of its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from agis_sync.gateways.online import Access, AccessFileRefused, OnlineGateway, read_secret
from agis_sync.gateways.sftp import SftpFileRefused, sftp_access
from saikne_schemas.register_entries import RegisterExtract
from saikne_schemas.register_files import FileDamage, FileDamaged, read, read_twin
from tests.bad_files import NOT_FILES, NOT_JSON, NOT_TEXTS, every_bad_file, no_file, written


def test_a_secret_is_text_and_nothing_else(tmp_path: Path) -> None:
    for path in every_bad_file(tmp_path, {}):
        with pytest.raises(AccessFileRefused) as refused:
            read_secret(path)
        assert refused.value.facts == {"path": str(path), "why": "unreadable"}


def test_a_secret_that_notepad_saved_is_the_same(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16-le"):
        file = tmp_path / encoding
        file.write_bytes(written("s3cret\r\n", encoding))
        file.chmod(0o600)
        assert read_secret(file) == "s3cret"


@pytest.mark.parametrize("name", NOT_FILES)
def test_what_proves_both_sides_is_a_file(tmp_path: Path, name: str) -> None:
    path, secret = no_file(tmp_path, name), tmp_path / "secret"
    secret.write_text("s")
    secret.chmod(0o600)
    access = Access("https://register.example", "https://register.example/t", "a", secret)
    for given in (
        replace(access, authorities=path),
        replace(access, certificate=path),
        replace(access, certificate=secret, key=path),
    ):
        with pytest.raises(AccessFileRefused):
            OnlineGateway(given)
    with pytest.raises(SftpFileRefused):
        sftp_access("sftp://user@host/path", path, secret)


def test_every_bad_document_of_a_register_is_damage_and_nothing_else() -> None:
    for content, _ in (NOT_TEXTS | NOT_JSON).values():
        with pytest.raises(FileDamaged) as damaged:
            read(RegisterExtract, content)
        assert damaged.value.why is FileDamage.MALFORMED
    nested = b'<register-entry xmlns="urn:saikne:register-entry:1">' + b"<a>" * 1500 + b"</a>" * 1500
    with pytest.raises(FileDamaged):
        read_twin(nested + b"</register-entry>")
