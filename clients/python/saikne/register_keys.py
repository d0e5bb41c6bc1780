"""To which of the register's keys a centre seals: the first it is shown, later only to those it knows.

The hub shows the keys, and must not be able to put one of its own in their place unseen: a key that was not
used before is refused until somebody has compared it by another way and named it. Source: domain 3.3;
security.md (a hub that is not trusted with names); features N10.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from saikne.home import write_private
from saikne.problems import LocalRefusal
from saikne_schemas.registrations import RegisterKeyView


class RegisterKeyNew(LocalRefusal):
    """The register has another key than the centre has sealed to so far."""

    code = "register.key-new"


class RegisterKeyNotShown(LocalRefusal):
    """The key that was named is not among those that the hub shows."""

    code = "register.key-not-shown"


class RegisterKeys:
    """The thumbprints that this centre has sealed to, in its home."""

    def __init__(self, home: Path) -> None:
        self._path = home / "register-keys.json"

    def chosen(self, shown: Sequence[RegisterKeyView], named: str | None = None) -> dict[str, str]:
        """The key to seal to, as JWK with its `kid`; `named` is what somebody has compared."""
        trusted = [named] if named else self._known() or [shown[0].kid]
        for key in shown:
            if key.kid in trusted:
                return {**key.jwk, "kid": key.kid}
        refusal = RegisterKeyNotShown if named else RegisterKeyNew
        raise refusal(given=trusted[-1], found="\n".join(f"  {key.kid}" for key in shown))

    def used(self, kid: str) -> None:
        known = self._known()
        if kid not in known:
            write_private(self._path, json.dumps([*known, kid]).encode(), replace=True)

    def _known(self) -> list[str]:
        return list(json.loads(self._path.read_bytes())) if self._path.exists() else []
