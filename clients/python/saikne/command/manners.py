"""What every verb of the command has in common: `--json`, `--lang`, help in two languages, and its end.

A verb is a function that gets a `Console` first; `verb` gives it the common options and turns bad news into
sentences and exit codes. Help texts are written as identifiers and read in the language of the run.
"""

import asyncio
import atexit
import errno
import functools
import gc
import inspect
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand
from typer.exceptions import TyperException

from saikne.command.choices import closed
from saikne.command.connection import sent_anew
from saikne.command.helping import headings_in_words, put_into_words
from saikne.command.instead import tell_what_helps
from saikne.command.numbering import Beginning, refuse_unknown, with_whole_numbers
from saikne.command.questions import answer_to, answerable, as_typed, asked, lacking, left, spoken_already
from saikne.command.speech import Console, known, say, speak_from, speak_in
from saikne.command.usage import KnowsItsVerbs, usage_in_words, wrong_fields
from saikne.problems import FileRefused, HubRefusal, LocalRefusal, SaikneProblem
from saikne.wording import CATALOGUE
from saikne.worker import ANSWERED, Profile
from saikne_schemas.brought import FileFaulty
from saikne_schemas.catalogue import LANGUAGES, Catalogue
from saikne_schemas.command_line import (
    EndsQuietly,
    Exit,
    language_of,
    speak_legibly,
    version_line,
    wished_language,
    without_language,
)

_JSON = inspect.Parameter(
    "as_json",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option("--json")],
)
_LANG = inspect.Parameter(
    "lang",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[str | None, typer.Option("--lang", metavar="|".join(LANGUAGES))],
)
_MADE_BY_A_START = 100_000
"""Objects, about half of them."""


class InputRefused(LocalRefusal):
    """What was given does not fit a wire document; `given` names each field and what it should be."""

    code = "input.refused"


class DiskProblem(LocalRefusal):
    """A file could not be read or written."""

    code = "disk.problem"


class DiskFull(LocalRefusal):
    """There is no room left; nothing half-written stays behind."""

    code = "disk.full"


def verb(function: Callable[..., Awaitable[None] | None]) -> Callable[..., None]:
    """Make a verb of the command; its first parameter is the console."""
    signature = inspect.signature(function, eval_str=True)
    parameters = [*map(closed, list(signature.parameters.values())[1:]), _JSON, _LANG]

    @functools.wraps(function)
    def run(*, as_json: bool, lang: str | None, **given: Any) -> None:
        if lang is not None:
            speak_in(language_of(lang))
        console = Console(as_json=as_json)
        try:
            with _telling_apart():
                _run(function, console, given)
        except SaikneProblem as problem:
            code = console.problem(problem)
            tell_what_helps(console, problem, given)
            raise typer.Exit(code) from problem
        except KeyboardInterrupt:
            raise typer.Exit(console.interrupted()) from None

    run.__signature__ = signature.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _run(function: Callable[..., Awaitable[None] | None], console: Console, given: dict[str, Any]) -> None:
    """Run a verb; begin it again with what it lacks, where somebody can be asked for it.

    Once also by itself: where a file was a proof of something else, with the file sent as a new one.
    """
    anew = False
    while True:
        try:
            if any(isinstance(value, Beginning) for value in given.values()):
                given = asyncio.run(with_whole_numbers(given))
            outcome = function(console, **given)
            if inspect.isawaitable(outcome):
                asyncio.run(_finish(outcome))
        except (LocalRefusal, HubRefusal) as refused:
            if not anew and (anew := sent_anew(refused)):
                continue
            wanted = lacking(refused, given)
            if wanted is None:
                raise
            if said := spoken_already(wanted):
                given = {**given, wanted: said}
                continue
            if not answerable(as_json=console.as_json):
                raise
            console.refused(refused)
            given = {**given, **answer_to(wanted, left(refused))}
        else:
            break


@contextmanager
def _telling_apart() -> Iterator[None]:
    """Errors of input and disk become refusals; everything else stays a bug."""
    try:
        yield
    except FileFaulty as error:
        raise FileRefused.because(error) from error
    except (TimeoutError, ConnectionError):
        raise
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        path = str(error.filename or "")
        raise (DiskFull(path=path) if full else DiskProblem(path=path, given=_why(error))) from error
    except ValueError as error:
        from pydantic import ValidationError  # there by now, if it is one

        if not isinstance(error, ValidationError):
            raise
        raise InputRefused(given=wrong_fields(error)) from error


def _why(error: OSError) -> str | None:
    """What the disk says, in the language of the run where we have the sentence."""
    identifier = f"disk.why.{errno.errorcode.get(error.errno or 0)}"
    return say(identifier) if known(identifier) else error.strerror


