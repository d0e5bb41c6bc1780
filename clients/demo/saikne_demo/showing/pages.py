"""What the demo's own pages say: one to begin at, the telephone, the mailboxes and one letter.

Plain forms and links, no script. Everything that came from elsewhere is escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from saikne_demo.mailboxes import Mail
from saikne_demo.phone import TextMessage
from saikne_demo.sentences import text
from saikne_demo.visitors import VISITORS
from saikne_schemas.moments import for_people

STYLE = "/style.css"


def front(speech: str, links: Mapping[str, str], hub: str, filled: Mapping[str, int]) -> str:
    """Where one begins: four people, each with a link that lets in once, and what came by phone and mail."""
    people = "".join(
        f"<li><h2>{escape(one.name)}</h2><p>{escape(text(f'look.page.{one.who}', speech))}</p>"
        f'<p><a class="go" href="{escape(links[one.who])}">{escape(text("showing.open", speech))}</a></p>'
        f'<form method="post" action="/again/{one.who}"><button>{escape(text("showing.again", speech))}'
        "</button></form></li>"
        for one in VISITORS
    )
    said = "".join(
        f"<p>{escape(line)}</p>"
        for line in (text("showing.drawn", speech, **filled), text("showing.played", speech))
    )
    api = f'<p><a href="{escape(hub)}/schema/openapi.json">{escape(text("look.api", speech))}</a></p>'
    once = f"<p>{escape(text('showing.once', speech))}</p>"
    return _page(speech, text("showing.title", speech), f"{said}{once}<ul class=people>{people}</ul>{api}")


def phone(speech: str, messages: Sequence[TextMessage]) -> str:
    """The newest first."""
    rows = "".join(
        f"<li><p class=at>{_at(one)} · {escape(one.to)}</p><p class=said>{escape(one.text)}</p></li>"
        for one in reversed(messages)
    )
    return _page(speech, text("showing.phone", speech), _list(rows, text("showing.phone.empty", speech)))


def mailboxes(speech: str, mails: Sequence[Mail]) -> str:
    """Every letter with its mailbox, the newest first."""
    rows = "".join(
        f"<li><p class=at>{_at(mail)} · {escape(', '.join(mail.recipients))}</p>"
        f'<p><a href="/mail/{n}">{escape(mail.subject)}</a></p></li>'
        for n, mail in _newest_first(mails)
    )
    return _page(speech, text("showing.mail", speech), _list(rows, text("showing.mail.empty", speech)))


def letter(speech: str, mail: Mail) -> str:
    attached = "".join(
        f"<li>{escape(one.name)} ({len(one.content):,} B)</li>".replace(",", " ") for one in mail.attachments
    )
    files = f"<h2>{escape(text('showing.attached', speech))}</h2><ul>{attached}</ul>" if attached else ""
    ways = f"{mail.sender} → {', '.join(mail.recipients)}"
    head = f"<p class=at>{_at(mail)} · {escape(ways)}</p>"
    return _page(speech, mail.subject, f"{head}<pre>{escape(mail.text)}</pre>{files}")


def _newest_first(mails: Sequence[Mail]) -> Iterable[tuple[int, Mail]]:
    return reversed(list(enumerate(mails)))


def _at(one: Mail | TextMessage) -> str:
    return escape(for_people(one.at))


def _list(rows: str, nothing: str) -> str:
    return f"<ul class=list>{rows}</ul>" if rows else f"<p>{escape(nothing)}</p>"


def _page(speech: str, title: str, body: str) -> str:
    places = (
        ("/", text("showing.title", speech)),
        ("/phone", text("showing.phone", speech)),
        ("/mail", text("showing.mail", speech)),
    )
    nav = "".join(f'<a href="{place}">{escape(name)}</a>' for place, name in places)
    return (
        f'<!doctype html><html lang="{speech}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{STYLE}"></head>'
        f"<body><nav>{nav}</nav><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
