"""What the job tells while it runs: a closed list of events, for people, programs, logs and figures alike.

Nothing of an entry's content is told: key, revision, result and what is the matter.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    CLAIMED = "claimed"
    DELIVERED = "delivered"
    """One attempt has come to an end."""
    TAKEN = "taken"
    """The hub has taken an outcome, or says by `refused` why it changes nothing."""
    HUB_AWAY = "hub_away"
    HUB_BACK = "hub_back"
    REGISTER_AWAY = "register_away"
    REGISTER_BACK = "register_back"
    ODD_FILE = "odd_file"
    """Something lies in a folder that is none of ours; told once, by the shape of its name."""
    NOT_SETTLED = "not_settled"
    """The register's files could not be cleared away; nothing depends on it."""
    WAITING = "waiting"
    STOPPING = "stopping"
    FAULT = "fault"
    """An error of the job's own."""


@dataclass(frozen=True)
class Event:
    kind: Kind
    facts: dict[str, object] = field(default_factory=dict)
    error: BaseException | None = None


Tell = Callable[[Event], None]


@dataclass
class Summary:
    """What a run did."""

    claimed: int = 0
    results: dict[str, int] = field(default_factory=dict)
    not_taken: int = 0
    """Outcomes that the hub did not need any more."""
    for_a_person: dict[str, int] = field(default_factory=dict)
    """What waiting alone will hardly help, by what is the matter."""
    odd_files: int = 0
    """What lies about in the register's folders and is none of ours."""
    register_away: str | None = None
    """What was the matter with the register when the run ended."""

    def count(self, event: Event) -> None:
        facts = event.facts
        if event.kind is Kind.CLAIMED:
            self.claimed += int(str(facts["tasks"]))
        elif event.kind is Kind.DELIVERED:
            _add(self.results, str(facts["result"]))
            if facts.get("for_a_person"):
                _add(self.for_a_person, str(facts["trouble"]))
        elif event.kind is Kind.TAKEN and facts.get("refused"):
            self.not_taken += 1
        elif event.kind is Kind.ODD_FILE:
            self.odd_files += 1
        elif event.kind is Kind.REGISTER_AWAY:
            self.register_away = str(facts["trouble"])
        elif event.kind is Kind.REGISTER_BACK:
            self.register_away = None


def _add(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1
