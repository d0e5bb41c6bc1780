"""`hub person`: the operator enters the first person of a centre, of oversight, or of those who keep the hub.

From then on a coordinator invites by the pages. The link that is printed works once. The first key of a
centre's people is approved here too: nobody there has one to sign for it. Source: design.md 10.
"""

import sys
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from hub.kernel.clock import iso, now
from hub.kernel.documents import JsonObject
from hub.kernel.ids import OPERATOR, CentreId
from hub.ops.centres import centre_id, key_json, show_key
from hub.ops.console import (
    JsonOption,
    KeyCommand,
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
from saikne_schemas.moments import for_people

if TYPE_CHECKING:
    from hub.people.casework.inviting import Link, Newcomer
    from hub.people.person import Person, PersonId, PersonRole
    from hub.plumbing.database import Tx

app = typer.Typer(no_args_is_help=True, help="The people who sign in to the pages.")

_AT = Annotated[
    str, typer.Option("--centre", metavar="CENTRE", help="Whose person; none of those who keep the hub.")
]
_PERSON = Annotated[str, typer.Argument(metavar="PERSON", help="The person's id.")]


@app.command()
def invite(
    name: Annotated[str, typer.Option("--name", help="As it stands on the copies that are certified.")],
    position: Annotated[str, typer.Option("--position", help="Such as: koordinatore.")],
    email: Annotated[str, typer.Option("--email")],
    *,
    centre: _AT = "",
    role: Annotated[
        str, typer.Option("--role", help="social_worker, coordinator, overseer or operator.")
    ] = "coordinator",
    speaks: Annotated[str, typer.Option("--speaks", help="In which language pages speak: lv or en.")] = "lv",
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Enter a person and print the link by which it sets up how it signs in."""
    speech = language(lang)
    whose, chosen = _whose(centre, speech), _role(role, speech)
    newcomer = _newcomer(name, position, email, chosen, speaks)
    link = as_owner([whose], lambda tx: _invite(tx, whose, newcomer), speech)
    _tell(link, as_json=as_json, speech=speech)


@app.command()
def again(person: _PERSON, *, centre: _AT = "", as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Another link, where the first has lapsed or every way to sign in was lost."""
    speech = language(lang)
    whose, whom = _whose(centre, speech), _whom(person, speech)
    link = as_owner([whose], lambda tx: _invite_again(tx, whose, whom), speech)
    _tell(link, as_json=as_json, speech=speech)


@app.command("list")
def list_(*, centre: _AT = "", as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Everybody of a centre, one a line."""
    speech = language(lang)
    whose = _whose(centre, speech)
    for one in as_owner([whose], lambda tx: _people(tx, whose), speech):
        if as_json:
            put({"id": str(one.id), "name": one.name, "role": one.role.value, "state": one.state.value})
        else:
            print("\t".join([str(one.id), one.state.value, one.role.value, plain(one.name)]))


@app.command()
def suspend(person: _PERSON, *, centre: _AT = "", lang: LangOption = None) -> None:
    """Out with the next look, whatever is open."""
    speech = language(lang)
    whose, whom = _whose(centre, speech), _whom(person, speech)
    done = as_owner([whose], lambda tx: _suspend(tx, whose, whom), speech)
    print(say("people.suspended.done", speech, name=done.name))


@app.command(cls=KeyCommand)
def approve(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its fingerprint's beginning, as read out.")],
    *,
    centre: _AT,
    yes: YesOption = False,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Let a person's key count, where nobody at the centre can approve it; you checked whose it is."""
    speech = language(lang)
    whose = _whose(centre, speech)
    shown, name = as_owner([whose], lambda tx: _waiting_key(tx, whose, key), speech)
    print(say("people.key.summary", speech, name=plain(name)), file=sys.stderr)
    show_key(shown, speech)
    if not yes:
        ask("people.key.ask", speech)
    as_owner([whose], lambda tx: _approve(tx, whose, shown["kid"]), speech)
    if as_json:
        put({"key": shown["kid"], "person": shown["person"], "until": shown["until"]})
    else:
        print(say("people.key.approved", speech, name=name))


def _whose(centre: str, speech: str) -> CentreId:
    return centre_id(centre, speech) if centre else OPERATOR


def _whom(person: str, speech: str) -> "PersonId":
    from hub.people.person import PersonId

    try:
        return PersonId(UUID(person))
    except ValueError:
        fail(say("people.person-not-an-id", speech, given=plain(person)))


def _role(wished: str, speech: str) -> "PersonRole":
    from hub.people.person import PersonRole

    try:
        return PersonRole(wished)
    except ValueError:
        fail(say("people.role-unknown", speech, given=plain(wished), known=", ".join(PersonRole)))


def _newcomer(name: str, position: str, email: str, role: "PersonRole", speaks: str) -> "Newcomer":
    from hub.people.casework.inviting import Newcomer

    return Newcomer(name=name, position=position, email=email, role=role, language=speaks)


def _tell(link: "Link", *, as_json: bool, speech: str) -> None:
    from hub.settings import Settings

    address = f"{Settings().public_url}/welcome/{link.token}"
    if as_json:
        put({"person": str(link.person.id), "link": address, "until": iso(link.expires_at)})
    else:
        until = for_people(link.expires_at)
        print(say("people.invited.done", speech, name=link.person.name, until=until, link=address))


async def _invite(tx: "Tx", whose: CentreId, newcomer: "Newcomer") -> "Link":
    from hub.people.casework import inviting
    from hub.people.office import Counter

    return await inviting.invite_by_operator(Counter(tx, now()), whose, newcomer)


async def _invite_again(tx: "Tx", whose: CentreId, whom: "PersonId") -> "Link":
    from hub.people.casework import inviting
    from hub.people.office import Counter

    return await inviting.invite_again(Counter(tx, now()), whose, whom, None)


async def _suspend(tx: "Tx", whose: CentreId, whom: "PersonId") -> "Person":
    from hub.people.casework import inviting
    from hub.people.office import Counter

    return await inviting.suspend(Counter(tx, now()), whose, whom, None)


async def _waiting_key(tx: "Tx", whose: CentreId, written: str) -> tuple[JsonObject, str]:
    """The key that is meant, and the name of its person."""
    from hub.people import store
    from hub.people.casework import keys
    from hub.people.office import Counter
    from hub.signing.public_key import ED25519

    row = await keys.called(Counter(tx, now()), whose, written)
    person = await store.find(tx, whose, row.person_id)
    assert person is not None  # noqa: S101  # a key is of a person
    shown = key_json(row.key_id, "signing", "EdDSA" if row.alg == ED25519 else "ES256")
    return shown | {"person": str(row.person_id), "until": iso(row.ends_at)}, person.name


async def _approve(tx: "Tx", whose: CentreId, key: str) -> None:
    from hub.people.casework import keys
    from hub.people.office import Counter

    await keys.approve_by_operator(Counter(tx, now()), whose, key)


async def _people(tx: "Tx", whose: CentreId) -> "list[Person]":
    from hub.people import store

    return [store.person_of(row) for row in await store.of_centre(tx, whose)]
