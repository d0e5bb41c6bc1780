"""What is set at the start: nothing leads beyond this machine in clear unless the operator names where to."""

from pathlib import Path
from typing import Any

import pytest

from hub.kernel.refusal import Refusal
from hub.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
ADDRESSES = [
    ("public_url", "http://{}:8480"),
    ("smtp_url", "smtp://{}:25"),
    ("smtp_url", "SMTP://user:secret@{}"),
    ("sms_url", "http://{}/messages"),
]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)


def settings(**given: Any) -> Settings:
    return Settings(**given)


@pytest.mark.parametrize(("name", "address"), ADDRESSES)
@pytest.mark.parametrize("host", ["gate.example", "10.0.0.7", "[2001:db8::7]", "127.0.0.1.example"])
def test_an_address_in_clear_beyond_this_machine_needs_its_hosts_name(
    name: str, address: str, host: str
) -> None:
    url = address.format(host)
    for named in ("", "other.example"):
        with pytest.raises(Refusal) as refused:
            settings(**{name: url, "plain_hosts": named})
        assert refused.value.code == "settings.in-clear"
        assert refused.value.facts == {"setting": f"HUB_{name.upper()}", "host": host.strip("[]")}
    allowed = settings(**{name: url, "plain_hosts": f"other.example, {host.strip('[]')}"})
    assert getattr(allowed, name) == url


@pytest.mark.parametrize(("name", "address"), ADDRESSES)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_on_this_machine_an_address_in_clear_is_taken(name: str, address: str, host: str) -> None:
    assert getattr(settings(**{name: address.format(host)}), name) == address.format(host)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("public_url", "https://hub.example"),
        ("smtp_url", "smtps://mail.example"),
        ("smtp_url", "starttls://mail.example:587"),
        ("sms_url", "https://sms.example/messages"),
    ],
)
def test_under_tls_every_host_is_taken(name: str, url: str) -> None:
    assert getattr(settings(**{name: url}), name) == url


@pytest.mark.parametrize("name", ["database_url", "database_owner_url"])
def test_every_url_of_a_database_says_its_tls_once_it_is_set(name: str, tmp_path: Path) -> None:
    url = "postgresql://hub@db.example/saikne"
    assert getattr(settings(**{name: url}), name) == f"{url}?sslmode=verify-full"
    roots = {"database_roots": tmp_path / "roots.pem", "database_tls": "verify-ca"}
    assert f"sslmode=verify-ca&sslrootcert={tmp_path}" in getattr(
        settings(**{name: url, **roots}), name
    ).replace("%2F", "/")
    with pytest.raises(Refusal) as refused:
        settings(**{name: f"{url}?sslmode=disable"})
    assert refused.value.code == "settings.database-in-clear"
