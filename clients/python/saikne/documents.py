"""The wire documents that a conversation may meet; a module of them is loaded when the first of it is met.

`wire.views.Page` loads `saikne_schemas.views`, so that a command loads the documents of its own verb.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import saikne_schemas as wire
else:

    class _Wire:
        def __getattr__(self, module: str) -> Any:
            return import_module(f"saikne_schemas.{module}")

    wire = _Wire()

__all__ = ["wire"]
