"""`hub court`: the operator enters how orphans' courts are reached, and which court serves which territory.

Source: method S14, S81; domain 5.3 (no open list of contacts is known, so people enter them). A file is taken
whole or not at all.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from hub.kernel.clock import now, riga_day
from hub.ops.console import FileArgument, JsonOption, LangOption, fail, language, plain, put, say
from hub.ops.owner import as_owner
from saikne_schemas.brought import brought
from saikne_schemas.moments import for_people

if TYPE_CHECKING:
    from datetime import date

    from hub.plumbing.database import Tx
    from hub.transfers.courts import Court, Directory, Served

app = typer.Typer(no_args_is_help=True, help="The orphans' courts and the territories they serve.")

CourtArgument = Annotated[str, typer.Argument(metavar="COURT", help="The court's code, as LV-059.")]
OnOption = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As of this day; today if left out.")
]


@app.command("list")
def list_(*, on: OnOption = None, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """The courts of a day, one a line: code, name, e-address, territories."""
    known = _directory(language(lang))
    for court, served in known.in_force(_day(on)):
        if as_json:
            put(court_json(court, served))
        else:
            names = ", ".join(one.name for one in served)
            print("\t".join([court.code, plain(court.name), court.e_address or "-", names]))


@app.command()
def show(
    court: CourtArgument, *, on: OnOption = None, as_json: JsonOption = False, lang: LangOption = None
) -> None:
    """One court, and the territories that it serves on a day."""
    speech, day = language(lang), _day(on)

    async def look(tx: "Tx") -> "tuple[Court, list[Served]]":
        from hub.transfers import store

        known = await store.directory(tx)
        return known.court(court), [one for one in known.served if one.court == court and one.holds(day)]

    found, served = as_owner([], look, speech)
    _show(found, served, speech, as_json=as_json)


@app.command("set")
def set_(
    court: CourtArgument,
    *,
    name: Annotated[str | None, typer.Option("--name")] = None,
    registration_number: Annotated[
        str | None, typer.Option("--registration-number", help="Of whoever has the e-address; 11 digits.")
    ] = None,
    email: Annotated[str | None, typer.Option("--email")] = None,
    postal_address: Annotated[str | None, typer.Option("--postal-address")] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Enter what a court is called and how it is reached; an empty text takes out what was there."""
    given = {
        "name": name,
        "registration_number": registration_number,
        "email": email,
        "postal_address": postal_address,
    }
    changes = {field: value for field, value in given.items() if value is not None}
    speech = language(lang)
    if not changes:
        fail(say("courts.nothing-given", speech))
    known = _enter({court: changes}, speech)
    _show(known.court(court), [one for one in known.served if one.court == court], speech, as_json=as_json)


@app.command()
def load(file: FileArgument, *, lang: LangOption = None) -> None:
    """Enter many courts from FILE: CSV with a heading, or a JSON list; the column `court` is the code."""
    from hub.ops.bad_news import told
    from hub.transfers.court_file import read_courts

    speech = language(lang)
    with told(speech):
        given = read_courts(brought(file))
    _enter(given, speech)
    print(say("courts.loaded", speech, count=len(given)))


@app.command()
def join(
    territories: Annotated[list[str], typer.Argument(metavar="TERRITORY...", help="Codes, as LV-041.")],
    *,
    to: Annotated[str, typer.Option("--to", metavar="COURT", help="The court that serves them.")],
    first_day: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day on which it does.")
    ],
    lang: LangOption = None,
) -> None:
    """Let a court serve territories from a day on; a joint court serves several."""
    speech, day = language(lang), first_day.date()

    async def change(tx: "Tx") -> "Court":
        from hub.transfers import store
        from hub.transfers.courts import given_to

        known = await store.to_change(tx)
        for territory in dict.fromkeys(territories):
            await store.put_served(tx, given_to(known, territory, to, day))
        return known.court(to)

    court = as_owner([], change, speech)
    print(say("courts.joined", speech, name=court.name, day=day))


def _enter(given: dict[str, dict[str, str]], speech: str) -> "Directory":
    """All of it or nothing; returns what is known afterwards."""

    async def change(tx: "Tx") -> "Directory":
        from hub.transfers import store
        from hub.transfers.courts import entered

        known = await store.to_change(tx)
        for code, fields in given.items():
            await store.put_court(tx, entered(known.court(code), fields, riga_day(now())))
        return await store.directory(tx)

    return as_owner([], change, speech)


def _directory(speech: str) -> "Directory":
    from hub.transfers import store

    return as_owner([], store.directory, speech)


def _day(on: datetime | None) -> "date":
    return on.date() if on else riga_day(now())


def court_json(court: "Court", served: "list[Served]") -> dict[str, object]:
    return {
        "code": court.code,
        "name": court.name,
        "registration_number": court.registration_number,
        "e_address": court.e_address,
        "email": court.email,
        "postal_address": court.postal_address,
        "checked_on": court.checked_on.isoformat() if court.checked_on else None,
        "territories": [
            {
                "code": one.territory,
                "name": one.name,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
            }
            for one in served
        ],
    }


def _show(court: "Court", served: "list[Served]", speech: str, *, as_json: bool) -> None:
    shown = court_json(court, served)
    if as_json:
        put(shown)
        return
    shown["checked_on"] = court.checked_on and for_people(court.checked_on)
    shown["territories"] = [f"{one.name} ({one.territory})" for one in served]
    for field, value in shown.items():
        if value:
            print(f"{say('courts.field.' + field, speech)}: {plain(value)}")
