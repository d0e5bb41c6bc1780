"""Which documents are published as JSON Schema (2020-12), under which names.

A schema's id is `urn:saikne:schema:<name>`: it names a document and no place in a network. What a schema
cannot say (a reference holds a digit, documents are numbered in order) its descriptions and
`schemas/vectors/manifests.json` say. Statements are described as they are read, answers as they are written.
"""

import ast
import inspect
import re
import sys
from functools import cache
from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core.core_schema import ModelSchema

from saikne_schemas.examples import EXAMPLES
from saikne_schemas.wire import WireDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"

PUBLISHED: tuple[type[BaseModel], ...] = tuple(EXAMPLES)


class Described(GenerateJsonSchema):
    """Fields with what stands below them in the code.

    The library (`use_attribute_docstrings`) would read the code of every model at every start of a program.
    """

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        written = super().model_schema(schema)
        document: type[BaseModel] = schema["cls"]
        for name, field in document.model_fields.items():
            said = _said_below(document, name)
            if said is not None and field.description is None:
                written["properties"][field.alias or name]["description"] = said
        return written


def _said_below(document: type[BaseModel], field: str) -> str | None:
    declaring = next(one for one in document.__mro__ if field in inspect.get_annotations(one))
    return _docstrings(declaring.__module__).get(declaring.__name__, {}).get(field)


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """Of the fields of every class of a module."""
    return {
        one.name: {
            field.target.id: inspect.cleandoc(below.value.value)
            for field, below in pairwise(one.body)
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            if isinstance(below.value.value, str)
        }
        for one in ast.parse(inspect.getsource(sys.modules[module])).body
        if isinstance(one, ast.ClassDef)
    }


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
        **document.model_json_schema(mode=_mode(document), schema_generator=Described),
        "examples": [EXAMPLES[document]],
    }


def json_schemas() -> dict[str, dict[str, Any]]:
    """Every published schema by name."""
    return {name_of(document): schema_of(document) for document in PUBLISHED}


def components(prefix: str) -> dict[str, Any]:
    """All of them and what they are made of, by class name, referring to each other below `prefix`."""
    wanted = [(document, _mode(document)) for document in PUBLISHED]
    _, joined = models_json_schema(wanted, ref_template=prefix + "{model}", schema_generator=Described)
    found: dict[str, Any] = joined["$defs"]
    for document in PUBLISHED:
        found[document.__name__]["examples"] = [EXAMPLES[document]]
    return dict(sorted(found.items()))


def _mode(document: type[BaseModel]) -> JsonSchemaMode:
    return "validation" if issubclass(document, WireDocument) else "serialization"
