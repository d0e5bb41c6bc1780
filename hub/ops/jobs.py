"""`hub jobs`: promises that the worker could not keep, and a second chance for them.

Source: design.md 7. A promise that met an outage is retried by itself; one that failed for good waits here
for a person. Payloads are identifiers.
"""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from hub.ops.centres import as_owner
from hub.ops.terms import JsonOption, LangOption, language, say

if TYPE_CHECKING:
    from hub.plumbing.database import Tx
    from hub.plumbing.worker import Broken

app = typer.Typer(no_args_is_help=True, help="Promises that failed.")


@app.command("list")
def list_(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """The promises that failed for good, oldest first."""
    speech = language(lang)

    async def look(tx: "Tx") -> "list[Broken]":
        from hub.plumbing.worker import broken

        return await broken(tx)

    found = as_owner([], look, speech)
    for job in found:
        row = {"number": job.number, "job": job.name, "payload": job.payload, "why": job.why}
        row["promised_at"] = job.promised_at.isoformat()
        print(json.dumps(row) if as_json else say("jobs.line", speech, **row))
    if not found and not as_json:
        print(say("jobs.none", speech))


@app.command()
def retry(
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER", help="As `hub jobs list` shows them.")],
    *,
    lang: LangOption = None,
) -> None:
    """Put failed promises back into the queue, once their cause is gone."""
    speech = language(lang)

    async def again(tx: "Tx") -> None:
        from hub.plumbing.worker import try_again

        await try_again(tx, numbers)

    as_owner([], again, speech)
    print(say("jobs.again", speech, count=len(numbers)))
