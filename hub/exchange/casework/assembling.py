"""Making the archive whole: the last entries are sealed, the directory written, the digest fixed.

Runs before the dispatch's transaction, because it reads every segment once: the digest that goes into
evidence is that of the bytes the recipient will hold (method S90; design.md 5).
"""

from hub.exchange.casework.answering import Whole
from hub.exchange.casework.case import Case, Desk, declared_by, newest_answer
from hub.exchange.documents import BESIDE_FROM
from hub.exchange.parcel import INSCRIPTION, MANIFEST, SIGNATURE, signature_record
from hub.parcels import casework as parcels
from hub.parcels.store import sealed, segments
from hub.passwords import casework as passwords
from hub.plumbing.blobs import Blobs
from hub.sealing.stream import seal_bytes
from saikne_schemas.inscription import inscription
from saikne_schemas.manifests import AnswerManifest
from saikne_schemas.reading import kept


class Assembly:
    """One attempt to make an archive whole; `load` inside a transaction, `finish` outside of any."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._beside: list[parcels.Part] = []

    async def load(self, desk: Desk, case: Case) -> None:
        """Read what the archive is made of."""
        answer = await newest_answer(desk.tx, case, case.record.round)
        declared = await declared_by(desk.tx, case, answer)
        self._password = await passwords.unwrap_for_sealing(desk.tx, desk.keyring, case.handover)
        self._segments = await segments(desk.tx, case.handover)
        record = signature_record(
            signature_base=declared.signature_base,
            signature=declared.signature,
            public_key=declared.public_key,
            alg=declared.alg,
            sha256=declared.sha256,
        )
        manifest = kept(AnswerManifest, declared.body)
        self._contents = {MANIFEST: declared.body, SIGNATURE: record, INSCRIPTION: inscription(manifest)}
        self._paths = {
            name: parcels.path(case.handover, BESIDE_FROM + n) for n, name in enumerate(self._contents)
        }

    async def finish(self) -> Whole:
        """Seal what lies beside the documents, and fix the archive's bytes."""
        for name, content in self._contents.items():
            where = self._paths[name]
            beside = await seal_bytes(
                content, name=name, password=self._password, store=self._blobs, path=where
            )
            self._beside.append((where, beside))
        documents = [(one.path, sealed(one)) for one in self._segments]
        return Whole(await parcels.made_whole(self._blobs, documents + self._beside), self._beside)

    async def abandon(self) -> None:
        """Nothing came of it: leave nothing."""
        await self._blobs.delete([where for where, _ in self._beside])
