"""A fresh database with two centres for each test."""

from pathlib import Path

import pytest

from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from saikne_demo import stage
from tests.exchange.bureau import Bureau
from tests.reconciliation.bench import LIGZDA, ZEMGALE, Bench


@pytest.fixture
async def bench(database: Database, owner: Database, tmp_path: Path) -> Bench:
    bureau = Bureau(database, owner, Keyring(tmp_path / "keys"))
    zemgale = await bureau.admit("Zemgale", ZEMGALE, stage.ZEMGALE)
    ligzda = await bureau.admit("Ligzda", LIGZDA, stage.LIGZDA)
    return Bench(bureau, zemgale, ligzda)
