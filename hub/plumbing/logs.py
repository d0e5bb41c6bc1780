"""What the hub says about itself: one JSON object a line on stderr, and never a secret.

Source: security.md threat 21. Everything that is logged, by us or by a library, passes one processor that
blanks secrets by their type and by their name, and tells of an exception its kind, its place and our own
words only: what a driver quotes (statements, parameters, rows, requests) stays out.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor

from hub.kernel.refusal import Outage, Refusal
from hub.kernel.secret import Secret

BLANK = "(blank)"
_TELLING = (
    "password", "passphrase", "secret", "token", "authorization", "dpop", "signature", "assertion",
    "cookie", "credential", "private", "payload", "body", "params", "parameters",
)  # fmt: skip
"""A key that holds one of these words has its value blanked."""
_TELLING_WHOLE = frozenset({"text", "sql", "query", "statement", "content", "to", "address"})
"""A key that is one of these words has its value blanked."""
_DEEPEST = 6
_LONGEST = 2000
_QUIET = ("httpx", "httpcore", "asyncio", "pgqueuer", "aiosmtplib", "mail.log")
"""Libraries that tell every step at level INFO, addresses and all."""


def take_over() -> None:
    """From here on this process tells everything in its log: warnings too, and what nobody caught."""
    configure()
    logging.captureWarnings(capture=True)
    last = structlog.get_logger("hub")
    sys.excepthook = lambda _, error, __: last.critical("ended by a fault", exc_info=error)
    sys.unraisablehook = lambda lost: last.error("fault in passing", exc_info=lost.exc_value)
    threading.excepthook = lambda lost: last.error("thread ended by a fault", exc_info=lost.exc_value)


def server_config() -> dict[str, object]:
    """For the HTTP server, which sets up logging anew in each of its processes before ours is loaded."""
    return {
        "formatters": {},
        "handlers": {"ours": {"()": f"{__name__}.handler"}},
        "loggers": {"_granian": {"handlers": [], "propagate": True}},
        "root": {"handlers": ["ours"], "level": "INFO"},
    }


def configure(stream: TextIO = sys.stderr, *, level: int = logging.INFO) -> None:
    """From here on everything is logged to `stream`: coloured for a terminal, JSON for anything else."""
    root = logging.getLogger()
    root.handlers[:] = [handler(stream)]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def handler(stream: TextIO = sys.stderr) -> logging.Handler:
    """Writes what anybody logs as one line."""
    terminal = stream.isatty()
    shown: Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    written = logging.StreamHandler(stream)
    written.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, tell_no_secret, shown],
        )
    )
    return written


def tell_no_secret(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Blank what must not be told and put an exception into safe words."""
    trouble = event.pop("exc_info", None)
    event.pop("stack_info", None)
    told = {key: value if key.startswith("_") else _told(key, value) for key, value in event.items()}
    exception = _raised(trouble)
    return {**told, "exception": exception} if exception else told


def _told(key: str, value: object, depth: int = 0) -> object:
    if _is_telling(key) or isinstance(value, Secret | bytes | bytearray | memoryview) or depth > _DEEPEST:
        return BLANK
    if isinstance(value, Mapping):
        return {str(inner): _told(str(inner), held, depth + 1) for inner, held in value.items()}
    if isinstance(value, Sequence | AbstractSet) and not isinstance(value, str):
        return [_told("", held, depth + 1) for held in value]
    if isinstance(value, BaseException):
        return "; ".join(_words(one) for one in _with_causes(value))
    return value if isinstance(value, bool | int | float | None) else str(value)[:_LONGEST]


def _is_telling(key: str) -> bool:
    name = key.casefold()
    return name in _TELLING_WHOLE or any(word in name for word in _TELLING)


def _raised(trouble: object) -> str | None:
    """The exception behind `exc_info`, in any of its forms, with those that caused it."""
    if trouble is True:
        trouble = sys.exception()
    if isinstance(trouble, tuple):
        trouble = trouble[1]
    return "\n".join(_story(trouble)) if isinstance(trouble, BaseException) else None


def _story(error: BaseException) -> Iterator[str]:
    for one in _with_causes(error):
        yield _words(one)
        for frame in traceback.extract_tb(one.__traceback__)[-12:]:
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _words(error: BaseException) -> str:
    """Our own bad news by its code; a bug of ours by its message; a library's by its kind and state alone."""
    kind = type(error)
    if isinstance(error, Refusal | Outage):
        return f"{kind.__name__}: {error.code}"
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    if state is not None:
        return f"{kind.__module__}.{kind.__name__}: {state}"
    if kind.__module__.partition(".")[0] in {"builtins", "hub", "asyncio"}:
        return f"{kind.__name__}: {str(error)[:_LONGEST]}"
    return f"{kind.__module__}.{kind.__name__}"


_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    tell_no_secret,
)
"""Whatever is logged, by us or by a library, passes these."""
