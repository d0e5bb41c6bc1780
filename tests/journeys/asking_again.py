"""A centre of a play: its stories ask about the same family again and again, so it says why.

What the rule refuses and takes is `tests/matters/test_once.py`.
"""

from typing import Any
from uuid import UUID

from saikne import Hub, HubRefusal
from saikne.statements import wire_bytes
from saikne_schemas.beside import Despite
from saikne_schemas.correction_words import DespiteReason


class AskingAgain(Hub):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._said: dict[bytes, Any] = {}

    async def tell(self, statement: Any) -> Any:
        """The same said again is said as it was taken."""
        first = wire_bytes(statement)
        while True:
            try:
                return await super().tell(self._said.get(first, statement))
            except HubRefusal as refused:
                if "already" not in refused.facts:
                    raise
                already = [UUID(one) for one in refused.facts["already"]]
                despite = Despite(already=already, reason=DespiteReason.OTHER_FAMILY)
                self._said[first] = statement.model_copy(update={"despite": despite})
