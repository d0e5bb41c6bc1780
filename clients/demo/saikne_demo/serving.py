"""How the demo's HTTP servers run: each in a thread of its own, from `start` to `stop`."""

from abc import ABC, abstractmethod
from http.server import ThreadingHTTPServer
from threading import Thread
from typing import Self


class Served(ABC):
    """Runs from `start` to `stop`, or as a context manager."""

    @abstractmethod
    def start(self) -> Self: ...

    @abstractmethod
    def stop(self) -> None: ...

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _serve(self, server: ThreadingHTTPServer, name: str) -> None:
        self._server = server
        self._thread = Thread(target=server.serve_forever, args=(0.05,), name=name)
        self._thread.start()

    def _end(self) -> None:
        """No new call is taken; those in work are waited for as the server does."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
