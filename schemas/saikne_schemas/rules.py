"""A rule of the wire documents that something breaks: its name, and what programs are told of it."""


class Broken(ValueError):  # noqa: N818  # a rule is broken; pydantic tells a ValueError, and whose it is
    """What people are told goes by `rule`, whatever `says` says."""

    def __init__(self, rule: str, says: str) -> None:
        super().__init__(says)
        self.rule = rule
