"""Bytes as people read them."""

_MEGABYTE = 1_000_000


def size(count: int, language: str) -> str:
    if count < _MEGABYTE:
        return f"{max(1, round(count / 1000))} kB"
    shown = f"{count / _MEGABYTE:.1f} MB"
    return shown.replace(".", ",") if language == "lv" else shown
