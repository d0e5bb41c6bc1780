"""`hub jobs`: promises that the worker could not keep, and a second chance for them.

Source: design.md 7. A promise that met an outage is retried by itself; one that failed for good waits here
for a person. Payloads are identifiers.
"""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from hub.ops.centres import as_owner, in_riga
from hub.ops.terms import JsonOption, LangOption, language, say

if TYPE_CHECKING:
    from hub.plumbing.database import Tx
    from hub.plumbing.worker import Broken, Waiting

app = typer.Typer(no_args_is_help=True, help="Promises that failed or wait.")


@app.command("list")
def list_(
    *,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Those that something which is down keeps waiting.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """The promises that failed for good, oldest first; or those that are tried again by themselves."""
    speech = language(lang)

    async def look(tx: "Tx") -> "tuple[list[Broken], list[Waiting]]":
        from hub.plumbing import worker

        return await worker.broken(tx), await worker.waiting(tx)

    found, delayed = as_owner([], look, speech)
    if waiting:
        _tell_waiting(delayed, speech, as_json=as_json)
        return
    for job in found:
        row = {"number": job.number, "job": job.name, "payload": job.payload, "why": job.why}
        row["promised_at"] = job.promised_at.isoformat()
        print(json.dumps(row) if as_json else say("jobs.line", speech, **row))
    if not found and not as_json:
        print(say("jobs.none", speech))
    if delayed and not as_json:
        print(say("jobs.some-wait", speech, count=len(delayed)))


def _tell_waiting(delayed: "list[Waiting]", speech: str, *, as_json: bool) -> None:
    for job in delayed:
        row = {"number": job.number, "job": job.name, "payload": job.payload, "tries": job.tries}
        if as_json:
            moments = {"promised_at": job.promised_at.isoformat(), "again_at": job.again_at.isoformat()}
            print(json.dumps(row | moments))
        else:
            moments = {"promised_at": in_riga(job.promised_at), "again_at": in_riga(job.again_at)}
            print(say("jobs.waiting-line", speech, **row, **moments))
    if not delayed and not as_json:
        print(say("jobs.none-waits", speech))


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
