"""Which documents are published as JSON Schema (2020-12), under which names.

A schema's id is `urn:saikne:schema:<name>`: it names a document and no place in a network. What a schema
cannot say (a reference holds a digit, documents are numbered in order) its descriptions and
`schemas/vectors/manifests.json` say. Statements are described as they are read, answers as they are written.
"""

import re
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from saikne_schemas.examples import EXAMPLES
from saikne_schemas.wire import WireDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"

PUBLISHED: tuple[type[BaseModel], ...] = tuple(EXAMPLES)


def name_of(document: type[BaseModel]) -> str:
    """`saikne.hand-over-again/1` is published as `hand-over-again`, an answer by its class's name."""
    if issubclass(document, WireDocument):
        (written,) = get_args(document.model_fields["schema_"].annotation)
        name: str = written.removeprefix("saikne.").partition("/")[0]
        return name
    return re.sub(r"(?<!^)(?=[A-Z])", "-", document.__name__).lower()


def schema_of(document: type[BaseModel]) -> dict[str, Any]:
    """One document's schema, complete in itself."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:saikne:schema:{name_of(document)}",
        **document.model_json_schema(mode=_mode(document)),
        "examples": [EXAMPLES[document]],
    }


def json_schemas() -> dict[str, dict[str, Any]]:
    """Every published schema by name."""
    return {name_of(document): schema_of(document) for document in PUBLISHED}


def components(prefix: str) -> dict[str, Any]:
    """All of them and what they are made of, by class name, referring to each other below `prefix`."""
    wanted = [(document, _mode(document)) for document in PUBLISHED]
    _, joined = models_json_schema(wanted, ref_template=prefix + "{model}")
    found: dict[str, Any] = joined["$defs"]
    for document in PUBLISHED:
        found[document.__name__]["examples"] = [EXAMPLES[document]]
    return dict(sorted(found.items()))


def _mode(document: type[BaseModel]) -> JsonSchemaMode:
    return "validation" if issubclass(document, WireDocument) else "serialization"