async def _finish(outcome: Awaitable[None]) -> None:
    await outcome


class SaikneCommand(TyperCommand):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        put_into_words(self)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typed, or as answered where something is missing and somebody can be asked."""
        from typer._click.exceptions import MissingParameter  # where typer keeps the types of what it raises

        words = list(args)
        self._know_who_works_here(ctx)
        while True:
            try:
                left: list[str] = super().parse_args(ctx, list(words))
            except MissingParameter as missing:
                parameter: Any = missing.param
                if said := spoken_already(parameter.name):
                    several = said if isinstance(said, list) else [said]
                    words = as_typed(parameter, list(map(str, several)), words)
                    continue
                if ctx.resilient_parsing or not answerable(as_json="--json" in args):
                    raise self._with_all_that_lack(ctx, words, missing) from None
                words = as_typed(parameter, asked(parameter, ctx), words)
            else:
                return left

    def _with_all_that_lack(self, ctx: Any, words: list[str], missing: Any) -> Any:
        """The same news, with everything that is missing: nobody is sent back for one thing after another.

        Unless what was given is of nothing: then that is told first.
        """
        first, lacking = missing, []
        try:
            while missing is not None:
                lacking.append(missing.param)
                missing.param.required = False
                missing = self._next_missing(ctx, words)
        finally:
            for one in lacking:
                one.required = True
        asyncio.run(refuse_unknown(ctx.params))
        first.lacking = lacking
        return first

    def _next_missing(self, ctx: Any, words: list[str]) -> Any:
        """None too where what was given does not fit: that is told when nothing is missing."""
        from typer._click.exceptions import MissingParameter  # as above

        try:
            super().parse_args(ctx, list(words))
        except MissingParameter as missing:
            return missing
        except TyperException:
            return None
        return None

    def _know_who_works_here(self, ctx: Any) -> None:
        """What the profile answers needs no typing; what is typed goes before it."""
        if ANSWERED.isdisjoint(parameter.name for parameter in self.params):
            return
        ctx.default_map = {**Profile.at().answers(), **(ctx.default_map or {})}

    def get_help(self, ctx: Any) -> str:
        return headings_in_words(super().get_help(ctx))


class PassesOn(SaikneCommand):
    """Its own options come first; what stands behind them is another verb with its options."""

    allow_interspersed_args = False
    ignore_unknown_options = True


class SaikneGroup(EndsQuietly, KnowsItsVerbs):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        put_into_words(self)

    def get_help(self, ctx: Any) -> str:
        put_into_words(self)  # the options for completion came after all others
        return headings_in_words(super().get_help(ctx))


def group(help_identifier: str, *, completes: bool = False) -> typer.Typer:
    """Verbs under one name; help by `-h` too."""
    return typer.Typer(
        cls=SaikneGroup,
        help=help_identifier,
        no_args_is_help=True,
        rich_markup_mode=None,
        add_completion=completes,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def tells_its_version(app: typer.Typer, command: str, distribution: str) -> None:
    """Give a command the option `--version`."""

    def tell(*, asked: bool) -> None:
        if asked:
            print(version_line(command, distribution))
            raise typer.Exit

    @app.callback()
    def _start(
        *, version: Annotated[bool, typer.Option("--version", callback=tell, is_eager=True)] = False
    ) -> None:
        del version  # told before anything else is looked at


def run_command(
    application: Callable[[], typer.Typer],
    name: str,
    arguments: Sequence[str] | None,
    *,
    catalogue: Catalogue = CATALOGUE,
    by_line: bool = False,
) -> NoReturn:
    """Run a whole command line to its exit code, and say what ended it; `by_line`: a JSON document a line."""
    _start_at_once()
    given = list(sys.argv[1:] if arguments is None else arguments)
    speak_legibly(given)
    speak_from(catalogue)
    speak_in(wished_language(given, os.environ, "SAIKNE_LANG"))
    console = Console(as_json="--json" in given)
    if by_line:
        console.indent = None
    try:
        code = application()(without_language(given), prog_name=name, standalone_mode=False)
    except TyperException as wrong:
        code = console.wrong_use(wrong, usage_in_words(wrong))
    except LocalRefusal as refused:  # of what is read before a verb runs
        code = console.problem(refused)
    except (KeyboardInterrupt, typer.Abort):
        code = console.interrupted()
    sys.exit(code or Exit.DONE)


def _start_at_once() -> None:
    """Leave out what costs a start much and a command nothing."""
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # httpx's own command
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looked for in every package there is
    gc.set_threshold(_MADE_BY_A_START)  # what was imported stays: it is not looked through again and again
    atexit.register(gc.freeze)  # nor once more at the end, when all of it goes anyway
