"""`hub centre`: the operator admits centres, suspends them, and keeps their contacts.

Who a centre is, is asked by people: the command shows what will be admitted, with the keys' fingerprints, and
asks. Refusals are told as sentences. Source: method S1, S91; domain 2.1.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

import typer

from hub.kernel.clock import iso, now, riga_day
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.ops.bad_news import refuse, told
from hub.ops.console import (
    FileArgument,
    JsonOption,
    LangOption,
    YesOption,
    ask,
    fail,
    language,
    plain,
    put,
    say,
)
from hub.ops.owner import as_owner
from saikne_schemas.brought import brought
from saikne_schemas.moments import for_people

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.centres.centre import Centre
    from hub.centres.contacts import ContactsInForce
    from hub.centres.enrolment import ProvenEnrolment
    from hub.plumbing.database import Tx
    from saikne_schemas.enrolment import Contacts

Answer = TypeVar("Answer")

_LISTED = frozenset({"role", "state", "scopes", "calendar"})
"""Fields whose values are of closed lists and are told in words."""
_MOMENTS = frozenset({"admitted_at", "since"})

app = typer.Typer(no_args_is_help=True, help="The centres of the hub.")

CentreArgument = Annotated[str, typer.Argument(metavar="CENTRE", help="The centre's id.")]


@app.command()
def admit(
    file: FileArgument, *, yes: YesOption = False, as_json: JsonOption = False, lang: LangOption = None
) -> None:
    """Admit the centre whose enrolment FILE is (made by `saikne init`)."""
    from hub.centres.casework import AlreadyAdmitted
    from hub.centres.enrolment import read_enrolment
    from hub.centres.store import directory
    from hub.ops import admission

    speech = language(lang)
    with told(speech):
        proven = read_enrolment(signed_file(file), riga_day(now()))
    centre_id = CentreId(proven.document.id)
    there = as_owner([], directory, speech)
    if centre_id in {centre.id for centre in there}:
        refuse(AlreadyAdmitted(centre=str(centre_id)), speech)
    _show_enrolment(proven, there, speech)
    if not yes:
        ask("centres.admit.ask", speech)
    centre = as_owner([centre_id], lambda tx: admission.admit(tx, proven, now()), speech)
    keys = [key_json(key.kid, key.use.value, key.alg) for key in proven.document.keys]
    if as_json:
        put({**centre_json(centre), "keys": keys})
    else:
        print(say("centres.admit.done", speech, name=centre.name, id=centre.id))


@app.command("list")
def list_(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Every centre and overseer, one a line."""
    from hub.centres.store import directory

    for centre in as_owner([], directory, language(lang)):
        if as_json:
            put(centre_json(centre))
        else:
            print("\t".join([str(centre.id), centre.state.value, centre.role.value, centre.name]))


