"""How a command ends that could not do its work: a sentence that says what to do next, and an exit code.

Exit codes are those of all commands (`saikne_schemas.command_line`). What is not recognised here is our bug
and fails loudly.
"""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, get_args

import typer

from hub.kernel.refusal import Outage, Refusal
from hub.ops.console import LANGUAGE_VARIABLE, fail, plain, say
from hub.plumbing.unfit import Unfit
from saikne_schemas.brought import FileFaulty
from saikne_schemas.command_line import Exit, wished_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from asyncpg import PostgresError
    from pydantic_core import ErrorDetails

_DEEPEST_CAUSE = 5
SETTING = "setting"
"""A fact of an outage: which setting names what is away."""
_OF_THE_SETTINGS = frozenset({"database.not-proven"})
"""To a process that waits an outage; to a command bad input: the same again ends the same."""


class LoginRefused(Exception):  # noqa: N818  # news, no fault of ours
    """The database lets this login in, but not do what makes a database the hub's."""


@contextmanager
def told(speech: str) -> "Iterator[None]":
    """Bad news from inside the block is told as sentences, and the command ends."""
    try:
        yield
    except typer.Exit:
        raise  # told already
    except Exception as news:
        _tell(news, speech)
        raise


def ending_well(command: "Callable[[], None]", words: list[str]) -> None:
    """Run a whole command line; what went wrong outside of `told` is told here."""
    try:
        with told(wished_language(words, os.environ, LANGUAGE_VARIABLE)):
            command()
    except typer.Exit as ended:
        sys.exit(ended.exit_code)


def refuse(news: Refusal | Outage, speech: str) -> NoReturn:
    """What is wrong, what to do next, and where."""
    from hub.wording.catalogue import sentence

    if news.code == "database.unavailable":  # its own sentence is for those who call the hub
        setting = news.facts.get(SETTING, "HUB_DATABASE_URL")
        fail(say("ops.database-away", speech, setting=setting), Exit.OUT_OF_REACH)
    words = sentence(news.code, speech)
    detail = (words.detail or "").format(**news.facts)
    untold = news.facts if detail == (words.detail or "") else {}
    facts = [f"  {name}: {plain(value)}" for name, value in untold.items() if value]
    lines = "\n".join([words.title, *([detail] if detail else []), *facts, f"({news.code})"])
    again = isinstance(news, Outage) and news.code not in _OF_THE_SETTINGS
    fail(lines, Exit.OUT_OF_REACH if again else Exit.BAD_INPUT)


def why(trouble: OSError) -> str:
    """What the system says, without the detail that a library put into its words."""
    number = trouble.errno or 0
    return os.strerror(number) if number > 0 else str(trouble.strerror or trouble)


def _tell(news: Exception, speech: str) -> None:
    if isinstance(news, Refusal | Outage):
        refuse(news, speech)
    if isinstance(news, FileFaulty):
        code = f"{news.code}.{news.why.value}"
        fail(f"{say(code, speech, path=plain(news.path), place=plain(news.place))}\n({code})")
    if wrong := _wrong_settings(news, speech):
        told_of = [
            say("ops.settings-wrong", speech, names=", ".join(dict.fromkeys(name for name, _ in wrong)))
        ]
        fail("\n".join([*told_of, *(f"  {name}: {takes}" for name, takes in wrong if takes)]))
    if isinstance(news, LoginRefused):
        fail(say("ops.database-refused", speech, why=plain(str(news))))
    if (refused := refused_by_database(news)) is not None:
        _tell_of_database(refused, speech)
    if isinstance(news, subprocess.CalledProcessError):  # of the database that comes with the hub
        program = Path(news.cmd[0]).name if isinstance(news.cmd, tuple) else str(news.cmd)
        fail(say("ops.database-not-started", speech, program=program))
    if isinstance(news, OSError) and news.filename is not None:
        fail(say("ops.file-trouble", speech, path=plain(news.filename), why=why(news)))
    if isinstance(news, OSError):  # nothing else is connected to from here without a catch of its own
        from hub.plumbing.database import DatabaseUnavailable

        refuse(DatabaseUnavailable(), speech)


def _wrong_settings(news: Exception, speech: str) -> list[tuple[str, str]]:
    """The variables whose value does not fit, each with what is taken; never the value: it may be secret."""
    if isinstance(news, Unfit):
        return [(news.facts[SETTING], _takes(news, speech))]
    if not isinstance(news, ValueError):
        return []
    from pydantic import ValidationError  # there by now, if it is one

    from hub.settings import Settings

    if not isinstance(news, ValidationError) or news.title != Settings.__name__:
        return []
    kinds = {name: field.annotation for name, field in Settings.model_fields.items()}
    wrong = [(str(error["loc"][0]), error) for error in news.errors(include_url=False, include_input=False)]
    return [(f"HUB_{name.upper()}", _rule(error, kinds[name], speech)) for name, error in wrong]


def _rule(error: "ErrorDetails", kind: Any, speech: str) -> str:
    """What the settings take: a rule of their own, or one of the library's."""
    context = error.get("ctx", {})
    if isinstance(unfit := context.get("error"), Unfit):
        return _takes(unfit, speech)
    if error["type"] == "enum":
        choices = next(iter(get_args(kind)), kind)
        return say("settings.takes.one_of", speech, choices=", ".join(choices))
    if error["type"] == "greater_than_equal":
        return say("settings.takes.at_least", speech, least=context["ge"])
    if error["type"].startswith("bool_"):
        return say("settings.takes.true_or_false", speech)
    if error["type"].startswith("int_"):
        return say("settings.takes.whole_number", speech)
    return say("settings.takes.duration", speech) if error["type"].startswith("time_delta") else ""


def _takes(unfit: Unfit, speech: str) -> str:
    facts = {name: plain(fact) for name, fact in unfit.facts.items()}
    return say(f"settings.takes.{unfit.takes}", speech, **facts)


def refused_by_database(news: BaseException | None) -> "PostgresError | None":
    """What the server itself said, under the driver's and the toolkit's wrappings."""
    from asyncpg import PostgresError

    for _ in range(_DEEPEST_CAUSE):
        if news is None or isinstance(news, PostgresError):
            return news
        news = getattr(news, "orig", None) or news.__cause__
    return None


def _tell_of_database(refused: "PostgresError", speech: str) -> None:
    """Roles or tables that are missing, or a login that may not do this; the rest is our bug.

    What ends a session while it begins (FATAL) is said of the role that every session of ours begins in.
    """
    import asyncpg

    begun = refused.severity_en != "FATAL"
    if isinstance(
        refused, (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.UndefinedObjectError)
    ) or (isinstance(refused, asyncpg.InvalidParameterValueError) and not begun):
        fail(say("ops.not-migrated", speech))
    if isinstance(
        refused, (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)
    ) or (isinstance(refused, asyncpg.InsufficientPrivilegeError) and not begun):
        fail(say("ops.database-refused", speech, why=plain(str(refused))))
