"""A JSON object as it is read or written: what stands in it says whoever reads it."""

from typing import Any

JsonObject = dict[str, Any]
