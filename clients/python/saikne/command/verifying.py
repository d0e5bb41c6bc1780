"""Proving a receipt or statements from their file, with the hub or without it (method S134; features N7)."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saikne.command.connection import connected
from saikne.command.manners import verb
from saikne.command.speech import Console, word
from saikne.problems import LocalRefusal
from saikne_schemas.brought import Brought, brought

if TYPE_CHECKING:
    from collections.abc import Mapping


class NothingToVerify(LocalRefusal):
    """The file holds neither a receipt nor a statement."""

    code = "verify.nothing-to-verify"


@verb
async def verify(
    console: Console,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    jwks: Annotated[Path | None, typer.Option("--jwks")] = None,
) -> None:
    """Prove a receipt or statements from their file; without the hub when its keys are given."""
    read = _read(brought(file))
    if jwks is not None:
        keys: Mapping[str, Any] = _keys(brought(jwks))
    else:
        async with connected() as hub:
            keys = await hub.jwks()
    proved = _proved(read, keys)
    for one in proved:
        console.tell("verify.proved", what=word("statement", one["what"]), identity=one["id"])
    console.document(proved)


def _keys(file: Brought) -> dict[str, Any]:
    """As the hub publishes them (RFC 7517 5)."""
    found = file.json()
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        raise NothingToVerify(path=file.path)
    return {"keys": keys}


def _read(file: Brought) -> list[dict[str, Any]]:
    text = file.text().strip()
    if text.count(".") == 2 and not text.startswith(("{", "[")):  # noqa: PLR2004  # a compact JWS
        return [{"receipt": text}]
    read = file.json()
    found = read if isinstance(read, list) else [read]
    proofs = (
        isinstance(one, dict) and (isinstance(one.get("receipt"), str) or "manifest" in one) for one in found
    )
    if not found or not all(proofs):
        raise NothingToVerify(path=file.path)
    return found


def _proved(read: list[dict[str, Any]], keys: "Mapping[str, Any]") -> list[dict[str, Any]]:
    from saikne.receipts import verify_receipt, verify_statement
    from saikne_schemas.views import StatementView

    proved = []
    for one in read:
        if "receipt" in one:
            certified = verify_receipt(one["receipt"], keys)
            proved.append({"what": "receipt", "id": one.get("exchange", ""), "certified": certified})
        else:
            statement = StatementView.model_validate_json(json.dumps(one))
            proved.append(
                {"what": statement.kind, "id": statement.id, "signed": verify_statement(statement, keys)}
            )
    return proved
