"""A wire between the hub and PostgreSQL that can be cut at the one moment that nobody can judge: a commit
that the server was told of, and whose answer never comes back."""

import contextlib
import socket
import threading
from typing import Self
from urllib.parse import unquote

from sqlalchemy import make_url

_COMMIT = b"COMMIT"
_PIECE = 1 << 16


class CutLine:
    """Passes bytes on until a commit that it was told to cut."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._target: str | tuple[str, int] = ""
        self._commits_to_cut = 0
        self._lock = threading.Lock()
        self.cut = 0
        """How many commits were cut."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def leads_to(self, url: str) -> None:
        to = make_url(url)
        folder = to.query.get("host")
        self._target = (
            f"{unquote(str(folder))}/.s.PGSQL.{to.port or 5432}"
            if folder
            else (to.host or "127.0.0.1", to.port or 5432)
        )
        here = self._listening.getsockname()
        self.url = to.set(host=here[0], port=here[1], query={}).render_as_string(hide_password=False)

    def cut_commit(self, number: int) -> None:
        """Cut the wire at the commit of this number from now, after the server has done it."""
        with self._lock:
            self._commits_to_cut, self.cut = number, 0

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX if isinstance(self._target, str) else socket.AF_INET)
                server.connect(self._target)
                cutting = threading.Event()
                for source, sink, forth in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._pass, args=(source, sink, forth, cutting), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, forth: bool, cutting: threading.Event) -> None:  # noqa: FBT001
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE):
                if forth and _COMMIT in piece and self._is_the_one():
                    cutting.set()
                if not forth and cutting.is_set():  # the server has answered: it is done
                    self.cut += 1
                    break
                sink.sendall(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _is_the_one(self) -> bool:
        with self._lock:
            self._commits_to_cut -= 1
            return self._commits_to_cut == 0
