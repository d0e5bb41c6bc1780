"""Every verb says in `schemas/json/commands.json` what it prints with `--json`."""

from jsonschema import Draft202012Validator

import agis_sync.command
import saikne.command
from saikne_schemas.command_output import OUTPUT, commands_schema


def test_every_verb_has_its_document_and_no_other() -> None:
    verbs = {f"saikne {name}" for name, _ in saikne.command.COMMANDS}
    groups = {group: saikne.command.loaded(verbs) for group, verbs in saikne.command.GROUPS}
    verbs |= {f"saikne {group} {name}" for group, below in groups.items() for name, _ in below}
    verbs |= {f"agis-sync {name}" for name, _ in agis_sync.command.COMMANDS}
    assert set(OUTPUT) == verbs | {"hub jobs list"}


def test_the_schema_is_well_formed() -> None:
    Draft202012Validator.check_schema(commands_schema())
