"""Whose word a confirmation is: the register's own, by its signature, or the job's, where there is no key.

Source: features N10; RFC 7515, 7638. The register signs its answer as it stands in canonical JSON; the job
carries it as it is. What is verified is about the bytes that this very attempt handed out, and says exactly
what the job says of it. A key comes from the operator, never from a header.
"""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from hub.agis.steps import RESULT_OF
from hub.kernel.refusal import Refusal
from hub.signing import compact
from hub.signing.public_key import PublicKey
from saikne_schemas.register_entries import WORD_TYPE, RegisterAnswer
from saikne_schemas.register_files import FileDamaged, read
from saikne_schemas.register_words import JobResult, RegisterOperation, RegisterResult, WordOf
from saikne_schemas.registrations import Outcome


class WordMissing(Refusal):
    """The register signs what it confirms, and this confirmation comes without."""

    code = "agis.word-missing"


class WordNotTheRegisters(Refusal):
    """Not signed by a key of the register that is in force, or not an answer at all."""

    code = "agis.word-not-the-registers"


class WordDiffers(Refusal):
    """The register has signed something else than what is reported."""

    code = "agis.word-differs"


_HEADER = frozenset({"alg", "kid", "typ"})
"""Exactly these: nothing is demanded that we do not know, and no name has room."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Whose word an outcome is."""

    of: WordOf
    word: str | None = None
    kid: str | None = None


def heard(outcome: Outcome, operation: RegisterOperation, keys: Mapping[str, PublicKey]) -> Heard:
    """For an outcome that is about what was handed out; `keys` by thumbprint, those in force."""
    if not keys:
        return Heard(WordOf.JOB)
    if outcome.word is None:
        if outcome.result is JobResult.ACKNOWLEDGED:
            raise WordMissing
        return Heard(WordOf.JOB)
    kid, answer = _answer(outcome.word, keys)
    said = RegisterAnswer(
        schema_="saikne.register-answer/1",
        key=outcome.key,
        revision=outcome.revision,
        entry_sha256=outcome.entry_sha256,
        result=_result(outcome.result, operation),
        register_id=outcome.register_id,
        registered_on=outcome.registered_on,
        reason=outcome.reason,
    )
    if answer != said:
        raise WordDiffers
    return Heard(WordOf.REGISTER, outcome.word, kid)


def _answer(word: str, keys: Mapping[str, PublicKey]) -> tuple[str, RegisterAnswer]:
    try:
        signed = compact.read(word)
        kid = str(signed.header.get("kid"))
        if signed.header.keys() != _HEADER or signed.header["typ"] != WORD_TYPE or kid not in keys:
            raise WordNotTheRegisters
        signed.by(keys[kid]).prove()
        payload = word.split(".")[1]
        return kid, read(RegisterAnswer, urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (compact.NotSigned, FileDamaged):
        raise WordNotTheRegisters from None


def _result(result: JobResult, operation: RegisterOperation) -> RegisterResult:
    if result is JobResult.ACKNOWLEDGED:
        return RESULT_OF[operation]
    if result is JobResult.REJECTED:
        return RegisterResult.REJECTED
    if result is JobResult.PENDING:
        return RegisterResult.IN_PROGRESS
    raise WordDiffers  # where the register has answered, it was sent and the answer is known
