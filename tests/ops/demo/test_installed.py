import pytest

from hub.ops.demo.installed import DemoNotInstalled, demo_group


def test_a_missing_demo_library_is_refused_with_the_command_that_installs_it() -> None:
    with pytest.raises(DemoNotInstalled) as refused, demo_group():
        raise ModuleNotFoundError(name="PIL.Image")
    assert refused.value.code == "demo.not-installed"
    assert refused.value.facts == {"missing": "PIL", "install": "uv sync --group demo"}
    assert str(refused.value) == "The demo needs `PIL`: run `uv sync --group demo` first."


def test_any_other_missing_library_is_our_own_fault() -> None:
    with pytest.raises(ModuleNotFoundError), demo_group():
        raise ModuleNotFoundError(name="no_such_library")
