"""`hub jobs`: promises that the worker could not keep, and a second chance for them.

Source: design.md 7. A promise that met an outage is retried by itself, and is a person's matter too once that
has lasted a day; one that failed for good waits here for a person. Payloads are identifiers.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from hub.ops.bad_news import told
from hub.ops.console import JsonOption, LangOption, fail, language, say
from hub.ops.owner import as_owner

if TYPE_CHECKING:
    from hub.plumbing.database import Tx
    from hub.plumbing.worker import Broken, Waiting

_HIGHEST_NUMBER = 2**63 - 1

app = typer.Typer(no_args_is_help=True, help="Promises that failed or wait.")


@app.command("list")
def list_(
    *,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="All that something which is down keeps waiting.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """For a person, oldest first: what failed, or waits for a worker, or for a day; or all that wait."""
    speech = language(lang)

    async def look(tx: "Tx") -> "tuple[list[Broken], list[Waiting]]":
        from hub.plumbing import worker

        return await worker.broken(tx), await worker.waiting(tx)

    found, delayed = as_owner([], look, speech)
    _tell_missing(speech, as_json=as_json)
    if waiting:
        _tell_waiting(delayed, speech, as_json=as_json)
        if not delayed and not as_json:
            print(say("jobs.none-waits", speech))
        return
    _tell_failed(found, speech, as_json=as_json)
    overlong = [job for job in delayed if job.for_a_person or not job.tries]
    _tell_waiting(overlong, speech, as_json=as_json)
    if not found and not delayed and not as_json:
        print(say("jobs.none", speech))
    if len(delayed) > len(overlong) and not as_json:
        print(say("jobs.some-wait", speech, count=len(delayed) - len(overlong)))


def _tell_missing(speech: str, *, as_json: bool) -> None:
    """What a worker with the settings of this command has no way out for; the workers may have others."""
    from hub.settings import Settings

    with told(speech):
        settings = Settings()
    ways = (("mail", "HUB_SMTP_URL", settings.smtp_url), ("sms", "HUB_SMS_URL", settings.sms_url))
    for way, setting, set_up in ways:
        if set_up:
            continue
        if as_json:
            print(json.dumps({"state": "no-way-out", "way": way, "setting": setting}))
        else:
            print(say(f"jobs.no-way-out.{way}", speech))


def _tell_failed(found: "list[Broken]", speech: str, *, as_json: bool) -> None:
    for job in found:
        row = {"number": job.number, "job": job.name, "why": job.why}
        if as_json:
            times = {"promised_at": job.promised_at.isoformat()}
            print(json.dumps({"state": "failed"} | row | times | {"payload": job.payload}))
        else:
            told_of = say(
                "jobs.line", speech, **row, promised_at=job.promised_at, payload=_in_words(job.payload)
            )
            print(told_of)


def _tell_waiting(delayed: "list[Waiting]", speech: str, *, as_json: bool) -> None:
    for job in delayed:
        row = {"number": job.number, "job": job.name, "tries": job.tries, "why": job.why}
        moments = {"promised_at": job.promised_at, "since": job.since, "again_at": job.again_at}
        if as_json:
            row |= {"for_a_person": job.for_a_person, "payload": job.payload}
            times = {name: moment.isoformat() for name, moment in moments.items()}
            print(json.dumps({"state": "waiting"} | row | times))
        else:
            age = _age(datetime.now(UTC) - job.since)
            print(say("jobs.waiting-line", speech, **row, **moments, age=age, payload=_in_words(job.payload)))


def _in_words(payload: dict[str, object]) -> str:
    return " ".join(f"{name}={value}" for name, value in payload.items())


def _age(age: timedelta) -> str:
    """Days, hours and minutes, as `2 d 3:05`."""
    hours, minutes = divmod(max(age, timedelta()) // timedelta(minutes=1), 60)
    days, hours = divmod(hours, 24)
    return (f"{days} d " if days else "") + f"{hours}:{minutes:02}"


@app.command()
def retry(
    numbers: Annotated[
        list[int],
        typer.Argument(metavar="NUMBER", min=1, max=_HIGHEST_NUMBER, help="As `hub jobs list` shows them."),
    ],
    *,
    lang: LangOption = None,
) -> None:
    """Try promises again at once, failed or waiting ones, now that their cause is gone."""
    speech = language(lang)

    async def again(tx: "Tx") -> set[int]:
        from hub.plumbing.promises import tried
        from hub.plumbing.worker import try_again

        found = await tried(tx, numbers)
        await try_again(tx, found)
        return found

    found = as_owner([], again, speech)
    if found:
        print(say("jobs.again", speech, count=len(found)))
    if missing := sorted(set(numbers) - found):
        fail(say("jobs.not-there", speech, numbers=", ".join(map(str, missing))))
