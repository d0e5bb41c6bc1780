"""The children that an answer is about; what nobody asked for is not sent by a slip of the keyboard.

Source: method S47-S55, S78: copies are of the family and of its placed children. A number that the
request does not name may be another family's; that such a child is placed there too is said by `--child`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from saikne.problems import LocalRefusal

if TYPE_CHECKING:
    from saikne.answer import AnswerFile
    from saikne_schemas.paper import PaperDocument
    from saikne_schemas.views import ExchangeView


class ChildNotAsked(LocalRefusal):
    """A document of a child that the request does not name; nothing was sent."""

    code = "answer.child-not-asked"


def placed(
    view: "ExchangeView", documents: "Sequence[AnswerFile | PaperDocument]", named: Sequence[str]
) -> list[str]:
    """Those named by `--child`, else those the request names; where it names none, those with an IAP here.

    Refuses a document whose subject is none of them, nor the family itself.
    """
    added = view.supplement.children if view.supplement else []
    asked = list(dict.fromkeys([*view.children, *added]))
    if asked:
        known = {view.family, *asked, *named}
        foreign = list(dict.fromkeys(one.subject for one in documents if one.subject not in known))
        if foreign:
            told = " ".join(f"--child {one}" for one in dict.fromkeys([*(named or asked), *foreign]))
            raise ChildNotAsked(child=", ".join(foreign), asked=", ".join(asked), given=told)
    with_plan = [one.subject for one in documents if one.form.value == "iap"]
    return list(dict.fromkeys(named or [*view.children, *with_plan]))
