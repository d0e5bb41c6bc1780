"""What the job writes in its log: one JSON object a line on standard error, and of errors no words.

Source: security.md threat 21. Of an exception its kind and place are told; what a library says in it may
quote an entry. The libraries' own logs are silent below a warning, and theirs may quote addresses only.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import TextIO

import structlog

from agis_sync.telling import Event, Kind

_LOUD = frozenset({Kind.HUB_AWAY, Kind.REGISTER_AWAY, Kind.NOT_SETTLED})
_QUIET = frozenset({Kind.WAITING, Kind.TAKEN})


class Log:
    def __init__(self, stream: TextIO = sys.stderr, *, level: int = logging.INFO) -> None:
        logging.getLogger("asyncssh").setLevel(logging.ERROR)
        self._log = structlog.wrap_logger(
            structlog.PrintLogger(stream),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(level),
        )

    def write(self, event: Event) -> None:
        said = dict(event.facts)
        if event.error is not None:
            self._log.error(event.kind.value, **said, exception=list(_story(event.error)))
        elif event.kind in _LOUD or said.get("for_a_person"):
            self._log.warning(event.kind.value, **said)
        elif event.kind in _QUIET:
            self._log.debug(event.kind.value, **said)
        else:
            self._log.info(event.kind.value, **said)


def _story(error: BaseException | None) -> Iterator[str]:
    """Kinds and places, with what caused them."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        for frame in traceback.extract_tb(error.__traceback__)[-8:]:
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        error = error.__cause__ or error.__context__
