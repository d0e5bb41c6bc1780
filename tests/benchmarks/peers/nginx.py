"""nginx with TLS on loopback: it takes a file by PUT and gives it back, as an office's own server would."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from saikne_demo.stage import _free_port

START_SECONDS = 10.0
_HERE = x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")
_CONFIGURATION = """
daemon off; master_process on; worker_processes {processes}; pid {home}/nginx.pid; error_log {home}/error.log;
user root;
events {{ worker_connections 256; }}
http {{
    access_log off; sendfile on; client_body_temp_path {home}/body; client_max_body_size 0;
    proxy_temp_path {home}/p; fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate}; ssl_certificate_key {key};
        root {home}/files;
        location / {{ dav_methods PUT; }}
    }}
}}
"""


@dataclass(frozen=True)
class Certificate:
    """Of 127.0.0.1, and the one that trusts it."""

    certificate: Path
    key: Path


def certificate(folder: Path) -> Certificate:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([_HERE])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    there = Certificate(folder / "tls.pem", folder / "tls.key")
    there.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    there.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return there


@dataclass(frozen=True)
class Nginx:
    pid: int
    port: int
    files: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


@contextmanager
def nginx(home: Path, tls: Certificate, processes: int = 1) -> Iterator[Nginx]:
    home.mkdir()
    (home / "files").mkdir()
    port = _free_port()
    configuration = home / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            home=home, port=port, processes=processes, certificate=tls.certificate, key=tls.key
        )
    )
    program = shutil.which("nginx")
    assert program is not None
    process = subprocess.Popen([program, "-c", str(configuration), "-p", str(home)])
    try:
        _wait_until_open(port)
        yield Nginx(process.pid, port, home / "files")
    finally:
        process.terminate()
        process.wait()


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("nginx does not answer")
