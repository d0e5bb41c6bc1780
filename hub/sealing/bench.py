"""Where sealing is done: two threads for the arithmetic of all documents, one clerk each for storing.

The benches hash and encipher. There are two of them however many documents arrive, so that the event loop
and the database keep their share of the machine; documents take turns block by block. A slow sender holds
no bench: only work that is there occupies a thread. The clerks wait for the object store, not the processor.
Both yield to the event loop when the machine is busy, which halves how long small requests wait meanwhile.
Yet further back they would be stopped while they hold the interpreter, and everybody would wait for them.
"""

import os
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Lock, get_native_id

_DOCUMENTS_AT_ONCE = 128  # one more waits for its clerk; its sender is held back meanwhile

_NICE = 12  # a fifteenth of the event loop's share, where both want the processor


def _step_back() -> None:
    if sys.platform == "linux":  # the one system where a thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICE)


BENCHES = ThreadPoolExecutor(max(2, (os.cpu_count() or 2) // 2), "sealing-bench", _step_back)
CLERKS = ThreadPoolExecutor(_DOCUMENTS_AT_ONCE, "sealing-clerk", _step_back)


class Turns:
    """Steps of one document that are done one after another, in order, on whichever bench is free."""

    def __init__(self, benches: Executor, on_trouble: Callable[[BaseException], None]) -> None:
        self._benches = benches
        self._on_trouble = on_trouble
        self._waiting: deque[Callable[[], None]] = deque()
        self._lock = Lock()
        self._busy = False

    def then(self, step: Callable[[], None]) -> None:
        with self._lock:
            self._waiting.append(step)
            if self._busy:
                return
            self._busy = True
        self._benches.submit(self._take_turn)

    def _take_turn(self) -> None:
        try:
            self._waiting.popleft()()
        except BaseException as trouble:  # noqa: BLE001  # told to the document's owner, who raises it
            self._on_trouble(trouble)
        with self._lock:
            self._busy = bool(self._waiting)
            if not self._busy:
                return
        self._benches.submit(self._take_turn)
