"""What a file of `--manifest` may say of an answer: its documents, whom they are about, who certifies them.

JSON that people write; a name that nobody reads is refused, because it was meant to say something.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from saikne.command.given import Certifier, GivenAnswer, document_from, of_the_set
from saikne.command.usage import wrong_fields
from saikne.problems import LocalRefusal
from saikne_schemas.brought import brought
from saikne_schemas.vocabulary import CaseSection, Derivative, FormType, Original


class AnswerFileUnreadable(LocalRefusal):
    """The file of `--manifest` is not what it should be."""

    code = "answer.file-unreadable"


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    def said(self) -> dict[str, Any]:
        """What was written, and nothing that was not."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class _Certification(_Written):
    officer: str | None = None
    position: str | None = None
    organisation: str | None = None
    on: date | None = None
    whole_set: bool = False


class _Document(_Written):
    path: Annotated[str, Field(min_length=1)]
    form: FormType
    subject: str
    spouse: int | None = None
    original: Original | None = None
    derivative: Derivative | None = None
    sections: Literal["all"] | list[CaseSection] = []


class _Answer(_Written):
    documents: list[_Document]
    spouses: int | None = None
    children: list[str] = []
    certification: _Certification = _Certification()


def answer_from(file: Path, certifier: Certifier) -> GivenAnswer:
    """Documents from a JSON file; paths in it are relative to it."""
    try:
        written = brought(file).document(_Answer)
        by = replace(certifier, **{name: one for name, one in written.certification.said().items() if one})
        documents = [document_from(file.parent / one.path, one.said(), by) for one in written.documents]
        return GivenAnswer(documents, written.spouses, written.children, of_the_set(documents, by))
    except ValidationError as error:
        raise AnswerFileUnreadable(path=str(file), given=f"\n{wrong_fields(error)}") from error
