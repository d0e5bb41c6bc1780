"""Every workflow between centres beside the request for copies, gathered from the rooms that own them."""

from typing import Any

from hub.agreements.agreement import AGREEMENTS
from hub.matters.workflow import Workflow

WORKFLOWS: tuple[Workflow[Any], ...] = (AGREEMENTS,)
