"""`hub provider`: the operator registers a centre's own OpenID provider, by which its people may sign in.

The provider is asked at once what it says of itself, and the hosts that it names are shown: the hub calls no
other from then on. The client's secret is read from a file, kept covered, and never shown. Source: OpenID
Connect Discovery 1.0; security.md, threat 24.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.kernel.clock import iso, now
from hub.kernel.ids import CentreId
from hub.kernel.secret import Secret
from hub.ops.bad_news import told
from hub.ops.centres import centre_id
from hub.ops.console import JsonOption, LangOption, fail, language, plain, put, say
from hub.ops.own_keys import opened
from hub.ops.owner import as_owner
from saikne_schemas.brought import brought
from saikne_schemas.moments import for_people

if TYPE_CHECKING:
    from collections.abc import Collection

    from hub.people.casework.providers import Given
    from hub.people.provider import Discovered
    from hub.people.tables import ProviderRow
    from hub.plumbing.database import Tx
    from hub.signing.keyring import Keyring

app = typer.Typer(no_args_is_help=True, help="Centres' own OpenID providers, by which people may sign in.")

_SECRET_BYTES = 4096
_CENTRE = Annotated[str, typer.Option("--centre", metavar="CENTRE", help="Whose people sign in there.")]


@app.command("set")
def set_(
    centre: _CENTRE,
    issuer: Annotated[str, typer.Option("--issuer", help="As the provider writes it: https://…")],
    client_id: Annotated[str, typer.Option("--client-id", help="By which the provider knows the hub.")],
    secret: Annotated[Path, typer.Option("--secret", metavar="FILE", help="Holds the client's secret.")],
    *,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Register a centre's provider, or give it another secret; prints where it is to send browsers back."""
    speech = language(lang)
    whose, keyring = centre_id(centre, speech), opened(speech)
    with told(speech):
        given = _given(client_id, secret, speech)
        found = _looked_at(issuer)
    name = as_owner([whose], lambda tx: _register(tx, keyring, whose, given, found), speech)
    hosts, back = sorted(found.hosts), _back(whose)
    if as_json:
        put({"centre": str(whose), "issuer": found.issuer, "hosts": hosts, "back": back})
    else:
        facts = {"name": name, "issuer": found.issuer, "hosts": ", ".join(hosts), "back": back}
        print(say("people.provider.set", speech, **facts))


@app.command("list")
def list_(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Every registered provider, one a line."""
    for one in as_owner([], _every, language(lang)):
        shown = {
            "centre": str(one.centre_id),
            "issuer": one.issuer,
            "client_id": one.client_id,
            "hosts": one.hosts,
        }
        if as_json:
            put({**shown, "registered_at": iso(one.registered_at), "back": _back(one.centre_id)})
        else:
            print("\t".join([*(plain(value) for value in shown.values()), for_people(one.registered_at)]))


@app.command()
def remove(centre: _CENTRE, *, lang: LangOption = None) -> None:
    """Take a centre's provider away: every account there ends, and whoever is in by one is out."""
    speech = language(lang)
    whose = centre_id(centre, speech)
    name = as_owner([whose], lambda tx: _remove(tx, whose), speech)
    print(say("people.provider.removed", speech, name=name))


def _given(client_id: str, file: Path, speech: str) -> "Given":
    from hub.people.casework.providers import Given

    secret = brought(file, _SECRET_BYTES).text().strip()
    if not secret or len(secret.splitlines()) > 1:
        fail(say("people.provider.no-secret", speech, file=plain(file)))
    return Given(client_id, Secret(secret))


def _looked_at(issuer: str) -> "Discovered":
    from hub.ops.database import run
    from hub.people.gateways.providers import Providers

    async def look() -> "Discovered":
        providers = Providers()
        try:
            return await providers.look(issuer)
        finally:
            await providers.close()

    return run(look())


def _back(centre: CentreId) -> str:
    from hub.people.office import back_to
    from hub.settings import Settings

    return back_to(Settings().public_url, centre)


async def _register(
    tx: "Tx", keyring: "Keyring", whose: CentreId, given: "Given", found: "Discovered"
) -> str:
    from hub.people.casework import providers
    from hub.people.office import Counter

    return (await providers.register(Counter(tx, now()), keyring, whose, given, found)).name


async def _remove(tx: "Tx", whose: CentreId) -> str:
    from hub.people.casework import providers
    from hub.people.office import Counter

    return (await providers.remove(Counter(tx, now()), whose)).name


async def _every(tx: "Tx") -> "Collection[ProviderRow]":
    from hub.people import store

    return await store.every_provider(tx)
