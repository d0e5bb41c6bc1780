"""Looking at what centres deal with beside copies: every matter, one of them in words, and what is owed.

Source: design.md 3, 4; features F27. A workflow's own verbs stand in files of their own.
"""

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from saikne.command.beside import may_be_done, tell_duties, waiting
from saikne.command.connection import connected, said_once
from saikne.command.correcting import correction, tell_remedies
from saikne.command.hearing import tell_unreached
from saikne.command.manners import verb
from saikne.command.naming import WithNames, tell_names
from saikne.command.numbering import number
from saikne.command.speech import Console, known, say, word
from saikne.euros import euros
from saikne.problems import LocalRefusal
from saikne_schemas.correction_words import DespiteReason
from saikne_schemas.family_move_words import ObjectionReason, OverrideReason
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import DutyKind, Workflow

if TYPE_CHECKING:
    from saikne_schemas.matters import MatterAccepted, MatterStatement

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LISTED_ONCE = {
    DutyKind: "duty",
    DespiteReason: "despite",
    ObjectionReason: "family_move.objections.reason",
}
"""Under which words the values of lists stand wherever they are shown."""
_IN_SENTENCES = {"family_move.corrections": correction}
"""Lists of which each has a sentence of its own."""
Matter = Annotated[UUID, typer.Argument(metavar="ID", parser=number)]


class CopiesElsewhere(LocalRefusal):
    """Exchanges of copies are not in the list of matters."""

    code = "matters.copies-elsewhere"


@verb
async def matters(
    console: Console,
    *,
    workflow: Annotated[Workflow | None, typer.Option("--workflow")] = None,
) -> None:
    """Every matter of this centre, the last moved first."""
    if workflow is Workflow.COPIES:
        raise CopiesElsewhere
    async with connected() as hub:
        items = [item async for item in hub.matters(workflow)]
    if not items:
        console.tell("matters.empty")
    console.table(
        [
            [
                str(item.id),
                word("workflow", item.workflow.value),
                word(f"{item.workflow.value}.state", item.state),
                ", ".join(item.others),
                item.moved_at,
            ]
            for item in items
        ]
    )
    console.document(items)


@verb
async def matter(console: Console, matter: Matter, *, names: WithNames = False) -> None:
    """One matter in words: where it stands, what was agreed, who owes what by when."""
    from saikne_schemas.workflows import VIEWS

    async with connected() as hub:
        workflow = (await hub.matter_line(matter)).workflow
        view = await hub.matter(VIEWS[workflow], matter)
        tell_matter(console, view)
        if names:
            await tell_names(console, hub, {matter: workflow})
    console.document(view)


async def state(console: Console, statement: "MatterStatement", act: str | None = None) -> "MatterAccepted":
    """Send a statement, say where the matter stands now, and what looks wrong in what was taken.

    `act`: the verb, where another one puts right what it says.
    """
    from saikne_schemas.workflows import VIEWS

    async with connected() as hub:
        accepted = await said_once(hub.tell, statement)
        view = await hub.matter(VIEWS[accepted.workflow], accepted.matter)
    name = accepted.workflow.value
    console.tell("matter.taken", state=word(f"{name}.state", accepted.state))
    for warning in accepted.warnings:
        console.warn(f"warning.{warning}")
    tell_next(console, view)
    if act is not None:
        tell_remedies(console, view, act)
    console.document(accepted)
    return accepted


def tell_next(console: Console, view: Any) -> None:
    """What a matter waits for: the step its state asks for, and the open duties this centre sees."""
    step = f"{view.workflow.value}.next.{view.state}"
    told = say(step, matter=view.id) if known(step) else ""
    if told:
        console.line(told)
    tell_duties(console, view, told=told)
    tell_unreached(console, view)


def tell_matter(console: Console, view: Any) -> None:
    """Any workflow's view; fields that have a label in the catalogue are shown."""
    name = view.workflow.value
    console.line(f"{word('workflow', name)}  {view.id}")
    console.tell("matter.state", state=word(f"{name}.state", view.state))
    for party in view.parties:
        console.line(f"  {word(f'{name}.role', party.role)}: {party.name}")
    names = {str(party.centre): party.name for party in view.parties}
    for line in _content(name, _as_it_counts(view)):
        console.line(_ID.sub(lambda found: names.get(found[0], found[0]), line))
    for line in (*waiting(view), *may_be_done(view)):
        console.line(line)
    if view.duties:
        console.tell("matter.duties")
    tell_duties(console, view, ended=True)
    tell_remedies(console, view)


def _as_it_counts(view: Any) -> Any:
    """What was cancelled has no day any more."""
    shown = with_reason_given(view.content)
    if view.state != "cancelled" or "effective_on" not in type(shown).model_fields:
        return shown
    return shown.model_copy(update={"effective_on": None})


def with_reason_given(content: Any) -> Any:
    """A day that somebody proposed by an objection stands there with the objection's own reason."""
    standing = getattr(content, "override", None)
    if standing is None:
        return content
    meant = [
        one
        for one in content.objections
        if one.declined_on is None
        and (one.side, one.effective_on, one.objected_by)
        == (standing.side, standing.effective_on, standing.proposed_by)
    ]
    if not meant or standing.reason is not OverrideReason.ERROR_CORRECTED:
        return content
    shown = standing.model_copy(update={"reason": meant[-1].reason})
    return content.model_copy(update={"override": shown})


def _content(name: str, content: Any) -> list[str]:
    lines = []
    for field in type(content).model_fields:
        value, label = getattr(content, field), f"{name}.{field}"
        if value in (None, [], ()) or not known(label):
            continue
        if label in _IN_SENTENCES:
            lines += [f"{say(label)}:", *(f"  {_IN_SENTENCES[label](one)}" for one in value)]
        elif isinstance(value, list) and _parts_labelled(label, value[0]):
            lines += [f"{say(label)}:", *(f"  {_shown(name, field, one)}" for one in value)]
        else:
            lines.append(f"{say(label)}: {_shown(name, field, value)}")
    return lines


def _parts_labelled(label: str, one: Any) -> bool:
    """Then each of a list takes a line of its own."""
    return any(known(f"{label}.{part}") for part in getattr(type(one), "model_fields", ()))


def _shown(name: str, field: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(name, field, one) for one in value)
    if isinstance(value, bool):
        return say("word.yes" if value else "word.no")
    if field.endswith("_cents"):
        return euros(value)
    if isinstance(value, date):
        return for_people(value)
    if hasattr(type(value), "model_fields"):
        shown = {part: getattr(value, part) for part in type(value).model_fields}
        return "; ".join(
            _labelled(name, f"{field}.{part}", one) for part, one in shown.items() if one not in (None, [])
        )
    of = _LISTED_ONCE.get(type(value), f"{name}.{field}")
    return word(of, getattr(value, "value", value))


def _labelled(name: str, part: str, value: Any) -> str:
    """A part of a field, with its own label where it has one."""
    label, shown = f"{name}.{part}", _shown(name, part, value)
    return f"{say(label)}: {shown}" if known(label) else shown
