"""`hub demo` where the demo's own package is not installed."""

import sys
from types import SimpleNamespace

import pytest
import typer

from hub.ops.demo import demo


def absent(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The demo is not imported yet, and on the way to it a package is found missing."""

    def find_spec(wanted: str, *_: object) -> None:
        if wanted == "saikne_demo":
            raise ModuleNotFoundError(name=name)

    for there in [one for one in sys.modules if one.partition(".")[0] == "saikne_demo"]:
        monkeypatch.delitem(sys.modules, there)
    monkeypatch.setattr(sys, "meta_path", [SimpleNamespace(find_spec=find_spec), *sys.meta_path])


def test_a_demo_that_is_not_installed_is_refused_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent(monkeypatch, "saikne_demo")
    with pytest.raises(typer.Exit) as ended:
        demo(lang="en")
    assert ended.value.exit_code == 2
    assert capsys.readouterr().err.splitlines() == [
        "The demo's packages are not installed.",
        "Install them: uv sync --group demo",
        "(demo.not-installed)",
    ]


def test_any_other_missing_library_is_our_own_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    absent(monkeypatch, "aiosmtpd")
    with pytest.raises(ModuleNotFoundError):
        demo(lang="en")
