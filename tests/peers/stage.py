"""The demo's installation, set up within the tests' own process: a command for each step takes seconds.

Its hub and its worker are forked from a process that has loaded them. The demo's stage starts Python anew.
"""

import asyncio
from dataclasses import dataclass, field

import saikne_demo.stage
from hub.centres.enrolment import read_enrolment
from hub.kernel import clock
from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId
from hub.ops import schema
from hub.ops.admission import admit
from hub.ops.database import transaction
from hub.plumbing import embedded
from hub.plumbing.database import OWNER_ROLE
from saikne_demo.stage import Running
from tests.peers.commands import Begun

_ANEW = ("LD_PRELOAD", "HUB_METRICS_BIND")
"""What has to be there before a process has loaded anything."""


@dataclass
class Stage(saikne_demo.stage.Stage):
    """Without `database_url` it runs on a server of its own, which a test may stop and start."""

    owner_url: str = field(init=False)
    anew: bool = False
    """Start Python anew for each process, as it is measured."""

    def install(self) -> None:
        if self.database_url is None:
            server = embedded.start(self.home / "postgres")
            self.database_url, self.owner_url = server.app_url, server.admin_url
        else:
            self.owner_url = self.database_url
        asyncio.run(schema.install(self.owner_url))

    def run(self, name: str) -> Running:
        environment = self._environment()
        if self.anew or any(setting in environment for setting in _ANEW):
            return super().run(name)
        return Begun("hub", name, environment=environment, log=self.log(name))

    def pid(self, name: str) -> int:
        """Of a process of the installation, which has started others."""
        return self._running[name].pid

    def stop_database(self) -> None:
        embedded.stop(self.home / "postgres")

    async def admit(self, enrolment: bytes) -> None:
        now = clock.now()
        proven = read_enrolment(enrolment, clock.riga_day(now))
        tenants = [CentreId(proven.document.id), OVERSIGHT, REGISTRY]
        async with transaction(self.owner_url, OWNER_ROLE, tenants) as tx:
            await admit(tx, proven, now)
