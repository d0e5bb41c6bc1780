"""What a step of the demo claims has to hold, or the story ends there."""


class DidNotHold(AssertionError):  # noqa: N818  # says what happened
    """A step's claim is not true."""


def hold(claim: bool, what: str) -> None:  # noqa: FBT001  # reads as a sentence
    if not claim:
        raise DidNotHold(what)
