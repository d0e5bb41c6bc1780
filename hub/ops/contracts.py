"""`hub schemas`: writes what is published for other systems, or says what differs from it.

JSON Schemas of every wire document and the OpenAPI document, all made from the code that serves them.
"""

import json
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from hub.ops.console import LangOption, fail, language, say
from saikne_schemas.command_line import Exit

PUBLISHED = Path("schemas/json")


def schemas(
    *,
    out: Annotated[Path, typer.Option("--out", help="The directory to write to.")] = PUBLISHED,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a file differs.")
    ] = False,
    lang: LangOption = None,
) -> None:
    """Write the JSON Schemas and the OpenAPI document."""
    speech = language(lang)
    files = contracts()
    if check:
        found = differing(out, files)
        for name in found:
            print(say("contracts.differs", speech, file=name))
        if found:
            fail(say("contracts.write-again", speech), Exit.REFUSED)
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_text(content, encoding="utf-8")
    print(say("contracts.written", speech, count=len(files), directory=out))


@cache
def contracts() -> dict[str, str]:
    """Every published file by name."""
    from saikne_schemas.command_output import commands_schema
    from saikne_schemas.export import json_schemas

    documents = {**json_schemas(), "commands": commands_schema(), "openapi": openapi()}
    return {f"{name}.json": _written(document) for name, document in documents.items()}


@cache
def openapi() -> dict[str, object]:
    """The API's description. Puts an application together in a directory of its own and connects nothing."""
    import asyncio
    from tempfile import TemporaryDirectory

    from hub.access.published import DOORS
    from hub.app import create_app
    from hub.parts import assemble
    from hub.settings import Settings
    from hub.web.openapi import published

    with TemporaryDirectory() as home:
        parts = assemble(Settings(home=Path(home), database_url="postgresql://localhost/none"))
        document = published(create_app(parts), DOORS)
        asyncio.run(parts.close())
    return document


def differing(directory: Path, files: dict[str, str]) -> list[str]:
    """Names of files that are not as they should be, are missing, or do not belong there."""
    there = {path.name: path.read_text(encoding="utf-8") for path in directory.glob("*.json")}
    return sorted(name for name in there.keys() | files.keys() if there.get(name) != files.get(name))


def _written(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
