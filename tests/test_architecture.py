"""The shape of the code, kept by a test instead of by memory (the order of rooms is import-linter's)."""

import ast
import importlib
import json
import pkgutil
from collections import Counter
from enum import StrEnum
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import hub
import saikne_schemas
from hub.evidence.event import EventKind
from hub.kernel.refusal import Outage, Refusal
from hub.web.status import STATUS

ROOT = Path(__file__).parent.parent
HUB, CLIENT, JOB, DEMO, SCHEMAS = (
    ROOT / "hub",
    ROOT / "clients" / "python" / "saikne",
    ROOT / "clients" / "agis_sync" / "agis_sync",
    ROOT / "clients" / "demo" / "saikne_demo",
    ROOT / "schemas" / "saikne_schemas",
)
MODULES = [path for folder in (HUB, CLIENT, JOB, DEMO, SCHEMAS) for path in sorted(folder.rglob("*.py"))]

IO = frozenset(
    {
        "aiosmtplib",
        "asyncpg",
        "httpx",
        "hub.plumbing",
        "hub.web",
        "litestar",
        "obstore",
        "pgqueuer",
        "sqlalchemy",
    }
)
DOORS = {  # the name of a file, or of its folder -> the I/O it may speak
    "store": {"sqlalchemy", "asyncpg", "hub.plumbing"},
    "tables": {"sqlalchemy", "hub.plumbing"},
    "routes": {"litestar", "hub.web", "hub.plumbing"},
    "gateways": {"httpx", "hub.plumbing"},
    "casework": {"hub.plumbing", "hub.web"},
}
ALSO = {  # what speaks I/O under a name of its own, and why
    "access/approvals": {"sqlalchemy", "hub.plumbing"},  # what systems ask and persons approve, once each
    "access/authorization": {
        "sqlalchemy",
        "hub.plumbing",
    },  # Authlib's core on a transaction
    "access/clients": {"sqlalchemy"},  # what that desk asks about a client
    "access/caller": {  # the gatekeeper reads the request and uses up its proofs
        "litestar",
        "hub.plumbing",
        "hub.web",
    },
    "access/challenge": {"litestar", "hub.web"},  # what those not let in are told in headers
    "access/published": {"hub.web"},  # the description of the two doors
    "board/board": {"hub.web"},  # counts who goes to organisations' providers
    "exchange/published": {"hub.web", "hub.plumbing"},  # the description of every call
    "matters/office": {"hub.plumbing", "litestar"},  # opens the transaction that casework is done in
    "exchange/quotas": {"hub.plumbing"},  # counts in the database what the store's tables hold
    "exchange/office": {"hub.plumbing", "hub.web"},  # opens casework's transactions, minds the uploads
    "passwords/courier": {"hub.plumbing"},  # keeps the promise to bring a password
    "people/key_functions": {"hub.plumbing"},  # names the roles whose rights the database's functions lend
    "people/subscriptions": {"sqlalchemy", "hub.plumbing"},  # browsers that tell, with what asks for them
    "people/office": {"hub.plumbing"},  # opens the transactions that people's casework is done in
    "plans/office": {"hub.plumbing", "hub.web"},  # knows what a mail carries, minds the uploads
    "proofs/cabinet": {"hub.plumbing", "hub.web"},  # opens casework's transactions, minds the uploads
    "proofs/published": {"hub.web", "hub.plumbing"},  # the description of every call
    "sealing/stream": {"hub.plumbing"},  # seals on the way into the object store
    "sealing/parcel": {"hub.plumbing"},  # reads an archive out of it
}
NOT_ROOMS = {"kernel", "migrations", "ops", "plumbing", "web", "wording"}
ROOMS = [path for path in HUB.glob("*/**/*.py") if path.relative_to(HUB).parts[0] not in NOT_ROOMS]

FILE_LINES, FUNCTION_LINES = 400, 50
NO_NAMES = {"base", "common", "helpers", "manager", "service", "types", "utils"}
SETTINGS_READERS = {"app.py", "parts.py", "ops"}


def called(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text())


@cache
def imported(module: Path) -> frozenset[str]:
    """Everything that a module imports, wherever in it; names of imported objects too."""
    names: set[str] = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def room_and_name(module: Path) -> str:
    return str(module.relative_to(HUB).with_suffix(""))


def may_speak(module: Path) -> set[str]:
    parts = module.relative_to(HUB).with_suffix("").parts
    return DOORS.get(parts[1], set()) | ALSO.get(room_and_name(module), set())


RULES = [module for module in ROOMS if not may_speak(module)]


