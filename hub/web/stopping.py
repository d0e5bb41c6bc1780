"""Whether the server is being stopped: its first process tells all, so that what has no end ends in time.

The HTTP server waits for every answer that is under way, and a stream of news would never be over.
"""

import multiprocessing

_told = multiprocessing.get_context("fork").Event()
"""Shared with every process that is forked from the one in which this was loaded."""


def begin() -> None:
    _told.set()


def begun() -> bool:
    return _told.is_set()
