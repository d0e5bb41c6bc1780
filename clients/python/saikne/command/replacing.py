"""A plan is not sent by mistake: twice, or another file than the one that was entered (method S132, S133).

Both are asked for in words. The file that counts is the newest that the hub has the digest of.
"""

from datetime import date
from typing import TYPE_CHECKING

from saikne.problems import LocalRefusal

if TYPE_CHECKING:
    from saikne_schemas.plans import SupportPlanView

_SHOWN = 12
"""How many characters of a digest people compare."""


class SentAlready(LocalRefusal):
    """The family has the plan, and its answer is awaited: another sending is asked for in words."""

    code = "plan.sent-already"
    not_now = True

    def __init__(self, on: date | None, *, asks: bool) -> None:
        super().__init__(on=on)
        self.lacks = "again" if asks else None


class OtherFile(LocalRefusal):
    """The file is not the plan that was entered, or sent before: another one is sent only if that is said."""

    code = "plan.other-file"

    def __init__(self, before: str, after: str, *, asks: bool) -> None:
        super().__init__(before=before[:_SHOWN], after=after[:_SHOWN])
        self.lacks = "other_file" if asks else None


def check_same_file(before: "SupportPlanView", sha256: str, *, other: bool | None) -> None:
    """Refuse a file that is not the plan's, unless `other` says that it is meant; None: nobody was asked."""
    was = before.content.plan_sha256
    if was != sha256 and not other:
        raise OtherFile(was, sha256, asks=other is None)
