"""What is shown is the same, byte for byte, whether its model writes it or the framework would."""

import json
from uuid import uuid4

import pytest
from litestar import Response
from litestar.plugins.pydantic import PydanticInitPlugin
from litestar.serialization import get_serializer
from pydantic import BaseModel

from hub.web.calls import View
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.spelling import KEPT

_FRAMEWORK = get_serializer(PydanticInitPlugin.encoders())


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: str(kind.__name__))
def test_a_model_is_written_as_before(kind: type[BaseModel]) -> None:
    said = {"id": str(uuid4()), **EXAMPLES[kind]} if "id" in kind.model_fields else EXAMPLES[kind]
    shown = kind.model_validate_json(json.dumps(said), context=KEPT)
    written = View(shown).render(shown, "application/json")
    assert written == Response(shown).render(shown, "application/json", _FRAMEWORK)
    assert written.startswith(b"{")


def test_what_is_no_model_is_left_to_the_framework() -> None:
    assert View([1]).render([1], "application/json") == b"[1]"
