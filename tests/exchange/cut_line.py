"""A wire between the hub and PostgreSQL that can be cut at the one moment that nobody can judge: a commit
that the server was told of, and whose answer never comes back."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Self
from urllib.parse import unquote

from sqlalchemy import make_url

_COMMIT = b"COMMIT;"
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
                told = threading.Event()
                for passing in (self._forth, self._back):
                    threading.Thread(target=passing, args=(client, server, told), daemon=True).start()

    def _forth(self, client: socket.socket, server: socket.socket, told: threading.Event) -> None:
        with _ending_both(client, server):
            while piece := client.recv(_PIECE):
                if _COMMIT in piece and self._is_the_one():
                    told.set()
                server.sendall(piece)

    def _back(self, client: socket.socket, server: socket.socket, told: threading.Event) -> None:
        with _ending_both(client, server):
            while piece := server.recv(_PIECE):
                if told.is_set():  # the server has answered: it is done
                    self.cut += 1
                    return
                client.sendall(piece)

    def _is_the_one(self) -> bool:
        with self._lock:
            self._commits_to_cut -= 1
            return self._commits_to_cut == 0


@contextlib.contextmanager
def _ending_both(*ends: socket.socket) -> Iterator[None]:
    with contextlib.suppress(OSError):
        yield
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
            end.close()
