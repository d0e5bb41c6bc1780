"""What a mail server's reply means for a letter: no such address, too large, or about us.

Source: RFC 5321 4.2.2, 4.3.2 (codes by stage); RFC 3463 (enhanced status); RFC 1870 (size); RFC 7504 and 7505
(hosts and domains without mail). A letter goes to one address. Only a permanent reply that speaks of that
address ends its delivery; whatever is about the hub, its relay, size or policy passes by itself or by an
operator, and the letter is kept. Where a reply can mean both, it is read as an outage: a letter too many
hurts less than one lost.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What was being said when the reply came, or the line broke."""

    CONNECT = "connect"
    """Up to and with the server's greeting."""
    HELLO = "hello"
    TLS = "tls"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"
    """DATA, the letter itself, and the reply to its last dot."""


class Verdict(StrEnum):
    NO_SUCH_ADDRESS = "no_such_address"
    """Final: the only one that ends a delivery."""
    TOO_LARGE = "too_large"
    """A letter without its attachment may pass."""
    MAILBOX_FULL = "mailbox_full"
    NOT_NOW = "not_now"
    """Away, busy, broken off, or temporary by its own word."""
    NOT_LET_IN = "not_let_in"
    """The server does not take letters from the hub: credentials, relaying, policy, reputation."""
    NOT_TAKEN = "not_taken"
    """Permanent by its own word, and not about the address."""


ANY = frozenset(Stage)
_PERMANENT = range(500, 600)
_ENVELOPE = frozenset({Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT})
_OF_ADDRESS = frozenset({Stage.RECIPIENT, Stage.CONTENT})
"""A letter has one recipient, so a late reply to it can only speak of that one; one to MAIL never does."""


@dataclass(frozen=True, slots=True)
class Row:
    """The first row that fits decides. `status`: enhanced; `codes`: of replies that have none."""

    stages: frozenset[Stage]
    verdict: Verdict
    status: str | None = None
    codes: frozenset[int] | None = None
    about_us: bool | None = None
    """Whether the words of a bare reply speak of the hub, where it matters."""


REPLIES = (
    Row(ANY - _ENVELOPE, Verdict.NOT_LET_IN),
    # by enhanced status: no such mailbox, system, syntax, ambiguous, moved, null MX; disabled
    Row(_OF_ADDRESS, Verdict.NO_SUCH_ADDRESS, status=r"5\.1\.(?:1|2|3|4|6|10)|5\.2\.1"),
    Row(_OF_ADDRESS, Verdict.MAILBOX_FULL, status=r"5\.2\.2"),
    Row(_ENVELOPE, Verdict.TOO_LARGE, status=r"5\.2\.3|5\.3\.4"),
    Row(ANY, Verdict.NOT_LET_IN, status=r"5\.7\.\d+"),
    Row(ANY, Verdict.NOT_NOW, status=r"4\.\d+\.\d+"),
    Row(ANY, Verdict.NOT_TAKEN, status=r"5\.\d+\.\d+"),
    # by code alone
    Row(ANY, Verdict.NOT_LET_IN, codes=frozenset({530, 534, 535, 538, 571})),
    Row(frozenset({Stage.RECIPIENT}), Verdict.MAILBOX_FULL, codes=frozenset({552})),
    Row(frozenset({Stage.SENDER, Stage.CONTENT}), Verdict.TOO_LARGE, codes=frozenset({552})),
    Row(
        frozenset({Stage.RECIPIENT}),
        Verdict.NO_SUCH_ADDRESS,
        codes=frozenset({550, 551, 553, 556}),
        about_us=False,
    ),
    Row(ANY, Verdict.NOT_TAKEN),
)

_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?![\d.])|.*\(#([245]\.\d{1,3}\.\d{1,3})\)", re.DOTALL)
"""At the beginning (RFC 2034), or at the end in brackets, as qmail writes it."""
_ABOUT_US = re.compile(
    r"relay|rcpthosts|polic|spam|junk|block|blacklist|listed|reputation|spf\b|dkim|dmarc|rbl|dns|helo|ehlo"
    r"|sender|client|auth|log ?in|tls\b|encrypt|denied|prohibit|not permitted|rate|limit|too many|too large"
    r"|quota|\bfull\b|storage|temporar|try again|later|size",
    re.IGNORECASE,
)
"""A bare 550 may mean "mailbox not found", or "command rejected for policy reasons" (RFC 5321 4.2.3)."""


def verdict(stage: Stage, code: int | None = None, words: str = "") -> Verdict:
    """Of a reply that is no success; without a code: none came, or the line broke."""
    if code is None or code not in _PERMANENT:
        return Verdict.NOT_NOW
    status = enhanced(words)
    for row in REPLIES:
        if stage in row.stages and _fits(row, status, code, words):
            return row.verdict
    raise AssertionError("the last row fits everything")


def enhanced(words: str) -> str | None:
    """The enhanced status of a reply by its words."""
    found = _ENHANCED.match(words)
    return (found[1] or found[2]) if found else None


def _fits(row: Row, status: str | None, code: int, words: str) -> bool:
    if row.status is not None:
        return status is not None and re.fullmatch(row.status, status) is not None
    if row.codes is not None:
        return code in row.codes and row.about_us in {None, bool(_ABOUT_US.search(words))}
    return True
