"""Whether the server is being stopped: its first process tells all, so that what has no end ends in time.

The HTTP server waits for every answer that is under way, and a stream of news would never be over.
"""

import multiprocessing

_FORKED = multiprocessing.get_context("fork")
_told = _FORKED.Event()


def serve_anew() -> None:
    """For a server's first process, before it forks the others: the end of another server is not its own."""
    global _told  # noqa: PLW0603  # shared with whatever is forked from here on
    _told = _FORKED.Event()


def begin() -> None:
    _told.set()


def begun() -> bool:
    return _told.is_set()
