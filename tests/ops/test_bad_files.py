"""Every command of the operator that takes a file, and every bad file: a sentence, and nothing is done."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from hub.ops import cli
from hub.ops.console import say
from hub.wording.catalogue import LANGUAGES
from saikne_schemas.brought import FileFault
from tests.bad_files import NOT_JSON, OTHER_DOCUMENTS, every_bad_file

CENTRE = "7b0d2f9e-52a1-4a53-8f0e-0c1f6a1d2b3c"
JSON: dict[str, tuple[str, ...]] = {
    "centre.admit.file": ("centre", "admit"),
    "centre.contacts.file": ("centre", "contacts", CENTRE),
    "key.rotate.file": ("key", "rotate"),
    "register.add-key.file": ("register", "add-key"),
}
TABLE: dict[str, tuple[str, ...]] = {"court.load.file": ("court", "load")}
TABLES = {
    "heading-twice": (b"court;name;name\nLV-059;A;B\n", FileFault.HEADING_TWICE),
    "heading-unknown": (b"court;phone\nLV-059;1\n", FileFault.HEADING_UNKNOWN),
    "heading-missing": (b"name;email\nA;a@b.lv\n", FileFault.HEADING_MISSING),
    "cells": (b"court;name\rLV-059;A;B\r", FileFault.CELLS),
    "open-quote": (b'court,name\r\nLV-059,"A\r\n', FileFault.OPEN_QUOTE),
    "json-list": (b'[{"court": "LV-059", "court": "LV-RIX"}]', FileFault.NAME_TWICE),
}
WRITTEN = {"out", "keep"}
"""Options that name what is made, in a folder."""
SECRET = {"provider.set.secret"}
"""Any one line of text is one."""


def paths(app: typer.Typer, before: str = "") -> Iterator[str]:
    for group in app.registered_groups:
        if group.typer_instance is not None:
            yield from paths(group.typer_instance, f"{before}{group.name}.")
    for command in app.registered_commands:
        function: Any = command.callback
        for name, parameter in inspect.signature(function, eval_str=True).parameters.items():
            if "pathlib.Path" in repr(parameter.annotation):
                yield f"{before}{command.name or function.__name__}.{name}"


def refused(words: tuple[str, ...], file: Path, language: str) -> str:
    """What is said; there is no database, so that nothing could be done."""
    environment = {"HUB_LANG": language, "HUB_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    ended = CliRunner().invoke(cli.app, [*words, str(file)], env=environment)
    assert ended.exit_code == 2, (ended.exception, ended.output)
    assert not ended.stdout
    return ended.stderr


def test_every_path_of_every_command_is_tried_here_or_is_written() -> None:
    assert {one for one in paths(cli.app) if one.rpartition(".")[2] not in WRITTEN} == (
        JSON.keys() | TABLE.keys() | SECRET
    )


@pytest.mark.parametrize("name", JSON | TABLE)
def test_a_bad_file_is_refused_with_its_fault(tmp_path: Path, name: str) -> None:
    bad = every_bad_file(tmp_path, NOT_JSON if name in JSON else TABLES)
    one_of_each = {fault: path for path, fault in bad.items()}
    for number, (fault, path) in enumerate(one_of_each.items()):
        language = LANGUAGES[number % 2]
        said = refused((JSON | TABLE)[name], path, language)
        first = say(f"file.refused.{fault.value}", language, path=path, place="\0").partition("\0")[0]
        assert said.startswith(first), said
        assert said.endswith(f"\n(file.refused.{fault.value})\n")


@pytest.mark.parametrize("name", JSON)
def test_json_of_another_kind_is_refused_too(tmp_path: Path, name: str) -> None:
    for content in OTHER_DOCUMENTS.values():
        (tmp_path / "other.json").write_bytes(content)
        assert refused(JSON[name], tmp_path / "other.json", "lv")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fault_has_its_sentence(language: str) -> None:
    assert all(say(f"file.refused.{fault.value}", language, path="p", place="1") for fault in FileFault)