def test_only_the_doors_speak_io() -> None:
    spoken = {
        module: {io for io in IO for name in imported(module) if name == io or name.startswith(io + ".")}
        for module in ROOMS
    }
    too_much = {called(module): said - may_speak(module) for module, said in spoken.items()}
    assert {name: said for name, said in too_much.items() if said} == {}


def test_a_rule_never_reaches_for_a_door() -> None:
    reaching = {
        called(module): name
        for module in RULES
        for name in imported(module)
        if name.startswith("hub.") and DOORS.keys() & set(name.split("."))
    }
    assert reaching == {}


def test_every_exception_from_the_doors_is_needed() -> None:
    assert ALSO.keys() <= {room_and_name(module) for module in ROOMS}


def test_every_module_says_which_decision_lives_in_it() -> None:
    said = {called(module): ast.get_docstring(tree_of(module)) or "" for module in MODULES}
    first = {name: words.partition("\n")[0] for name, words in said.items()}
    assert [name for name, line in first.items() if not line.endswith((".", "?", ":"))] == []


def test_a_file_and_its_functions_can_be_read_in_one_go() -> None:
    long = [called(module) for module in MODULES if len(module.read_text().splitlines()) > FILE_LINES]
    functions = [
        (f"{called(module)}: {node.name}", (node.end_lineno or 0) - node.body[0].lineno + 1)
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert long + [name for name, lines in functions if lines > FUNCTION_LINES] == []


ANY_AT_MOST, ANY_IN_ALL = 4, 56
"""On so many lines of a file, and of the hub, may `Any` stand: at libraries' edges, and for what is read."""


def test_any_is_said_where_a_library_says_no_more_and_nowhere_else() -> None:
    said = {
        (room_and_name(module), node.lineno)
        for module in HUB.rglob("*.py")
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Name) and node.id == "Any"
    }
    lines = Counter(name for name, _ in said)
    assert [name for name, many in lines.items() if many > ANY_AT_MOST] == []
    assert lines.total() <= ANY_IN_ALL


def test_no_file_is_named_for_nothing() -> None:
    assert not [called(path) for path in MODULES if path.stem in NO_NAMES or path.parent.name in NO_NAMES]


def test_settings_are_read_where_the_parts_are_put_together() -> None:
    readers = {
        path.relative_to(HUB).parts[0]
        for path in HUB.rglob("*.py")
        if path.name != "settings.py" and "hub.settings" in imported(path)
    }
    assert readers <= SETTINGS_READERS


def test_the_client_and_the_wire_documents_stand_without_the_hub() -> None:
    for folder, foreign in ((ROOT / "clients", ("hub",)), (SCHEMAS, ("hub", "saikne"))):
        for path in folder.rglob("*.py"):
            assert not {name for name in imported(path) if name.split(".")[0] in foreign}, called(path)


