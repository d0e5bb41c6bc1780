"""Client library of the Saikne hub: everything a program needs to exchange copies, and nothing of the hub.

`from saikne import …` gives what `saikne.face` names. It is loaded when a name of it is first used, so that
the command, which needs few of them, starts fast.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saikne.face import *
else:  # a type checker would take any name for one that can be had

    def __dir__() -> list[str]:
        named = vars(import_module("saikne.face")).items()
        return [name for name, found in named if getattr(found, "__module__", "").startswith("saikne")]

    def __getattr__(name: str) -> Any:
        if name.startswith("_") or find_spec(f"saikne.{name}") or name not in __dir__():
            raise AttributeError(f"module 'saikne' has no attribute {name!r}")
        return getattr(import_module("saikne.face"), name)
