"""All tables of the hub and the database's own functions, gathered from the rooms that own them."""

import importlib
import importlib.util

from hub.plumbing.database import metadata

__all__ = ["STATEMENTS", "metadata"]

STATEMENTS: tuple[str, ...] = ()
for _room in ("workdays", "evidence", "centres", "access", "duties", "passwords", "exchange"):
    for _file in ("store", "chain"):
        if importlib.util.find_spec(f"hub.{_room}.{_file}"):
            _module = importlib.import_module(f"hub.{_room}.{_file}")
            STATEMENTS += tuple(getattr(_module, "STATEMENTS", ()))
STATEMENTS = tuple(dict.fromkeys(STATEMENTS))
