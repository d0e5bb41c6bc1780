"""Two kinds of bad news a caller can act on: the rules say no, or something outside is down.

Anything else that is raised is our bug and fails loudly. Which HTTP status a code gets is decided in
`web.problems`, which sentence people read in `wording`.
"""

from datetime import timedelta
from typing import ClassVar

Fact = str | int | bool | list[str] | list[int] | None


class Refusal(Exception):  # noqa: N818  # the trade's word; errors are our own faults
    """The rules say no. `code` is public and permanent; `facts` are safe to show to the caller."""

    code: ClassVar[str]

    def __init__(self, **facts: Fact) -> None:
        super().__init__(self.code)
        self.facts = facts


class TooMuch(Refusal):
    """More than the caller's share: not now. The same call may be taken later; nothing was changed."""

    def __init__(self, retry_after: timedelta, **facts: Fact) -> None:
        super().__init__(**facts)
        self.retry_after = retry_after


class Outage(Exception):  # noqa: N818  # as above
    """Something outside the hub did not answer; the same call may succeed later. Nothing was changed."""

    code: ClassVar[str]
    retry_after: ClassVar[timedelta] = timedelta(seconds=5)

    def __init__(self, **facts: Fact) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def kind(self) -> str:
        """What is written beside a promise that waits for it: for an operator, and never anybody's words."""
        return self.code


class OutageOf(Outage):
    """One whose facts say what of it is away, and how: `mail.unavailable not_let_in login 535 5.7.8`."""

    @property
    def kind(self) -> str:
        return " ".join([self.code, *(str(fact) for fact in self.facts.values())])
