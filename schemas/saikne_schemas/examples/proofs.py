"""The examples about a centre's own proof: a picture of the message in which a family told of its move."""

from pydantic import BaseModel

from saikne_schemas.examples.case import EXCHANGE
from saikne_schemas.proofs import OpenedProof, OpenProof, ProofView, ReadSigned

PROOF = {"id": "e91c7b46-2d5a-4c83-9f60-3b1a8d7e5f24", "sha256": "6a" * 32}
"""As a statement names it."""


PROOFS: tuple[tuple[type[BaseModel], dict[str, object]], ...] = (
    (
        OpenProof,
        {
            "schema": "saikne.open-proof/1",
            "id": "4f8a2c6d-7e1b-4930-8d52-a6c9e0f1b37d",
            "proof": PROOF["id"],
        },
    ),
    (
        ReadSigned,
        {
            "schema": "saikne.read-signed/1",
            "id": "b3d9f1a7-60c4-4e2b-9a85-7f0e1d2c3b4a",
            "exchange": EXCHANGE,
            "proof": PROOF["id"],
        },
    ),
    (
        ProofView,
        {
            **PROOF,
            "media_type": "image/jpeg",
            "bytes": 412876,
            "sealed_at": "2026-03-02T07:40:11Z",
            "named_in": EXCHANGE,
            "archive_bytes": 413090,
            "archive_sha256": "b7" * 32,
        },
    ),
    (
        ProofView,
        {
            "id": "0c5d8e31-94af-4b62-8a7d-5f1e2c3b4a69",
            "sha256": "3d" * 32,
            "media_type": "application/vnd.etsi.asic-e+zip",
            "bytes": 18450,
            "sealed_at": "2026-03-02T07:41:30Z",
            "archive_bytes": 18671,
            "archive_sha256": "c4" * 32,
            "signatures": "valid",
            "signers": [{"name": "Ilze Kalniņa, Biedrība Ligzda", "at": "2026-03-02T07:35:02Z"}],
        },
    ),
    (OpenedProof, {"password": "7KQ2M4XWTR9HB3ZC"}),
)
