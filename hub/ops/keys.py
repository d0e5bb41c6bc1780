"""`hub key`: which keys of a centre count, new ones in the place of old, and the end of one.

A change of keys is proven by the signing key in force. A centre that has lost it is vouched for by the
operator, who compares fingerprints; its chain says so. Source: security.md threat 12.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hub.kernel.clock import iso, now
from hub.kernel.documents import JsonObject
from hub.ops.bad_news import refuse, told
from hub.ops.centres import CentreArgument, centre_id, key_json, reason_of, show_key, signed_file
from hub.ops.console import (
    FileArgument,
    JsonOption,
    KeyCommand,
    LangOption,
    YesOption,
    ask,
    language,
    put,
    say,
)
from hub.ops.owner import as_owner
from hub.signing.public_key import ECDH_P256, ECDSA_P256, ED25519
from saikne_schemas.moments import for_people

if TYPE_CHECKING:
    from hub.access.store import ClientKey
    from hub.centres.centre import Centre
    from hub.ops.admission import Rotation
    from hub.plumbing.database import Tx

_JOSE = {ED25519: "EdDSA", ECDSA_P256: "ES256", ECDH_P256: "ECDH-ES"}
"""The names that files and tokens have for what is kept by other names."""

app = typer.Typer(no_args_is_help=True, help="The keys of centres, and the hub's own.")


@app.command("list")
def list_(centre: CentreArgument, *, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Every key that a centre ever had, oldest first."""
    from hub.access import store
    from hub.centres import casework

    speech = language(lang)
    chosen = centre_id(centre, speech)

    async def look(tx: "Tx") -> "list[ClientKey]":
        return await store.list_keys(tx, (await casework.known(tx, chosen)).id)

    for key in as_owner([chosen], look, speech):
        shown = _key_json(key)
        if as_json:
            put(shown)
        else:
            state = shown["revoked_because"] or "in_force"
            admitted = for_people(key.admitted_at)
            print("\t".join([shown["kid"], shown["use"], shown["alg"], state, admitted]))
            print(f"\t{shown['fingerprint']}")


@app.command()
def rotate(
    file: FileArgument,
    *,
    yes: YesOption = False,
    vouched: Annotated[
        bool, typer.Option("--vouched", help="The centre lost its signing key; you checked whose these are.")
    ] = False,
    keep_old: Annotated[
        bool, typer.Option("--keep-old", help="Let the old keys count too, until you revoke them.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Enter a centre's new keys from FILE; its old keys of the same use no longer count."""
    from hub.centres.enrolment import read_rotation
    from hub.kernel.ids import CentreId
    from hub.ops import admission

    speech = language(lang)
    with told(speech):
        raw = signed_file(file)
        chosen = CentreId(read_rotation(raw)[1].centre)
    wanted = as_owner([chosen], lambda tx: admission.look_at_rotation(tx, raw, vouched=vouched), speech)
    _show_rotation(wanted, speech, keep_old=keep_old)
    if not yes:
        ask("centres.rotate.ask", speech)

    async def deed(tx: "Tx") -> None:
        again = await admission.look_at_rotation(tx, raw, vouched=vouched)
        await admission.rotate(tx, again, now(), keep_old=keep_old)

    as_owner([chosen], deed, speech)
    superseded = [] if keep_old else [key.key_id for key in wanted.superseded]
    if as_json:
        keys = [key_json(key.kid, key.use.value, key.alg) for key in wanted.proven.document.keys]
        put({"centre": str(chosen), "keys": keys, "revoked": superseded})
        return
    print(say("centres.rotate.done", speech, name=wanted.centre.name))


@app.command(cls=KeyCommand)
def revoke(
    key: Annotated[str, typer.Argument(metavar="KEY", help="A key's name, or its fingerprint's beginning.")],
    *,
    because: Annotated[
        str, typer.Option("--because", help="For the centre's chain: rotated, compromised or centre_left.")
    ],
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """From now on a key counts for nothing new; what it signed before stays provable."""
    from hub.access.store import KeyUnknown, RevokedBecause
    from hub.ops import admission

    speech = language(lang)
    reason = RevokedBecause(reason_of(because, [each.value for each in RevokedBecause], speech))
    found = as_owner([], lambda tx: admission.keys_called(tx, key), speech)
    if len(found) != 1:
        refuse(KeyUnknown(key=key), speech)
    centre, chosen = found[0]
    moment = chosen.revoked_at or now()
    if chosen.revoked_at is None:
        as_owner([centre.id], lambda tx: admission.revoke(tx, centre, chosen.key_id, reason, moment), speech)
    if as_json:
        put({"centre": str(centre.id), "key": chosen.key_id, "revoked_at": iso(moment)})
        return
    message = "centres.key.revoked-before" if chosen.revoked_at else "centres.key.revoked"
    print(say(message, speech, key=chosen.key_id, at=moment))


def _key_json(key: "ClientKey") -> JsonObject:
    return {
        **key_json(key.key_id, key.use.value, _JOSE[key.alg]),
        "admitted_at": iso(key.admitted_at),
        "revoked_at": iso(key.revoked_at) if key.revoked_at else None,
        "revoked_because": key.revoked_because.value if key.revoked_because else None,
    }


def _show_rotation(wanted: "Rotation", speech: str, *, keep_old: bool) -> None:
    centre: Centre = wanted.centre
    print(say("centres.rotate.summary", speech, name=centre.name), file=sys.stderr)
    for key in wanted.proven.document.keys:
        show_key(key_json(key.kid, key.use.value, key.alg), speech)
    for old in () if keep_old else wanted.superseded:
        print(say("centres.rotate.superseded", speech, key=old.key_id), file=sys.stderr)
    if wanted.proven.vouched:
        print(say("centres.rotate.vouched", speech), file=sys.stderr)
        print(say("centres.admit.compare", speech), file=sys.stderr)
