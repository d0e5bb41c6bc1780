"""To which keys of other centres this one seals who is meant: the first it is shown, later those it knows.

The hub shows the keys, and must not be able to put one of its own in their place unseen: a key that was not
used before is refused until somebody has compared it with the other centre by another way, and named it.
Source: security.md threats 12, 25 (a hub that is not trusted with names), as `register_keys`.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from saikne.home import write_private
from saikne.keys import in_groups
from saikne.problems import LocalRefusal
from saikne_schemas.views import CentreView, EncryptionKeyView


class OthersKeyNew(LocalRefusal):
    """The centre has another key than was sealed to so far."""

    code = "identity.key-new"


class OthersKeyNotShown(LocalRefusal):
    """The key that was named is not among those that the hub shows for the centre."""

    code = "identity.key-not-shown"


class OthersKeys:
    """Their thumbprints by centre, in this centre's home."""

    def __init__(self, home: Path) -> None:
        self._path = home / "centre-keys.json"

    def chosen(self, centre: CentreView, compared: Sequence[str]) -> EncryptionKeyView | None:
        """The key to seal to, None where the centre has none yet; `compared` is what somebody has named."""
        if not centre.encryption_keys:
            return None
        known = self.known(centre.id)
        for key in centre.encryption_keys:
            if key.kid in compared or (key.kid in known if known else not compared):
                return key
        shown = "\n".join(f"  {key.kid}\n  {in_groups(key.kid)}" for key in centre.encryption_keys)
        refusal = OthersKeyNotShown if compared else OthersKeyNew
        raise refusal(given=centre.name, found=shown)

    def used(self, centre: UUID, kid: str) -> None:
        known = self._all()
        if kid not in known.get(str(centre), []):
            known.setdefault(str(centre), []).append(kid)
            write_private(self._path, json.dumps(known).encode(), replace=True)

    def known(self, centre: UUID) -> list[str]:
        return self._all().get(str(centre), [])

    def _all(self) -> dict[str, list[str]]:
        return dict(json.loads(self._path.read_bytes())) if self._path.exists() else {}
