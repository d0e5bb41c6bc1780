"""A setting that cannot be used, told by what is taken instead: never by what was given, which may be secret.

Of a file its path is told, and what is wrong with it. The sentences are those of `settings.takes`.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Unfit(ValueError):  # noqa: N818  # a settings library tells ValueErrors, and whose they are
    """`takes` names the sentence, `facts` are its own."""

    def __init__(self, takes: str, **facts: str) -> None:
        super().__init__(takes)
        self.takes = takes
        self.facts = facts


def require_authorities(path: Path) -> None:
    """A file of certificates in PEM, as a database's own is verified by."""
    import ssl  # here and below: every command loads this module to tell bad news, and few speak TLS

    with _unfit("authorities", path):
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)


def require_certificate(certificate: Path, key: Path) -> None:
    """A certificate, and its key in a file that opens without a password."""
    import ssl

    with _unfit("certificate", certificate):
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(certificate)
    with _unfit("key", key):
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")


@contextmanager
def _unfit(takes: str, path: Path) -> Iterator[None]:
    """The disk says in words what is wrong; the library for TLS has none for people."""
    try:
        yield
    except (OSError, ValueError) as trouble:
        if (
            isinstance(trouble, OSError)
            and trouble.errno in errno.errorcode
            and type(trouble).__module__ != "ssl"
        ):
            raise Unfit("file", path=str(path), why=os.strerror(trouble.errno or 0)) from None
        raise Unfit(takes, path=str(path)) from None
