"""What a mail server's reply means for a letter: no such address, too large, or about us.

Source: RFC 5321 4.2.2, 4.3.2 (codes by stage); RFC 3463 (enhanced status); RFC 1870 (size); RFC 7504 and 7505
(hosts and domains without mail). A letter goes to one address. Only a permanent reply that speaks of that
address ends its delivery; whatever is about the hub, its relay, size or policy passes by itself or by an
operator, and the letter is kept. Where a reply can mean both, it is read as an outage: a letter too many
hurts less than one lost.
"""

import re
from collections.abc import Callable
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


_ADDRESSES = re.compile(r"<[^>]*>|\S+@\S+")
"""A server repeats them; what they are made of means nothing."""
_ABOUT_US = re.compile(
    r"relay|rcpthosts|polic|spam|junk|block|blacklist|listed|reputation|spf\b|dkim|dmarc|rbl|dns|helo|ehlo"
    r"|sender|client|auth|log ?in|tls\b|encrypt|denied|prohibit|forbidden|permitted|\brate\b|limit"
    r"|too (?:many|much|fast|large|quick)|quota|\bfull\b|storage|temporar|try again|later|size|\bip\b|ptr\b"
    r"|reverse|verif|callout|callback|virus|internal|unreachable|time[d ]*out|maintenance|\bfrom\b",
    re.IGNORECASE,
)
"""Even a status or a phrase that is the address's own may stand in a reply about us: "5.2.1 … at a rate"."""
_WHO = r"(?:user|mailbox|recipient|address|account|addressee|person|customer)"
_NOBODY = re.compile(
    rf"(?:no such|no|not a|not a valid|unknown|invalid|bad|non-?existent|unroute?able|disabled|inactive)"
    rf"\W+(?:local |valid |known |active |destination |email |e-mail |mail )*{_WHO}\b"
    rf"|{_WHO}s?(?: name)?\W+(?:is |was |has been |does |here )*"
    r"(?:unknown|not found|unavailable|not available|not known|not exist|doesn.t exist|invalid|not valid"
    r"|disabled|inactive|not local|not allowed|unroute?able)\b"
    r"|(?:nobody|no one)\W+(?:here|by|with)|domain does not accept mail",
    re.IGNORECASE,
)
"""A bare 550 may mean "mailbox not found", or "command rejected for policy reasons" (RFC 5321 4.2.3): the
first is believed only of one that says so in words."""


@dataclass(frozen=True, slots=True)
class Row:
    """The first row that fits decides. `status`: enhanced; `codes`: of replies that have none."""

    stages: frozenset[Stage]
    verdict: Verdict
    status: str | None = None
    codes: frozenset[int] | None = None
    of_words: Callable[[str], bool] | None = None
    """Of what is said beside the numbers, where it matters."""


def _about_us(words: str) -> bool:
    return _ABOUT_US.search(_ADDRESSES.sub("", words)) is not None


def _nobody_there(words: str) -> bool:
    return _NOBODY.search(_ADDRESSES.sub("", words)) is not None and not _about_us(words)


def _not_about_us(words: str) -> bool:
    return not _about_us(words)


REPLIES = (
    Row(ANY - _ENVELOPE, Verdict.NOT_LET_IN),
    # by enhanced status: no such mailbox, system, syntax, ambiguous, moved, null MX; disabled
    Row(
        _OF_ADDRESS,
        Verdict.NO_SUCH_ADDRESS,
        status=r"5\.1\.(?:1|2|3|4|6|10)|5\.2\.1",
        of_words=_not_about_us,
    ),
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
        of_words=_nobody_there,
    ),
    Row(ANY, Verdict.NOT_TAKEN),
)

_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?![\d.])|.*\(#([245]\.\d{1,3}\.\d{1,3})\)", re.DOTALL)
"""At the beginning (RFC 2034), or at the end in brackets, as qmail writes it."""


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
    if row.status is not None and (status is None or not re.fullmatch(row.status, status)):
        return False
    if row.codes is not None and code not in row.codes:
        return False
    return row.of_words is None or row.of_words(words)
