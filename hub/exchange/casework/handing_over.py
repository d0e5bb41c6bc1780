"""The password once more, or read out: statements of the two centres about its way (method S60, S90)."""

from hub.centres import store as centres
from hub.duties.duty import DutyKind
from hub.exchange.casework.beside import Effect
from hub.exchange.casework.case import Case, Desk, newest_answer
from hub.exchange.casework.way import way_under_way
from hub.kernel.ids import CentreId
from hub.kernel.secret import Secret
from hub.matters.workflow import Moment, Outcome
from hub.passwords import casework as passwords
from hub.passwords.channels import Route
from saikne_schemas.manifests import HandOverAgain, Reveal


async def way(desk: Desk, _author: CentreId, case: Case, said: HandOverAgain | Reveal) -> Route:
    """Of the newest answer, as both centres stand by it."""
    answer = await newest_answer(desk.tx, case, said.round)
    return await way_under_way(desk.tx, case, answer.way)


def again(case: Case, said: HandOverAgain, _: Moment, _way: Route) -> Effect:
    async def send_again(desk: Desk, case: Case, moment: Moment) -> None:
        await passwords.again(desk.tx, case.handover, moment.now)

    return Outcome(case.record, moves=False, facts={"round": said.round}, beside=(send_again,))


class Shown:
    """What a statement that asks for it is answered beside its acceptance: the password, and whom to call."""

    password: Secret
    to: str

    def reveal(self, case: Case, said: Reveal, _: Moment, way: Route) -> Effect:
        """At most once, and only to a person whom the holder has listed."""

        async def show(desk: Desk, case: Case, moment: Moment) -> None:
            listed = (await centres.contacts(desk.tx, case.holder)).contacts.authorised_persons
            self.to = way.password_address
            self.password = await passwords.reveal(
                desk.tx,
                desk.keyring,
                case.handover,
                spoken_by=said.spoken_by,
                authorised=listed,
                now=moment.now,
            )

        return Outcome(
            case.record,
            meets=(DutyKind.READ_PASSWORD_OUT,),
            moves=False,
            facts={"round": said.round},
            beside=(show,),
        )
