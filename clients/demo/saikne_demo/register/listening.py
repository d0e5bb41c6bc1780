"""How the register listens: a thread for each connection, TLS where asked for, and hanging up at once."""

import contextlib
import socket
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any


class Listening(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = False  # `server_close` then waits for the threads

    def __init__(
        self,
        address: tuple[str, int],
        window: type[BaseHTTPRequestHandler],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(address, window)
        if tls is not None:  # the handshake is done by the connection's own thread, at its first reading
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Break off every connection, also those that are only kept for later."""
        with self._lock:
            still_open = list(self._open)
        for one in still_open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up, or shows no certificate, is no news here."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
