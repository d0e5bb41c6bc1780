"""A number that is of the other kind is shown by another command, which the refusal names to people."""

from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from saikne.command import connection
from saikne.command.elsewhere import NOT_FOUND
from saikne.command.instead import tell_what_helps
from saikne.command.speech import Console, speak_in
from saikne.problems import HubRefusal
from saikne_schemas.vocabulary import Workflow

NUMBER = uuid4()


def said(
    monkeypatch: pytest.MonkeyPatch, workflow: Workflow | None, code: str, *, as_json: bool = False
) -> None:
    async def numbers(begins: str) -> list[Any]:
        assert NUMBER.hex.startswith(begins)
        assert 8 <= len(begins) <= 31
        return [SimpleNamespace(id=NUMBER, workflow=workflow)] if workflow else []

    @asynccontextmanager
    async def connected() -> Any:
        yield SimpleNamespace(numbers=numbers)

    monkeypatch.setattr(connection, "connected", connected)
    given: dict[str, UUID | bool] = {"exchange": NUMBER, "names": False}
    tell_what_helps(Console(as_json=as_json), HubRefusal(code, "t", 404), given)


@pytest.mark.parametrize("code", sorted(NOT_FOUND))
@pytest.mark.parametrize("workflow", Workflow)
def test_the_command_that_shows_it_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], workflow: Workflow, code: str
) -> None:
    speak_in("lv")
    said(monkeypatch, workflow, code)
    shows = "status" if workflow is Workflow.COPIES else "matter"
    assert capsys.readouterr().err.endswith(f"To rāda: saikne {shows} {NUMBER}\n")


@pytest.mark.parametrize(
    ("workflow", "code", "as_json"),
    [
        (None, "exchange.not-found", False),
        (Workflow.COPIES, "exchange.other-side", False),
        (Workflow.COPIES, "matters.not-found", True),
    ],
)
def test_nothing_is_said_of_what_is_not_known_or_to_a_program(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    workflow: Workflow | None,
    code: str,
    *,
    as_json: bool,
) -> None:
    said(monkeypatch, workflow, code, as_json=as_json)
    assert capsys.readouterr() == ("", "")
