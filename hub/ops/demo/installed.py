"""Whether the demo's own libraries are here: a production installation leaves them out."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.kernel.refusal import Refusal

DEMO_GROUP = frozenset({"PIL", "agis_sync", "aiosmtpd", "saikne", "typst"})


class DemoNotInstalled(Refusal):
    code = "demo.not-installed"

    def __str__(self) -> str:
        return f"The demo needs `{self.facts['missing']}`: run `{self.facts['install']}` first."


@contextmanager
def demo_group() -> Iterator[None]:
    """Around the import of a demo library: say which command installs it when it is not there."""
    try:
        yield
    except ModuleNotFoundError as absent:
        missing = (absent.name or "").partition(".")[0]
        if missing not in DEMO_GROUP:
            raise
        raise DemoNotInstalled(missing=missing, install="uv sync --group demo") from absent
