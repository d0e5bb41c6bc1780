"""`hub register` as an operator uses it: the register's keys are let in, and registrations are counted."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OKPKey
from typer.testing import CliRunner

from hub.ops.console import say
from hub.ops.register import app
from saikne_schemas.register_words import RegistrationState
from tests.conftest import Cluster


class Operator:
    """Somebody at the hub's command line."""

    def __init__(self, url: str) -> None:
        self._environment = {"HUB_DATABASE_URL": url, "HUB_LANG": "en"}

    def __call__(self, *words: str, expect: int = 0) -> str:
        ended = CliRunner().invoke(app, list(words), env=self._environment)
        assert ended.exit_code == expect, ended.output
        return ended.stderr if expect else ended.stdout

    def json(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*words, "--json").splitlines()]


@pytest.fixture
def operator(cluster: Cluster, database_name: str) -> Operator:
    return Operator(cluster.url(database_name))


def test_a_key_is_let_in_once_and_retired_once(operator: Operator, tmp_path: Path) -> None:
    key = ECKey.generate_key("P-256")
    kid = key.thumbprint()
    (tmp_path / "register.jwk").write_text(json.dumps(key.as_dict(private=False)))
    assert operator.json("add-key", str(tmp_path / "register.jwk")) == [{"kid": kid, "added": True}]
    assert operator.json("add-key", str(tmp_path / "register.jwk")) == [{"kid": kid, "added": False}]
    (shown,) = operator.json("keys")
    assert (shown["kid"], shown["retired_at"]) == (kid, None)
    assert shown["jwk"].keys() == {"kty", "crv", "x", "y"}
    assert kid in operator("retire-key", kid)
    assert operator.json("keys")[0]["retired_at"] is not None
    _, purpose, added, retired = operator("keys").rstrip("\n").split("\t")
    assert (purpose, shown["purpose"]) == ("sealing", "sealing")
    assert all(re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d\.\d\d", one) for one in (added, retired))
    assert "no register's key" in operator("retire-key", kid, expect=2)


def test_a_key_by_which_the_register_signs_is_none_to_seal_to(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(json.dumps(ECKey.generate_key("P-256").as_dict(private=False)))
    (added,) = operator.json("add-key", "--signing", str(tmp_path / "key"))
    assert added["added"]
    assert not operator.json("add-key", str(tmp_path / "key"))[0]["added"]  # one key has one purpose
    assert [one["purpose"] for one in operator.json("keys")] == ["signing"]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(ECKey.generate_key("P-256").as_dict(private=True)),
        json.dumps(ECKey.generate_key("P-384").as_dict(private=False)),
        json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=False)),
        "{}",
        "[]",
    ],
    ids=["private", "other curve", "for signatures", "empty", "a list"],
)
def test_what_is_no_public_p256_key_is_refused_and_not_kept(
    operator: Operator, tmp_path: Path, content: str
) -> None:
    (tmp_path / "key").write_text(content)
    assert "no public P-256 key" in operator("add-key", str(tmp_path / "key"), expect=2)
    assert operator.json("keys") == []


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("state", RegistrationState)
def test_every_state_is_said_in_words(state: RegistrationState, language: str) -> None:
    assert say(f"register.state.{state}", language) not in {f"register.state.{state}", state.value}


def test_nothing_stands_where_nothing_was_prepared(operator: Operator) -> None:
    assert operator("status") == "There are no registrations.\n"
    assert "hub register add-key" in operator("keys")
    assert operator.json("status") == [{}]
