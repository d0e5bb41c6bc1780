"""How an answer on paper is shown: what it holds, how it went, and what was put right about it."""

from saikne_schemas.correction_words import ItemCorrected
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.vocabulary import Authority, FormType, PostalOutcome
from saikne_schemas.wire import Day, Stated, View


class PaperDocumentView(View):
    no: int
    form: FormType
    subject: Stated
    spouse: int | None = None
    pages: int


class ItemCorrection(View):
    """A registered item's number that was told wrongly, and the right one."""

    round: int
    before: str
    after: str
    reason: ItemCorrected
    corrected_on: Day


class PaperView(View):
    """An answer on paper: what it holds, and how it went to the new centre."""

    documents: list[PaperDocumentView]
    handed_over_to: AuthorisedPerson | None = None
    authority: Authority | None = None
    item_number: str | None = None
    """Of the registered item."""
    item_number_checked: bool | None = None
    """False where the number has another form than UPU S10 or its check digit differs: look again."""
    sent_on: Day | None = None
    """The day of the hand-over or of the posting, as the holder states it."""
    outcome: PostalOutcome | None = None
    outcome_on: Day | None = None
    items_corrected: list[ItemCorrection] = []
    """The oldest first."""
