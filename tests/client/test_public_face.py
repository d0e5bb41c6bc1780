"""The library's public face: each name stands once, and one import gives all that a script needs."""

import collections.abc
import datetime as dt
import pathlib
from collections.abc import Iterator
from enum import Enum
from inspect import get_annotations, getmembers, isfunction
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import saikne
from saikne import Hub, face, statements
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.statements import Statement

NAMED = {
    name: one for of in (collections.abc, dt, pathlib, statements, face) for name, one in vars(of).items()
}
"""Of what annotations speak: a module loads no document for its annotations alone."""


def kinds_in(annotation: Any) -> Iterator[type[Any]]:
    """The documents and closed lists that an annotation speaks of, and those within them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | Enum):
        yield annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for field in annotation.model_fields.values():
            yield from kinds_in(field.annotation)
    for part in get_args(annotation):
        yield from kinds_in(part)


def test_what_is_stated_and_what_is_answered_can_be_had_from_one_place() -> None:
    spoken = {part for kind in EXAMPLES if issubclass(kind, Statement) for part in kinds_in(kind)}
    for _, method in getmembers(Hub, isfunction):
        said = get_annotations(method, eval_str=True, locals=NAMED)
        spoken |= {part for one in said.values() for part in kinds_in(one)}
    assert len(spoken) > 200
    assert {kind.__name__ for kind in spoken if getattr(saikne, kind.__name__, None) is not kind} <= {
        "Agreement",  # of an enrolment; what an agreement between centres holds is seen in its view
    }


def test_a_name_is_that_of_one_thing() -> None:
    named = [getattr(saikne, name) for name in dir(saikne)]
    assert len({id(found) for found in named}) == len(named)
    assert [name for name in dir(saikne) if getattr(saikne, name) is not getattr(face, name)] == []


def test_what_the_library_itself_imports_is_not_had_from_it() -> None:
    for name in ("Field", "annotations", "Hubb", "__all__"):
        with pytest.raises(AttributeError, match=rf"^module 'saikne' has no attribute '{name}'$"):
            getattr(saikne, name)
