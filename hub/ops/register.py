"""`hub register`: the keys to which centres seal, those by which the register signs, and how all stands.

Source: domain 3.3; features N10. The operator gets the register's public key by a way that is trusted, and
compares its thumbprint. Without a key in force centres work by the worksheet.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from hub.kernel.clock import iso, now
from hub.kernel.ids import REGISTRY
from hub.ops.bad_news import told
from hub.ops.console import FileArgument, JsonOption, KeyCommand, LangOption, fail, language, put, say
from hub.ops.owner import as_owner
from saikne_schemas.brought import brought
from saikne_schemas.moments import for_people

if TYPE_CHECKING:
    from datetime import datetime

    from hub.plumbing.database import Tx

app = typer.Typer(no_args_is_help=True, help="The state's register of foster families, reached by jobs.")

KidArgument = Annotated[str, typer.Argument(metavar="KID", help="The key's thumbprint (RFC 7638).")]


@app.command("add-key")
def add_key(
    file: FileArgument,
    *,
    signing: Annotated[
        bool, typer.Option("--signing", help="By it the register signs what it confirms.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Let centres seal to the register's public key in FILE, a JWK on P-256; or believe its signature."""
    from hub.agis import store
    from hub.signing.public_key import ECDSA_P256, NotAPublicKey, public_key

    speech = language(lang)
    with told(speech):
        written = brought(file).json()
    try:
        key = public_key(written)
    except (NotAPublicKey, ValueError):
        fail(say("register.key.malformed", speech))
    if key.algorithm != ECDSA_P256:
        fail(say("register.key.malformed", speech))
    jwk = {name: value for name, value in key.jwk().items() if name != "kid"}
    purpose = store.Purpose.SIGNING if signing else store.Purpose.SEALING
    added = as_owner([], lambda tx: store.admit_key(tx, key.key_id, jwk, purpose, now()), speech)
    if as_json:
        put({"kid": key.key_id, "added": added})
    else:
        print(say("register.key.added" if added else "register.key.known", speech, kid=key.key_id))


@app.command("keys")
def keys(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Every key of the register that was ever added, oldest first."""
    from hub.agis import store

    speech = language(lang)
    rows = as_owner([], store.every_key, speech)
    for row in rows:
        if as_json:
            retired = row.retired_at and iso(row.retired_at)
            put(
                {
                    "kid": row.kid,
                    "purpose": row.purpose,
                    "added_at": iso(row.admitted_at),
                    "retired_at": retired,
                    "jwk": row.jwk,
                }
            )
        else:
            purpose = say(f"register.purpose.{row.purpose}", speech)
            print("\t".join([row.kid, purpose, for_people(row.admitted_at), _moment(row.retired_at)]))
    if not rows and not as_json:
        print(say("register.key.none", speech))


@app.command("retire-key", cls=KeyCommand)
def retire_key(kid: KidArgument, *, lang: LangOption = None) -> None:
    """Let nobody seal to a key of the register any more, nor believe its signature.

    What is sealed to it still goes its way.
    """
    from hub.agis import store

    speech = language(lang)
    if not as_owner([], lambda tx: store.retire_key(tx, kid, now()), speech):
        fail(say("register.key.unknown", speech, kid=kid))
    print(say("register.key.retired", speech, kid=kid))


@app.command()
def status(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """How many registrations stand in each state, and when the first of them goes on."""
    from hub.agis import store

    async def look(tx: "Tx") -> "list[store.Standing]":
        return await store.standing(tx)

    speech = language(lang)
    rows = as_owner([REGISTRY], look, speech)
    if as_json:
        put({row.state: {"count": row.count, "next_at": row.next_at and iso(row.next_at)} for row in rows})
        return
    for row in rows:
        state = say(f"register.state.{row.state}", speech)
        line = "register.status.line" if row.next_at else "register.status.at-rest"
        print(say(line, speech, state=state, count=row.count, next_at=_moment(row.next_at)))
    if not rows:
        print(say("register.status.none", speech))


def _moment(at: "datetime | None") -> str:
    return for_people(at) if at else "-"
