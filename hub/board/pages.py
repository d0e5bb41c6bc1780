"""Pages are made here: templates that refuse an unknown word, and headers that let nothing in from elsewhere.

Source: board.md 5. Nothing inline, nothing foreign, no framework: the policy forbids what the pages do not
use. A page is complete without scripts.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("hub.board"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["still"] = address_of
    return made


def page(template: str, facts: Mapping[str, object]) -> str:
    return _environment().get_template(f"{template}.html").render(facts)


@cache
def stills() -> Mapping[str, tuple[str, bytes, str]]:
    """What does not change while the hub runs, by name: its digest, itself, and its media type."""
    found = [*(HERE / "style").iterdir(), *(HERE / "scripts").iterdir()]
    return {
        one.name: (hashlib.sha256(content := one.read_bytes()).hexdigest()[:16], content, KINDS[one.suffix])
        for one in found
    }


def address_of(name: str) -> str:
    """With the digest in it, so that a browser keeps it for ever and a new one is another."""
    return f"/still/{stills()[name][0]}/{name}"
