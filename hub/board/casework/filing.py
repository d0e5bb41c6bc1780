"""A record as a sheet to be filed: what its page says, as PDF/A-2a and PDF/UA-1. Source: board.md 7."""

from datetime import datetime

from hub.board.casework.record import RecordPage
from hub.board.casework.record_words import RecordWords
from hub.board.pages import HERE
from hub.board.speech import Speech, first_letter_large
from hub.kernel.clock import riga_day
from hub.kernel.refusal import Refusal
from saikne_schemas.marking import MARKING
from saikne_schemas.typesetting import NoFontHas, typeset

_TEMPLATE = HERE / "filed" / "record.typ"


class NotToBeSet(Refusal):
    """No font has a character of what is said: a sheet shows all of it or is none."""

    code = "board.not-to-be-set"


def sheet(page: RecordPage, speech: Speech, hub: str, moment: datetime) -> bytes:
    """Work for a thread: a third of a second."""
    t, say = speech.t, RecordWords(speech)
    marking, _, basis = MARKING.partition("\n")
    said = {
        "language": speech.language,
        "marking": marking,
        "marking_basis": basis,
        "title": f"{t(f'title.{page.about}')}: {page.called}",
        "state": say.state(page),
        "facts": [[name, value] for name, value, _ in say.facts(page)],
        "owed": {
            "title": t("record.owed"),
            "heads": [t(f"column.{one}") for one in ("owed", "by", "due")],
            "rows": [
                [
                    first_letter_large(speech.word(f"duty.{one.duty.kind}")) + speech.own(one.duty),
                    one.duty.owner_name,
                    speech.day(one.duty.due_on),
                ]
                for one in page.owed
            ],
        },
        "documents": {
            "title": t("documents"),
            "heads": [t("sheet.form"), t("sheet.about"), t("state")],
            "rows": _documents(page, speech),
        },
        "line": {
            "title": t("record.line"),
            "heads": [t("sheet.when"), t("sheet.what"), t("sheet.whose")],
            "rows": [[speech.moment(one.at), *say.happened(one)] for one in page.line],
        },
        "footing": t("sheet.made", moment=speech.moment(moment), hub=hub),
        "of": t("sheet.of"),
    }
    try:
        return typeset(_TEMPLATE, said, riga_day(moment))
    except NoFontHas as lacking:
        raise NotToBeSet from lacking


def _documents(page: RecordPage, speech: Speech) -> list[list[str]]:
    answer = page.exchange.answer if page.exchange else None
    return [
        [
            first_letter_large(speech.word(f"form.{one.form}")),
            one.subject,
            speech.t("document.sealed" if one.sealed_at else "document.awaited"),
        ]
        for one in (answer.documents if answer else ())
    ]
