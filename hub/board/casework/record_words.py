"""A record in words, the same on its page and on the sheet that is filed."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.board.casework.line import Happened, What
from hub.board.casework.record import RecordPage
from hub.board.speech import Speech, first_letter_large


@dataclass(frozen=True, slots=True)
class RecordWords:
    """How one language speaks of a record."""

    speech: Speech

    def state(self, page: RecordPage) -> str:
        t, state = self.speech.t, self.speech.word(page.state)
        if not page.others:
            return t("record.say.alone", state=state)
        return t("record.say", state=state, names=", ".join(page.others))

    def happened(self, one: Happened) -> tuple[str, str]:
        """What, and whose it was with the term that it met."""
        t, word = self.speech.t, self.speech.word
        match one.what:
            case What.SEALED:
                what = t("line.sealed")
            case What.PASSWORD:
                what = t("line.password", state=word(one.word))
            case What.DONE:
                what = t("line.done", what=word(one.word))
            case What.SAID:
                what = first_letter_large(word(one.word))
        if one.duty is None:
            return what, one.who
        day, late = self.speech.day(one.duty.due_on), one.duty.met_late_by
        met = t("line.late", day=day, count=late) if late else t("line.in-time", day=day)
        return what, ". ".join(filter(None, (one.who, met))) + self.speech.own(one.duty)

    def facts(self, page: RecordPage) -> Sequence[tuple[str, str, str]]:
        """Name, value, and what kind of value it is."""
        t, word, exchange = self.speech.t, self.speech.word, page.exchange
        receipt = exchange.receipt if exchange else None
        found = [
            (t("family"), page.family, "strong"),
            (t("children"), ", ".join(page.children), ""),
            *((self._role(one.role), one.name, "") for one in page.parties),
            (t("state"), word(page.state), ""),
            (t("copies-by"), word(f"way.{receipt.channel}") if receipt else "", ""),
            (
                t("password-by"),
                word(f"channel.{receipt.password_channel}") if receipt and receipt.password_channel else "",
                "",
            ),
            (t("opened"), self.speech.moment(page.opened_at), ""),
            (t("number"), str(page.id), "mono"),
        ]
        return [one for one in found if one[1]]

    def _role(self, role: str) -> str:
        if role.startswith("role."):
            return self.speech.t(role)
        return first_letter_large(self.speech.word(role))
