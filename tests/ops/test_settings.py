"""What is set at the start: nothing leads beyond this machine in clear unless the operator names where to."""

from pathlib import Path
from typing import Any

import pytest
import trustme
import typer
from pydantic import ValidationError

from hub.kernel.refusal import Refusal
from hub.ops.bad_news import told
from hub.settings import Settings
from saikne_schemas.command_line import Exit

DEPLOY = Path(__file__).parents[2] / "deploy"
ANY_TEXT = frozenset(
    {"home", "bind", "metrics_bind", "tls_certificate", "tls_key", "plain_hosts", "sms_token", "sms_sender"}
    | {"sms_report_secret", "push_services"}
)
"""Whoever uses them looks at them: no numbers, durations, words of a list, or addresses elsewhere. Almost any
word with a number behind it is a host's name and port."""
SECRET = "hunter2"
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
    ("name", "value"),
    [
        *(
            (name, url)
            for name, _ in ADDRESSES
            for url in ("hub.example", "//hub.example", "starttls:/hub.example")
        ),
        *((name, f"{scheme}:///x") for name, scheme in [("public_url", "https"), ("smtp_url", "smtps")]),
        *(
            (name, f"{scheme}://hub.example:x")
            for name, scheme in [("sms_url", "https"), ("smtp_url", "smtps")]
        ),
        ("smtp_url", "https://mail.example"),
        ("sms_url", "smtps://sms.example"),
        ("public_url", ""),
        ("public_url", "http:hub.example"),
        *(
            ("push_services", word)
            for word in ("https://push.example", "push..example", "*", "a.*.b", "a,,b")
        ),
        ("mail_from", ""),
        ("mail_from", "saikne"),
        ("mail_from", "Saikne <saikne@hub.example>"),
        ("mail_from", "saikne@hub.example\r\nBcc: x@y.example"),
        ("mail_from", "saik..ne@hub.example"),
        ("mail_from", "pārsūtīšana@hub.example"),
    ],
)
def test_what_leads_nowhere_is_told_at_the_start_and_not_with_the_first_letter(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(**{name: value})
    assert [error["loc"] for error in refused.value.errors()] == [(name,)]


@pytest.mark.parametrize("name", ["smtp_url", "sms_url"])
def test_an_empty_way_out_is_none(name: str) -> None:
    assert getattr(settings(**{name: ""}), name) is None


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
    trustme.CA().cert_pem.write_to_path(tmp_path / "roots.pem")
    roots = {"database_roots": tmp_path / "roots.pem", "database_tls": "verify-ca"}
    assert f"sslmode=verify-ca&sslrootcert={tmp_path}" in getattr(
        settings(**{name: url, **roots}), name
    ).replace("%2F", "/")
    with pytest.raises(Refusal) as refused:
        settings(**{name: f"{url}?sslmode=disable"})
    assert refused.value.code == "settings.database-in-clear"


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("value", [f"{SECRET}:587", f"{SECRET}://[x", f"postgresql://x:{SECRET}/y@h:port/d"])
@pytest.mark.parametrize("name", sorted(Settings.model_fields.keys() - ANY_TEXT - {"database_roots"}))
def test_a_setting_that_does_not_fit_is_told_by_what_does_and_never_by_what_it_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, language: str
) -> None:
    said = refused_setting(monkeypatch, capsys, name, value, language)
    assert SECRET not in said


@pytest.mark.parametrize(
    "name", [name for name, field in Settings.model_fields.items() if field.annotation is int]
)
def test_a_number_below_its_least_is_told_with_the_least(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert " or more" in refused_setting(monkeypatch, capsys, name, "-1", "en")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("mysql://hub@127.0.0.1/saikne", "postgresql://USER:PASSWORD@HOST"),
        ("sqlite:///saikne.db", "postgresql://USER:PASSWORD@HOST"),
        ("postgresql://hub@127.0.0.1:99999/saikne", "postgresql://USER:PASSWORD@HOST"),
        ("postgresql://hub@db.example/saikne?sslrootcert=/none.pem", "/none.pem: No such file"),
        ("postgresql://hub@db.example/saikne?sslcert=/none.pem&sslkey=/none.key", "/none.pem: No such file"),
    ],
)
@pytest.mark.parametrize("name", ["database_url", "database_owner_url"])
def test_a_url_that_leads_to_no_database_is_told_by_its_own_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, said: str
) -> None:
    assert said in refused_setting(monkeypatch, capsys, name, value, "en")


def test_authorities_are_a_file_of_certificates_or_those_of_the_system(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for path, why in (
        (tmp_path / "none.pem", "No such file or directory"),
        (tmp_path, "Is a directory"),
        (empty, "is none"),
    ):
        said = refused_setting(monkeypatch, capsys, "database_roots", str(path), "en")
        assert str(path) in said
        assert why in said
    assert settings(database_roots="system").database_roots == Path("system")


def refused_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, language: str
) -> str:
    """What a command says of it; its name stands there, and what it takes."""
    setting = f"HUB_{name.upper()}"
    monkeypatch.setenv(setting, value)
    with pytest.raises(typer.Exit) as ended, told(language):
        Settings()
    assert ended.value.exit_code == Exit.BAD_INPUT
    first, *rest = capsys.readouterr().err.splitlines()
    assert f": {setting}. " in first
    assert [line.startswith(f"  {setting}: ") for line in rest] == [True]
    return rest[0]
