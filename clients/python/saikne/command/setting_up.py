"""Setting a centre up on its own machine: keys, enrolment file, new keys, the list of other centres.

Source: method S1, S13, S91; domain 2.1. Private keys stay here; what leaves is the enrolment file.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from saikne.command.connection import connected
from saikne.command.given import day, person, telephone, today_in_riga
from saikne.command.manners import InputRefused, verb
from saikne.command.speech import Console, say, word
from saikne.home import home_directory, write_private
from saikne.worker import Profile, Reached
from saikne_schemas.registration_numbers import is_registration_number
from saikne_schemas.vocabulary import CalendarPolicy, Scope

if TYPE_CHECKING:
    from saikne.enrolment import CentreKeys
    from saikne.installation import Installation
    from saikne.keys import Algorithm

Out = Annotated[Path | None, typer.Option("--out")]
Alg = Annotated[str, typer.Option("--alg", metavar="EdDSA|ES256")]


def _keep_contacts(email: str, phone: str | None) -> None:
    """Letters of this centre say how it is reached."""
    Profile.at().knowing(Reached(email=email, phone=phone)).keep()


@verb
def init(
    console: Console,
    *,
    name: Annotated[str, typer.Option("--name")],
    legal_entity: Annotated[str, typer.Option("--legal-entity")],
    registration_number: Annotated[str, typer.Option("--registration-number")],
    hub: Annotated[str, typer.Option("--hub", metavar="URL")],
    notices: Annotated[str, typer.Option("--notices")],
    archive_email: Annotated[str | None, typer.Option("--archive-email")] = None,
    password_phone: Annotated[str | None, typer.Option("--password-phone")] = None,
    password_email: Annotated[str | None, typer.Option("--password-email")] = None,
    voice_phone: Annotated[str | None, typer.Option("--voice-phone")] = None,
    authorised: Annotated[list[str] | None, typer.Option("--authorised")] = None,
    calendar: Annotated[CalendarPolicy, typer.Option("--calendar")] = CalendarPolicy.STATUTORY,
    agreement_version: Annotated[str, typer.Option("--agreement-version")] = "1",
    agreement_signed: Annotated[
        date | None,
        typer.Option("--agreement-signed", parser=day, metavar="YYYY-MM-DD"),
    ] = None,
    alg: Alg = "EdDSA",
    oversight: Annotated[bool, typer.Option("--oversight")] = False,
    register_side: Annotated[bool, typer.Option("--register-side")] = False,
    register: Annotated[bool, typer.Option("--register")] = False,
    centre: Annotated[UUID | None, typer.Option("--centre", metavar="ID")] = None,
    known_as: Annotated[UUID | None, typer.Option("--known-as", metavar="ID")] = None,
    out: Out = None,
) -> None:
    """Make keys and the enrolment file; a centre that lost its machine announces new keys only."""
    from saikne.credentials import hub_address
    from saikne.enrolment import CentreKeys, enrolment_file, new_enrolment, rotation_file
    from saikne.installation import Installation, kids
    from saikne_schemas.enrolment import Agreement, Contacts, LegalEntity

    if sum((oversight, register_side, register)) > 1:
        raise typer.BadParameter(say("init.one-role"), param_hint="--register-side")
    if not is_registration_number(registration_number):
        raise InputRefused(given=f"  --registration-number: {say('input.registration_number')}")
    contacts = {
        "notices": notices,
        "archive_email": archive_email,
        "password_phone": telephone(password_phone),
        "password_email": password_email,
        "voice_phone": telephone(voice_phone),
        "authorised_persons": [person(written) for written in authorised or []],
    }
    keys = CentreKeys.generate(_algorithm(alg))
    enrolment = new_enrolment(
        keys,
        name=name,
        legal_entity=LegalEntity(name=legal_entity, registration_number=registration_number),
        contacts=Contacts.model_validate(contacts),
        agreement=Agreement(version=agreement_version, signed_on=agreement_signed or today_in_riga()),
        calendar=calendar,
        oversight=oversight,
        register_side=register_side,
        scopes=[Scope.EXCHANGE, Scope.REGISTER] if register else None,
        known_as=known_as,
    )
    installation = Installation(
        home=home_directory(),
        hub=hub_address(hub),
        centre=centre or enrolment.id,
        name=name,
        legal_entity=legal_entity,
        scopes=tuple(enrolment.scopes),
        in_force=kids(keys),
    )
    file = out or Path(f"saikne-{'rotation' if centre else 'enrolment'}-{installation.centre}.json")
    announced = rotation_file(centre, keys, None) if centre else enrolment_file(enrolment, keys)
    _begin(installation, keys, file, announced)
    if enrolment.role == "centre":
        _keep_contacts(notices, telephone(voice_phone))
    console.tell("init.done", home=installation.home, file=file)
    _tell_keys(console, keys)
    console.tell("init.vouch" if centre else "init.next", file=file)
    made = {"centre": installation.centre, "home": installation.home, "file": file, "keys": _keys(keys)}
    console.document(made)


@verb
def rotate(
    console: Console,
    *,
    alg: Alg = "EdDSA",
    lost: Annotated[bool, typer.Option("--lost")] = False,
    out: Out = None,
) -> None:
    """Make new keys and the file that announces them; the old ones stay in force.

    Keys that wait already are announced again, so that a lost file costs nothing. With `--lost` nothing is
    asked of the keys that were there: the file carries no proof by them, and the operator must vouch for it.
    """
    from saikne.enrolment import CentreKeys, rotation_file
    from saikne.installation import Installation

    installation = Installation.at()
    again = installation.waiting is not None and not lost
    keys = installation.next_keys() if again else CentreKeys.generate(_algorithm(alg))
    file = out or Path(f"saikne-rotation-{keys.signing.kid[:8]}.json")
    in_force = None if lost else installation.keys().signing
    if not again:
        installation.prepare(keys)
    write_private(file, rotation_file(installation.centre, keys, in_force))
    console.tell("rotate.again" if again else "rotate.lost" if lost else "rotate.done", file=file)
    _tell_keys(console, keys)
    console.tell("rotate.vouch" if lost else "rotate.next", file=file)
    console.document({"centre": installation.centre, "file": file, "keys": _keys(keys)})


@verb
def show(console: Console) -> None:
    """The keys in force, to be read out to whoever compares them."""
    from saikne.installation import Installation

    installation = Installation.at()
    keys = installation.keys()
    _tell_keys(console, keys)
    console.document({"centre": installation.centre, "keys": _keys(keys)})


@verb
async def use(console: Console) -> None:
    """Put the new keys in force, once the hub takes them."""
    from saikne.installation import Installation

    installation = Installation.at()
    keys = installation.next_keys()
    async with connected(installation, keys) as hub:
        await hub.knows_us()
    installation.switch()
    console.tell("use.done")
    console.document({"centre": installation.centre, "keys": _keys(keys)})


@verb
async def centres(console: Console) -> None:
    """Everybody the hub knows."""
    async with connected() as hub:
        found = await hub.centres()
    console.table([[str(one.id), word("centre-state", one.state), one.name] for one in found])
    console.document(found)


def _begin(installation: "Installation", keys: "CentreKeys", file: Path, announcement: bytes) -> None:
    """Keys and the file that announces them: both, or neither."""
    write_private(file, announcement)
    try:
        installation.begin(keys)
    except BaseException:
        file.unlink()
        raise


def _algorithm(written: str) -> "Algorithm":
    from saikne.keys import Algorithm

    try:
        return Algorithm(written)
    except ValueError:
        choices = ", ".join(one.value for one in Algorithm)
        raise typer.BadParameter(say("usage.choices", choices=choices), param_hint="--alg") from None


def _keys(keys: "CentreKeys") -> list[dict[str, Any]]:
    from saikne.keys import fingerprint

    return [
        {
            "use": key.use.value,
            "kid": key.kid,
            "alg": key.purpose,
            "fingerprint": fingerprint(key.public()),
        }
        for key in keys.every()
    ]


def _tell_keys(console: Console, keys: "CentreKeys") -> None:
    """Fingerprints in two lines each, to be read out and compared."""
    for key in _keys(keys):
        groups = key["fingerprint"].split(" ")
        console.tell(f"key.{key['use']}")
        console.line("    " + " ".join(groups[:8]))
        console.line("    " + " ".join(groups[8:]))


KEYS = (("show", show), ("rotate", rotate), ("use", use))