@app.command()
def show(centre: CentreArgument, *, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """One centre with its contacts."""
    from hub.centres import casework, store

    speech = language(lang)
    chosen = centre_id(centre, speech)

    async def look(tx: "Tx") -> "tuple[Centre, ContactsInForce]":
        return await casework.known(tx, chosen), await store.contacts(tx, chosen)

    found, reached = as_owner([chosen], look, speech)
    if as_json:
        put({**centre_json(found), "contacts": contacts_json(reached)})
        return
    shown = centre_json(found)
    signed_on = found.agreement_signed_on
    shown |= {"agreement": f"{found.agreement_version} ({for_people(signed_on)})" if signed_on else ""}
    table({name: value for name, value in shown.items() if value}, speech)
    table(contacts_json(reached), speech)


@app.command()
def suspend(
    centre: CentreArgument,
    *,
    because: Annotated[
        str,
        typer.Option(
            "--because",
            help="For the centre's chain: keys_compromised, agreement_ended, centre_closed or other.",
        ),
    ],
    lang: LangOption = None,
) -> None:
    """From the next call on refuse everything of a centre."""
    from hub.centres import casework
    from hub.centres.centre import SuspendedBecause

    speech = language(lang)
    chosen = centre_id(centre, speech)
    reason = SuspendedBecause(reason_of(because, [each.value for each in SuspendedBecause], speech))
    done = as_owner([chosen], lambda tx: casework.suspend(tx, chosen, reason), speech)
    print(say("centres.suspended.done", speech, name=done.name))


@app.command()
def resume(centre: CentreArgument, *, lang: LangOption = None) -> None:
    """Let a suspended centre take part again."""
    from hub.centres import casework

    speech = language(lang)
    chosen = centre_id(centre, speech)
    done = as_owner([chosen], lambda tx: casework.resume(tx, chosen), speech)
    print(say("centres.resumed.done", speech, name=done.name))


@app.command()
def contacts(
    centre: CentreArgument,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="New contacts as JSON."),
    ] = None,
    *,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Show how a centre is reached, or put the contacts in FILE in the place of the old ones."""
    from hub.centres import casework, store

    speech = language(lang)
    chosen = centre_id(centre, speech)
    if file is None:
        reached = as_owner([chosen], lambda tx: store.contacts(tx, chosen), speech)
        if as_json:
            put(reached.contacts.model_dump(mode="json"))
        else:
            table(contacts_json(reached), speech)
        return
    given = _given_contacts(file, speech)
    changed = as_owner([chosen], lambda tx: casework.change_contacts(tx, chosen, given, now()), speech)
    if as_json:
        put({"changed": changed})
    elif changed:
        fields = ", ".join(say(f"centres.field.{name}", speech) for name in changed)
        print(say("centres.contacts.done", speech, fields=fields))
    else:
        print(say("centres.contacts.same", speech))


def signed_file(file: Path) -> bytes:
    """As a centre made it, to be kept as it came; what is no JSON is told of before anything is proven."""
    from hub.centres.signed_file import LONGEST_BYTES

    came = brought(file, LONGEST_BYTES)
    came.json()
    return came.content


def centre_id(written: str, speech: str) -> CentreId:
    try:
        return CentreId(UUID(written))
    except ValueError:
        fail(say("centres.not-an-id", speech, written=written))


def reason_of(written: str, possible: list[str], speech: str) -> str:
    """One of the reasons there are; a hyphen may stand for an underscore."""
    reason = written.replace("-", "_")
    if reason not in possible:
        fail(say("centres.not-a-reason", speech, written=written, possible=", ".join(possible)))
    return reason


def key_json(key_id: str, use: str, alg: str) -> JsonObject:
    from hub.signing.public_key import fingerprint

    return {"kid": key_id, "use": use, "alg": alg, "fingerprint": fingerprint(key_id)}


def show_key(key: JsonObject, speech: str) -> None:
    """A key in three lines, its fingerprint to be read out."""
    groups = key["fingerprint"].split(" ")
    print(f"{say('centres.field.key.' + key['use'], speech)} ({key['alg']}) {key['kid']}", file=sys.stderr)
    for start in range(0, len(groups), 8):
        print("    " + " ".join(groups[start : start + 8]), file=sys.stderr)


def centre_json(centre: "Centre") -> JsonObject:
    return {
        "id": str(centre.id),
        "name": centre.name,
        "legal_entity": centre.legal_entity,
        "registration_number": centre.registration_number,
        "role": centre.role.value,
        "state": centre.state.value,
        "scopes": sorted(scope.value for scope in centre.scopes),
        "calendar": centre.calendar.value,
        "agreement": {
            "version": centre.agreement_version,
            "signed_on": centre.agreement_signed_on and centre.agreement_signed_on.isoformat(),
        },
        "admitted_at": iso(centre.admitted_at),
    }


def contacts_json(reached: "ContactsInForce") -> JsonObject:
    return {**reached.contacts.model_dump(mode="json"), "since": iso(reached.since)}


def table(rows: JsonObject, speech: str, *, err: bool = False) -> None:
    """Names and values for people; what is not there is left out."""
    for name, value in rows.items():
        if value:
            shown = _in_words(name, value, speech)
            print(f"{say('centres.field.' + name, speech)}: {shown}", file=sys.stderr if err else None)


def _in_words(name: str, value: Any, speech: str) -> str:
    if name in _LISTED:
        listed = value if isinstance(value, list) else [value]
        return ", ".join(say(f"centres.word.{one}", speech) for one in listed)
    if name in _MOMENTS:
        return for_people(datetime.fromisoformat(value))
    return plain(value)


def _show_enrolment(proven: "ProvenEnrolment", there: "Iterable[Centre]", speech: str) -> None:
    """What will be admitted; to standard error, where the question follows."""
    asked = proven.document
    entity = asked.legal_entity
    print(say("centres.admit.summary", speech), file=sys.stderr)
    rows = asked.model_dump(mode="json", include={"name", "id", "role", "scopes", "calendar"})
    rows |= {"legal_entity": entity.name, "registration_number": entity.registration_number}
    rows |= {"agreement": f"{asked.agreement.version} ({for_people(asked.agreement.signed_on)})"}
    table({**rows, **asked.contacts.model_dump(mode="json")}, speech, err=True)
    for key in asked.keys:
        show_key(key_json(key.kid, key.use.value, key.alg), speech)
    for older in there:
        if older.registration_number == entity.registration_number and older.legal_entity != entity.name:
            print(say("centres.admit.renames", speech, name=older.legal_entity), file=sys.stderr)
            break
    print(say("centres.admit.compare", speech), file=sys.stderr)


def _given_contacts(file: Path, speech: str) -> "Contacts":
    from pydantic import ValidationError

    from saikne_schemas.enrolment import Contacts

    try:
        with told(speech):
            return brought(file).document(Contacts)
    except ValidationError as error:
        places = {".".join(str(step) for step in fault["loc"]) or "JSON" for fault in error.errors()}
        fail(say("centres.contacts.malformed", speech, fields=", ".join(sorted(places))))