def named(path: Path) -> str:
    """As it is imported: `saikne.hub`."""
    (root,) = (folder.parent for folder in (CLIENT, JOB, DEMO, SCHEMAS) if path.is_relative_to(folder))
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def test_no_file_of_the_clients_and_the_wire_documents_imports_itself_by_others() -> None:
    files = {named(path): path for path in MODULES if not path.is_relative_to(HUB)}
    graph = {name: imported(path) & files.keys() - {name} for name, path in files.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(files)  # or it names the circle


def every_module() -> None:
    for package in (hub, saikne_schemas):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not found.name.startswith(("hub.migrations", "hub.__main__")):
                importlib.import_module(found.name)


OURS = ("hub.", "saikne_schemas.")


def kinds_of(kind: type) -> set[type]:
    """All of ours that derive from it, however far; what other tests make up for themselves is not."""
    below: list[type] = kind.__subclasses__()
    return {kind}.union(*(kinds_of(each) for each in below if each.__module__.startswith(OURS)))


FRAMEWORK = {
    "http.failed", "http.method-not-allowed", "http.not-found", "http.refused", "http.too-large",
}  # fmt: skip
"""What is refused without a rule of ours, see `web.problems`."""


def codes() -> dict[str, list[str]]:
    every_module()
    found: dict[str, list[str]] = {}
    for kind in kinds_of(Refusal) | kinds_of(Outage):
        if "code" in vars(kind):
            found.setdefault(vars(kind)["code"], []).append(f"{kind.__module__}.{kind.__name__}")
    return found


def test_every_code_has_a_status_and_every_status_a_code() -> None:
    assert STATUS.keys() == codes().keys() | FRAMEWORK


def test_a_code_is_given_by_one_kind_of_refusal() -> None:
    assert not {code: kinds for code, kinds in codes().items() if len(kinds) > 1}


def test_an_outage_is_a_5xx_that_may_pass_and_a_refusal_is_not() -> None:
    every_module()
    outages = {vars(kind)["code"] for kind in kinds_of(Outage) if "code" in vars(kind)}
    assert {STATUS[code] for code in outages} <= {503, 507}
    peers = {
        "mail.refused",
        "passwords.sms-refused",
        "people.push-refused",
        "demo.not-installed",
    }  # met by the worker and commands
    by_rfc = {"http.failed", "http.transfer-coding-not-taken"}
    assert not [code for code in STATUS.keys() - outages - peers - by_rfc if STATUS[code] >= 500]


def closed_lists() -> dict[str, list[str]]:
    every_module()
    lists = {
        kind.__name__: [str(member) for member in kind]  # type: ignore[attr-defined]
        for kind in kinds_of(StrEnum)
        if kind.__module__.startswith("saikne_schemas.") or kind is EventKind
    }
    return {**lists, "codes": list(STATUS)}


YESTERDAY = json.loads((Path(__file__).parent / "closed_lists.json").read_text())


def test_a_closed_list_only_grows() -> None:
    now = closed_lists()
    lost = {name: set(values) - set(now[name]) for name, values in YESTERDAY.items()}
    assert {name: values for name, values in lost.items() if values} == {}


def test_every_closed_list_is_held() -> None:
    assert closed_lists().keys() == YESTERDAY.keys()


OWN_FILES = {  # what reads files beside the door of `saikne_schemas.brought`, and whose files they are
    "hub/migrations/__init__.py": "its own statements",
    "hub/board/pages.py": "its own style and scripts",
    "hub/ops/contracts.py": "the documents that it writes itself",
    "hub/proofs/gateways/confinement.py": "places of folders, for the kernel",
    "hub/proofs/gateways/examiner.py": "certificates of the operator's",
    "hub/plumbing/blobs.py": "the object store on a disk",
    "hub/plumbing/embedded.py": "the embedded database's own notes",
    "hub/signing/key_files.py": "the hub's own keys",
    "hub/workdays/seed.py": "its own calendar",
    "clients/agis_sync/agis_sync/gateways/places.py": "the register's folder, with a door of its own",
    "clients/agis_sync/agis_sync/gateways/sftp.py": "a file on a server, which is no path here",
    "clients/demo/saikne_demo/command.py": "the demo's own logs",
    "clients/demo/saikne_demo/neighbours.py": "an archive that the hub mailed, documents that the demo made",
    "clients/demo/saikne_demo/register/in_files.py": "the simulated register's folder",
    "clients/demo/saikne_demo/scan.py": "pictures that the demo draws",
    "clients/demo/saikne_demo/showing/window.py": "the demo's own style",
    "clients/demo/saikne_demo/stage.py": "the demo's own logs",
    "clients/demo/saikne_demo/story.py": "documents that the demo made",
    "clients/python/saikne/downloads.py": "a download that goes on",
    "clients/python/saikne/families.py": "the centre's own state",
    "clients/python/saikne/home.py": "writes",
    "clients/python/saikne/installation.py": "the centre's own state",
    "clients/python/saikne/journal.py": "the centre's own state",
    "clients/python/saikne/keys.py": "the centre's own state",
    "clients/python/saikne/others_keys.py": "the centre's own state",
    "clients/python/saikne/own_proofs.py": "an archive that it fetched itself",
    "clients/python/saikne/parcel.py": "entries of an archive that came in by the door",
    "clients/python/saikne/plan_archive.py": "writes; reads by the door",
    "clients/python/saikne/register_keys.py": "the centre's own state",
    "clients/python/saikne/sealed_journal.py": "the centre's own state",
    "clients/python/saikne/worker.py": "the centre's own state",
    "schemas/saikne_schemas/brought.py": "the door",
    "schemas/saikne_schemas/catalogue.py": "sentences",
    "schemas/saikne_schemas/command_line.py": "where unheard words go",
}
OPENERS = {"AESZipFile", "SealedArchive", "ZipFile", "fdopen", "open", "read_bytes", "read_text"}


def opens_files(module: Path) -> bool:
    tree = ast.parse(module.read_text())
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return bool({getattr(one, "attr", getattr(one, "id", None)) for one in calls} & OPENERS)


def test_whoever_reads_a_file_reads_it_by_the_door() -> None:
    assert {called(path) for path in MODULES if opens_files(path)} == OWN_FILES.keys()


def test_tables_are_read_and_written_in_one_place() -> None:
    assert [called(path) for path in MODULES if "csv" in imported(path)] == [
        "schemas/saikne_schemas/tables.py"
    ]
