"""Whatever is logged, by whomever, no secret stands in the log."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from hub.kernel.refusal import Outage, Refusal
from hub.kernel.secret import Secret
from hub.plumbing.database import Database
from hub.plumbing.logs import BLANK, configure

CANARY = "K7QPM2X9D4TW8RNH"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class NotNow(Outage):
    code = "tests.not-now"


class Never(Refusal):
    code = "tests.never"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The hub's logging for one test; pytest's own handlers come back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure(stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_its_time_level_and_place(stream: io.StringIO) -> None:
    structlog.get_logger("hub.tests").info("worker started", jobs=["a"], rounds=2)
    (line,) = lines(stream)
    assert line["event"] == "worker started"
    assert (line["level"], line["logger"], line["jobs"], line["rounds"]) == ("info", "hub.tests", ["a"], 2)
    assert line["timestamp"].endswith("Z")


def test_a_librarys_line_takes_the_same_form(stream: io.StringIO) -> None:
    logging.getLogger("library").warning("lost %s of %d", "one", 3)
    (line,) = lines(stream)
    assert (line["event"], line["level"], line["logger"]) == ("lost one of 3", "warning", "library")


def test_latvian_is_readable(stream: io.StringIO) -> None:
    structlog.get_logger().info("Rīga")
    assert "Rīga" in stream.getvalue()


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "archive_password",
        "Authorization",
        "dpop",
        "DPoP-Nonce",
        "signature_base",
        "client_assertion",
        "access_token",
        "set-cookie",
        "text",
        "to",
        "sql",
        "query",
        "parameters",
        "payload",
        "body",
    ],
)
def test_a_telling_name_has_its_value_blanked(stream: io.StringIO, key: str) -> None:
    structlog.get_logger().info("x", **{key: CANARY}, nested={"deep": [{key: CANARY}]})
    (line,) = lines(stream)
    assert line[key] == BLANK
    assert line["nested"] == {"deep": [{key: BLANK}]}


@pytest.mark.parametrize("held", [Secret(CANARY), CANARY.encode(), [Secret(CANARY)], {"x": Secret(CANARY)}])
def test_a_secret_is_blanked_wherever_it_is_held(stream: io.StringIO, held: object) -> None:
    structlog.get_logger().info("x", held=held)
    assert CANARY not in stream.getvalue()
    assert BLANK in stream.getvalue()


def test_a_secret_put_into_a_librarys_message_stays_covered(stream: io.StringIO) -> None:
    logging.getLogger("library").error("sent %s", Secret(CANARY))
    assert lines(stream)[0]["event"] == "sent Secret(...)"


def look_up(error: Exception) -> None:
    known: dict[str, str] = {}
    try:
        known["cause"]
    except KeyError as cause:
        raise error from cause


def raise_through(error: Refusal | Outage) -> None:
    try:
        look_up(error)
    except (Refusal, Outage):
        structlog.get_logger().exception("failed")


def test_our_bad_news_is_told_by_its_code(stream: io.StringIO) -> None:
    raise_through(NotNow(password=CANARY))
    raise_through(Never())
    first, second = lines(stream)
    assert first["exception"].startswith("NotNow: tests.not-now\n")
    assert second["exception"].startswith("Never: tests.never\n")
    assert "KeyError: 'cause'" in first["exception"]
    assert "look_up" in first["exception"]


def test_a_cause_is_told_down_to_what_really_happened(stream: io.StringIO) -> None:
    try:
        look_up(NotNow(password=CANARY))
    except NotNow as trouble:
        structlog.get_logger().warning("not ready", cause=trouble)
    assert lines(stream)[0]["cause"] == "NotNow: tests.not-now; KeyError: 'cause'"


async def test_what_a_driver_quotes_is_not_told(stream: io.StringIO, database: Database) -> None:
    query = text("SELECT CAST(:canary AS integer)")
    try:
        async with database.transaction() as tx:
            await tx.execute(query, {"canary": CANARY})
    except Exception:  # whatever it is
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("failed")
    assert len(lines(stream)) == 2
    assert CANARY not in stream.getvalue()
    assert "sqlalchemy.exc.DBAPIError" in stream.getvalue()


def test_a_person_at_a_terminal_reads_lines_without_secrets_too() -> None:
    stream = Terminal()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure(stream)
    try:
        structlog.get_logger().info("sent", password=CANARY)
        raise_through(Never())
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
    shown = stream.getvalue()
    assert "sent" in shown
    assert "tests.never" in shown
    assert CANARY not in shown


def test_a_processes_log_goes_to_stderr() -> None:
    program = "from hub.plumbing.logs import *; configure(); structlog.get_logger().info('x')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert json.loads(done.stderr)["event"] == "x"


def test_a_program_says_nothing_beside_its_log_to_its_last_word() -> None:
    program = """
import logging.config, sys, threading, warnings
from hub.plumbing import logs
logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, **logs.server_config()})
logging.getLogger("_granian.workers").info("before ours is loaded")
logs.take_over()
warnings.warn("old way")
class Lost:
    def __del__(self): raise ValueError("in passing")
Lost()
thread = threading.Thread(target=lambda: 1 / 0)
thread.start(); thread.join()
raise RuntimeError("the last word")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert (done.returncode, done.stdout) == (1, "")
    assert [(line["event"].splitlines()[0].rpartition(": ")[2], line["level"]) for line in told] == [
        ("before ours is loaded", "info"),
        ("old way", "warning"),
        ("fault in passing", "error"),
        ("thread ended by a fault", "error"),
        ("ended by a fault", "critical"),
    ]
    assert "RuntimeError: the last word" in told[-1]["exception"]
