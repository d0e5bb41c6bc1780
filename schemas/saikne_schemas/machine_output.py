"""What commands print that no person waits for: the register's job, and the operator's list of promises."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from saikne_schemas.reconciliation import ExtractTaken
from saikne_schemas.wire import View


class Reached(View):
    """One line for each side that can be reached."""

    hub: Literal["reached"] | None = None
    register_: Literal["reached"] | None = Field(default=None, alias="register")


class PageTaken(ExtractTaken):
    event: Literal["page"]


class JobEvent(View):
    """What happens while the job runs; `event` says what, other members depend on it."""

    event: str


class JobSummary(View):
    """The last line."""

    event: Literal["summary"]
    claimed: int
    results: dict[str, int]
    not_taken: int
    for_a_person: dict[str, int]
    register_away: str | None


class JobFailed(View):
    """A promise that nobody keeps until a person has looked."""

    state: Literal["failed"]
    number: int
    job: str
    payload: dict[str, Any]
    """Identifiers."""
    why: str
    promised_at: datetime


class JobWaiting(View):
    """A promise that is tried again by itself, or that no worker has taken up (`not-taken-up`)."""

    state: Literal["waiting"]
    number: int
    job: str
    payload: dict[str, Any]
    why: str
    promised_at: datetime
    tries: int
    since: datetime
    again_at: datetime
    for_a_person: bool
    """It has waited for a day."""


class WayMissing(View):
    """A way out that the settings of this very command do not have; the workers may have others."""

    state: Literal["no-way-out"]
    way: Literal["mail", "sms"]
    setting: str
