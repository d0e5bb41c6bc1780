"""What is published is what the code does: no file drifts, examples are valid, every call is described."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.schemas import openapi_v31_schema_validator
from referencing import Registry, Resource
from typer.testing import CliRunner

from hub.access.published import DOORS
from hub.app import create_app
from hub.ops.cli import app as commands
from hub.ops.contracts import contracts, differing, openapi
from hub.parts import Parts, assemble
from hub.settings import Settings
from hub.signing.public_key import public_key
from hub.web.openapi import Door, published
from hub.web.status import STATUS
from saikne_schemas.enrolment import Enrolment
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.export import DIALECT, PUBLISHED, name_of, schema_of
from saikne_schemas.statements import Statement

SIGNATURE = {"$ref": "#/components/parameters/Signature"}
SENDING_BYTES = {"sendDocument", "sendPlanDocument", "sendProof", "sendSealedFacts", "sendSealedIdentity"}
NO_MERE_ACCEPTANCE = {
    "ClaimRegistrations": "ClaimedRegistrations",
    "OpenProof": "OpenedProof",
    "ReadSigned": "OpenedProof",
    "RegisterExtract": "ExtractTaken",
    "ReportOutcomes": "OutcomesTaken",
    "Reveal": "RevealedPassword",
}
"""Signed as statements are; the client has a method for each of them."""
FOLDER = Path(__file__).parents[2] / "schemas" / "json"
Json = dict[str, Any]
_OPENAPI: Json = dict(openapi_v31_schema_validator.schema)
_FOUND = Registry().with_resource(_OPENAPI["$id"], Resource.from_contents(_OPENAPI)).crawl()


class _Judge(OpenAPIV31SpecValidator):
    """The anchors of OpenAPI's own schema are found once; else the library seeks them at each use."""

    schema_validator = Draft202012Validator(_OPENAPI, registry=_FOUND)


@pytest.fixture(scope="module")
def document() -> Json:
    return openapi()


def operations(document: Json) -> dict[str, Json]:
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }


def shown(told: Json) -> str:
    """The name of the document that a body or an answer is."""
    return str(told["content"]["application/json"]["schema"]["$ref"]).rpartition("/")[2]


def test_the_published_files_are_those_that_the_code_makes() -> None:
    assert differing(FOLDER, contracts()) == []


def test_a_file_that_drifted_is_named(tmp_path: Path) -> None:
    files = {"request.json": "{}\n", "answer.json": "{}\n"}
    (tmp_path / "request.json").write_text("{ }\n")
    (tmp_path / "left-over.json").write_text("{}\n")
    assert differing(tmp_path, files) == ["answer.json", "left-over.json", "request.json"]


def test_the_command_writes_what_it_then_finds_to_be_right(tmp_path: Path) -> None:
    folder = str(tmp_path / "json")
    assert CliRunner().invoke(commands, ["schemas", "--out", folder]).exit_code == 0
    assert CliRunner().invoke(commands, ["schemas", "--out", folder, "--check"]).exit_code == 0
    (tmp_path / "json" / "request.json").write_text("{}")
    told = CliRunner().invoke(commands, ["schemas", "--out", folder, "--check", "--lang", "en"])
    assert (told.exit_code, "request.json differs from the code." in told.output) == (1, True)


@pytest.mark.parametrize("model", PUBLISHED, ids=name_of)
def test_a_schema_is_well_formed_and_has_an_id_of_its_own(model: Any) -> None:
    schema = schema_of(model)
    Draft202012Validator.check_schema(schema)
    assert (schema["$schema"], schema["$id"]) == (DIALECT, f"urn:saikne:schema:{name_of(model)}")


def test_no_two_documents_share_a_name() -> None:
    assert len({name_of(model) for model in PUBLISHED}) == len(PUBLISHED)


def test_the_published_files_name_no_host_in_a_network() -> None:
    written = "".join(file.read_text() for file in FOLDER.glob("*.json")).replace(DIALECT, "")
    assert not re.search(r"https?://", written)


@pytest.mark.parametrize("model", PUBLISHED, ids=name_of)
def test_every_example_is_valid_by_its_model_and_its_schema(model: Any) -> None:
    example = EXAMPLES[model]
    assert model.model_validate_json(json.dumps(example))
    validator = Draft202012Validator(schema_of(model), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(example)) == []


def test_the_example_of_an_enrolment_names_its_keys_rightly() -> None:
    keys = Enrolment.model_validate_json(json.dumps(EXAMPLES[Enrolment])).keys
    for key in keys:
        assert public_key(key.model_dump(mode="json", exclude_none=True, exclude={"use"})).key_id == key.kid


