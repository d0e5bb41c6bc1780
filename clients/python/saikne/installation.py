"""A centre as set up on this machine: which hub, who it is, which keys are in force and which come next.

Kept in `centre.json` beside `keys/`. New keys wait under `next` until the hub has admitted them.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from saikne.credentials import Credentials, hub_address
from saikne.enrolment import CentreKeys
from saikne.home import AlreadyThere, close_to_others, home_directory, make_private, write_private
from saikne.keys import CentreKey, key_file
from saikne.problems import LocalRefusal
from saikne_schemas.enrolment import KeyUse
from saikne_schemas.vocabulary import Scope

_SCHEMA = "saikne.home/1"


class NotInitialised(LocalRefusal):
    """There is no centre on this machine yet."""

    code = "home.not-initialised"


class NoNextKeys(LocalRefusal):
    """No new keys are waiting to be used."""

    code = "keys.none-waiting"


@dataclass(frozen=True)
class Installation:
    home: Path
    hub: str
    centre: UUID
    name: str
    legal_entity: str
    scopes: tuple[Scope, ...]
    in_force: dict[KeyUse, str]
    """The thumbprint of the key for each use."""
    waiting: dict[KeyUse, str] | None = None
    former: str | None = None
    """The encryption key before the one in force: it still opens what was sealed before the change."""

    @classmethod
    def at(cls, home: Path | None = None) -> "Installation":
        place = home_directory(home)
        try:
            written = json.loads((place / "centre.json").read_bytes())
            return cls(
                home=place,
                hub=hub_address(written["hub"]),
                centre=UUID(written["centre"]),
                name=written["name"],
                legal_entity=written["legal_entity"],
                scopes=tuple(Scope(scope) for scope in written["scopes"]),
                in_force=_by_use(written["keys"]),
                waiting=_by_use(written["next"]) if written["next"] else None,
                former=written.get("former"),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotInitialised(home=str(place)) from error

    @property
    def keys_directory(self) -> Path:
        return self.home / "keys"

    def keys(self) -> CentreKeys:
        return self._load(self.in_force)

    def credentials(self, keys: CentreKeys | None = None) -> Credentials:
        keys = keys or self.keys()
        return Credentials(self.hub, self.centre, keys.oauth, keys.signing, self.scopes)

    def begin(self, keys: CentreKeys) -> None:
        """Write a new centre; refuses where one is already."""
        if (self.home / "centre.json").exists():
            raise AlreadyThere(path=str(self.home / "centre.json"))
        make_private(self.home)
        close_to_others(self.home)
        for key in keys.every():
            key.save(self.keys_directory)
        write_private(self.home / "centre.json", self._written())

    def prepare(self, keys: CentreKeys) -> "Installation":
        """Keep new keys until the hub has admitted them; others that waited wait no longer."""
        for key in keys.every():
            key.save(self.keys_directory)
        changed = replace(self, waiting=kids(keys))
        write_private(self.home / "centre.json", changed._written(), replace=True)  # noqa: SLF001
        self._destroy(self.waiting or {})
        return changed

    def next_keys(self) -> CentreKeys:
        if self.waiting is None:
            raise NoNextKeys
        return self._load(self.waiting)

    def switch(self) -> "Installation":
        """Put the waiting keys in force and destroy the private halves of the old ones.

        But for the one that opens, until the next change: what is sealed to it may still lie at the hub.
        """
        if self.waiting is None:
            raise NoNextKeys
        old = dict(self.in_force)
        former = old.pop(KeyUse.ENCRYPTION, None)
        changed = replace(self, in_force=self.waiting, waiting=None, former=former)
        write_private(self.home / "centre.json", changed._written(), replace=True)  # noqa: SLF001
        self._destroy(old | ({KeyUse.ENCRYPTION: self.former} if self.former else {}))
        return changed

    def opening_keys(self) -> list[CentreKey]:
        """Those that open what was sealed to this centre: the one in force, and the one before."""
        kids = (self.in_force.get(KeyUse.ENCRYPTION), self.former)
        return [CentreKey.load(self.keys_directory / key_file(KeyUse.ENCRYPTION, kid)) for kid in kids if kid]

    def _destroy(self, kid_of: dict[KeyUse, str]) -> None:
        for use, kid in kid_of.items():
            (self.keys_directory / key_file(use, kid)).unlink(missing_ok=True)

    def _load(self, kid_of: dict[KeyUse, str]) -> CentreKeys:
        loaded = {
            use.value: CentreKey.load(self.keys_directory / key_file(use, kid)) for use, kid in kid_of.items()
        }
        return CentreKeys(**loaded)

    def _written(self) -> bytes:
        document: dict[str, Any] = {
            "schema": _SCHEMA,
            "hub": self.hub,
            "centre": str(self.centre),
            "name": self.name,
            "legal_entity": self.legal_entity,
            "scopes": [scope.value for scope in self.scopes],
            "keys": self.in_force,
            "next": self.waiting,
            "former": self.former,
        }
        return json.dumps(document, ensure_ascii=False, indent=1).encode()


def kids(keys: CentreKeys) -> dict[KeyUse, str]:
    return {key.use: key.kid for key in keys.every()}


def _by_use(written: dict[str, str]) -> dict[KeyUse, str]:
    return {KeyUse(use): kid for use, kid in written.items()}
