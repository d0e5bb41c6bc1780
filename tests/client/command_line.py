"""Two centres' computers with the command on them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker

from saikne.installation import Installation
from saikne.passwords import check_symbol
from saikne_schemas.command_output import commands_schema
from tests.client.archives import BODY
from tests.client.hub_peer import HubPeer

PASSWORD = f"{BODY[:4]} {BODY[4:8]} {BODY[8:12]} {BODY[12:]} {check_symbol(BODY)}"
REQUEST = (
    *("request", "--kind", "child_iap", "--child", "B-0031"),
    *("--legal-basis", "method_child_move", "--purpose", "care_of_placed_child"),
    *("--receipt", "hub", "--password", "sms"),
)
ENTITY = ("--registration-number", "40008000102", "--notices", "lietvediba@example.org")
OFFICER = ("--officer", "Ilze Bērziņa", "--position", "lietvede", "--on", "2026-03-02")

Run = Callable[..., "Result"]
PROMISED = commands_schema()


def assert_promised(command: str, words: Sequence[str], document: Any) -> None:
    """What was printed is what `schemas/json/commands.json` says of the verb."""
    said = [word for word in words if not word.startswith("--lang")]
    verbs = [*(f"{command} {' '.join(said[:many])}" for many in (2, 1)), said[0]]
    verb = next(name for name in verbs if name in PROMISED["$defs"])
    schema = {**PROMISED, "$ref": f"#/$defs/{quote(verb)}"}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(document)


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@dataclass
class Centre:
    """A centre's computer: its own home, and the command."""

    home: Path
    run_in: Callable[[Path, tuple[str, ...]], Result]

    def __call__(self, *arguments: str) -> Result:
        return self.run_in(self.home, arguments)

    def done(self, *arguments: str) -> Any:
        """Run it for a program; it must succeed and print one JSON document."""
        result = self(*arguments, "--json")
        assert result.code == 0, result.out + result.err
        assert_promised("saikne", arguments, result.document)
        return result.document

    def refused(self, *arguments: str) -> tuple[int, str]:
        result = self(*arguments, "--json")
        assert_promised("saikne", ["failed"], result.document)
        return result.code, result.document["problem"]["code"]


def set_up(peer: HubPeer, home: Path, name: str, run_in: Callable[[Path, tuple[str, ...]], Result]) -> Centre:
    """Initialise a centre and admit it as the operator would."""
    centre = Centre(home, run_in)
    made = centre.done(
        *("init", "--name", name, "--legal-entity", f"Biedrība {name}", *ENTITY),
        *("--hub", peer.url, "--out", str(home / "enrolment.json")),
    )
    peer.admit(name, Installation.at(home).keys(), UUID(made["centre"]))
    return centre


def asked(saule: Centre) -> str:
    exchange: str = saule.done(*REQUEST, "--holder", "mēn")["accepted"]["exchange"]
    return exchange


def answered(saule: Centre, meness: Centre, plan: Path) -> str:
    exchange = asked(saule)
    view = meness.done("answer", exchange, f"iap:B-0031={plan}", *OFFICER)
    assert view["state"] == "dispatched"
    return exchange


def password_file(directory: Path, written: str = PASSWORD) -> str:
    file = directory / "password.txt"
    file.write_text(written + "\n")
    return str(file)