def test_the_openapi_document_is_a_valid_openapi_3_1(document: Json) -> None:
    assert document["openapi"] == "3.1.0"
    assert list(_Judge(document).iter_errors()) == []


def test_what_is_no_openapi_document_is_found_out() -> None:
    """By the judge of the test before this one."""
    wrong = {"openapi": "3.1.0", "info": {"title": "Saikne"}, "paths": {}}
    found = [one.message for one in _Judge.schema_validator.iter_errors(wrong)]
    assert found == ["'version' is a required property"]


def test_every_signed_call_shows_its_signature_and_an_example_of_its_body(document: Json) -> None:
    signed = {
        name: operation
        for name, operation in operations(document).items()
        if SIGNATURE in operation["parameters"]
    }
    for name, operation in signed.items():
        headers = {shown["$ref"].rpartition("/")[2] for shown in operation["parameters"] if "$ref" in shown}
        assert headers == {"DPoP", "Content-Digest", "Signature-Input", "Signature"}
        body = operation["requestBody"]["content"]
        assert name in SENDING_BYTES or body["application/json"]["example"]["schema"].startswith("saikne.")


def test_every_statement_goes_to_the_call_that_takes_it_and_is_answered_as_it_says(document: Json) -> None:
    taken = {
        shown(operation["requestBody"]): (
            re.sub(r"{\w+}", "{}", path),
            next(shown(answer) for status, answer in operation["responses"].items() if status < "300"),
        )
        for path, item in document["paths"].items()
        for operation in item.values()
        if SIGNATURE in operation["parameters"] and operation["operationId"] not in SENDING_BYTES
    }
    stated = {
        kind.__name__: (
            re.sub(r"{\w+}", "{}", kind.goes_to),
            kind.answered_by.__name__ if hasattr(kind, "answered_by") else NO_MERE_ACCEPTANCE[kind.__name__],
        )
        for kind in EXAMPLES
        if issubclass(kind, Statement)
    }
    assert stated == taken


def test_every_call_says_how_it_is_guarded(document: Json) -> None:
    open_to_all = {name for name, operation in operations(document).items() if operation["security"] == []}
    assert open_to_all == {
        "health",
        "live",
        "ready",
        "explainProblem",
        "token",
        "push",
        "introspect",
        "revoke",
        "jwks",
        "authorizationServerMetadata",
        "reportSmsDelivery",
    }


def test_every_answer_with_a_published_document_shows_an_example(document: Json) -> None:
    for operation in operations(document).values():
        for status, answer in operation["responses"].items():
            for body in answer.get("content", {}).values():
                if "$ref" in json.dumps(body["schema"]):
                    assert body.get("example") or body.get("examples"), (operation["operationId"], status)


def test_every_call_lists_the_problems_it_may_answer_with_by_status(document: Json) -> None:
    for name, operation in operations(document).items():
        for status, answer in operation["responses"].items():
            shown = answer.get("content", {}).get("application/problem+json", {}).get("examples", {})
            assert {STATUS[code] for code in shown} <= {int(status)}
            assert int(status) < 400 or shown or name in {"token", "push", "introspect", "revoke"}


def test_a_refusal_at_a_door_is_listed_at_every_call_behind_it(document: Json) -> None:
    refused = {news.code for news in DOORS[Door.READING].refuses if not isinstance(news, str)}
    for operation in operations(document).values():
        listed = re.findall(r"`([a-z.-]+)`", json.dumps(operation["responses"]))
        assert not operation["security"] or refused <= set(listed)


def test_an_archive_is_described_with_its_ranges(document: Json) -> None:
    fetch = operations(document)["fetchArchive"]
    assert "Range" in {shown.get("name") for shown in fetch["parameters"]}
    assert {"200", "206", "416"} <= fetch["responses"].keys()


def test_every_call_has_a_sentence_and_a_tag_that_is_explained(document: Json) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    for operation in operations(document).values():
        assert operation["summary"].count(" ")
        assert set(operation["tags"]) <= tags


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return assemble(Settings(home=tmp_path, database_url="postgresql://localhost/none"))


async def test_a_hub_serves_the_published_document(parts: Parts) -> None:
    app = create_app(parts)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]  # the framework words it more narrowly
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.example") as client:
        served = await client.get("/schema/openapi.json")
    assert served.headers["content-type"].startswith("application/vnd.oai.openapi+json")
    assert served.json() == published(app, DOORS)
