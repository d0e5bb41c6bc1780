"""A real S3 server on the loopback: moto's, over HTTP, with one bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
from moto.server import ThreadedMotoServer

from hub.plumbing.blobs import Blobs


@dataclass(frozen=True)
class Bucket:
    server: ThreadedMotoServer
    endpoint: str
    name: str

    def blobs(self) -> Blobs:
        settings = {
            "AWS_ACCESS_KEY_ID": "hub",
            "AWS_SECRET_ACCESS_KEY": "hub",
            "AWS_REGION": "eu-north-1",
            "AWS_ENDPOINT_URL": self.endpoint,
        }
        return Blobs.from_url(f"s3://{self.name}/parcels/2026", settings)

    def unfinished_uploads(self) -> int:
        return httpx.get(f"{self.endpoint}/{self.name}?uploads").text.count("<UploadId>")


@contextmanager
def serving() -> Iterator[Bucket]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    bucket = Bucket(server, f"http://{host}:{port}", f"bucket-{uuid4().hex[:8]}")
    try:
        httpx.put(f"{bucket.endpoint}/{bucket.name}").raise_for_status()
        yield bucket
    finally:
        server.stop()
