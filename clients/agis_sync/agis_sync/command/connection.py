"""As whom the job calls the hub: the client that is set up on this machine, for registrations only.

Whatever else that client may do at the hub, the job's token does not allow.
"""

import os
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from saikne.command.speech import spoken
from saikne_schemas.vocabulary import Scope

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from saikne.hub import Hub


@asynccontextmanager
async def hub_connection() -> "AsyncIterator[Hub]":
    from saikne.hub import Hub
    from saikne.installation import Installation
    from saikne.retries import Patience

    credentials = Installation.at().credentials()
    ours = Scope.REGISTER_SIDE if Scope.REGISTER_SIDE in credentials.scopes else Scope.REGISTER
    attempts = os.environ.get("SAIKNE_ATTEMPTS", "")
    patience = Patience(attempts=int(attempts)) if attempts.isdecimal() else Patience(attempts=4)
    async with Hub(replace(credentials, scopes=(ours,)), language=spoken(), patience=patience) as hub:
        yield hub
