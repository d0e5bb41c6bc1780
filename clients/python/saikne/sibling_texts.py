"""What a centre files about siblings' contact: one text for its family's case, one for each child's plan.

Source: method S120 (the case: kinds of support, further resources, specialists and institutions), S121 (each
child's plan: regularity and kinds of contact, the support given). References only: nobody is named in them.
Written on this machine from what all centres agreed on; where it is kept is the centre's own matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from saikne.court_letter import in_locative
from saikne.problems import LocalRefusal
from saikne.wording import LANGUAGES, sentence
from saikne_schemas.child_vocabulary import ContactDifficulty
from saikne_schemas.moments import for_people

if TYPE_CHECKING:
    from saikne_schemas.sibling_contacts import ArrangementView, SiblingContactView


class ContactNotAgreed(LocalRefusal):
    """Nothing is agreed on yet that could be filed."""

    code = "contact.not-agreed"


@dataclass(frozen=True)
class ContactTexts:
    case: str
    plans: dict[str, str]
    """By the child's reference."""


@dataclass(frozen=True)
class _Speech:
    language: str

    def say(self, identifier: str, **facts: object) -> str:
        return sentence(identifier, self.language, **facts)

    def words(self, of: str, values: Iterable[str]) -> str:
        return ", ".join(sentence(f"sibling_contact.{of}.{value}", self.language) for value in values)

    def on(self, day: date) -> str:
        return in_locative(day) if self.language == LANGUAGES[0] else f"On {for_people(day)}"


def contact_texts(view: "SiblingContactView", centre: UUID, language: str = LANGUAGES[0]) -> ContactTexts:
    """The texts for one of the centres, by what is agreed on now. Raises `ContactNotAgreed`."""
    contact, speech = view.content, _Speech(language)
    if contact.arrangement is None or contact.agreed_on is None:
        raise ContactNotAgreed(matter=str(view.id))
    names = {party.centre: party.name for party in view.parties}
    own = [child for one in contact.centres if one.centre == centre for child in one.children]
    others = ", ".join(
        f"{names[one.centre]} ({', '.join(one.children)})" for one in contact.centres if one.centre != centre
    )
    agreed = speech.say(
        "siblings.text.agreed",
        on=speech.on(contact.agreed_on),
        centres=", ".join(names[one.centre] for one in contact.centres),
    )
    end = speech.say("siblings.text.reference", matter=view.id)
    with_whom = speech.say("siblings.text.others", children=others)
    case = [
        speech.say("siblings.text.case"),
        agreed,
        speech.say("siblings.text.own", children=", ".join(own)),
        with_whom,
        *_circumstances(view, centre, speech),
        *_support(contact.arrangement, speech),
        end,
    ]
    shared = [agreed, with_whom, *_contact(contact.arrangement, speech), end]
    plans = {child: "\n".join([speech.say("siblings.text.plan", child=child), *shared, ""]) for child in own}
    return ContactTexts("\n".join([*case, ""]), plans)


def _circumstances(view: "SiblingContactView", centre: UUID, speech: _Speech) -> list[str]:
    """What the centres minded, and what this one has found out since (method S117, S118)."""
    contact = view.content
    lines = [speech.say("siblings.text.no-reasons")]
    if ContactDifficulty.NONE not in contact.reasons:
        lines = [speech.say("siblings.text.reasons", reasons=speech.words("reasons", contact.reasons))]
    if contact.decisions:
        lines.append(speech.say("siblings.text.decisions", decisions=", ".join(contact.decisions)))
    for found in contact.difficulties:
        if found.centre == centre:
            facts = {
                "on": speech.on(found.found_on),
                "reasons": speech.words("reasons", found.reasons),
                "support": speech.words("arrangement.support", found.support),
            }
            lines.append(speech.say("siblings.text.difficulty", **facts))
    return lines


def _support(arrangement: "ArrangementView", speech: _Speech) -> list[str]:
    support = speech.words("arrangement.support", arrangement.support)
    further = speech.say("siblings.text.no-specialists")
    if specialists := speech.words("arrangement.specialists", arrangement.specialists):
        further = speech.say("siblings.text.specialists", specialists=specialists)
    return [speech.say("siblings.text.support", support=support), further]


def _contact(arrangement: "ArrangementView", speech: _Speech) -> list[str]:
    kinds = speech.words("arrangement.kinds", arrangement.kinds)
    regularity = speech.words("arrangement.regularity", [arrangement.regularity])
    support = speech.words("arrangement.support", arrangement.support)
    return [
        speech.say("siblings.text.kinds", kinds=kinds),
        speech.say("siblings.text.regularity", regularity=regularity),
        speech.say("siblings.text.given", support=support),
    ]
