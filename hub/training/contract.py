"""How two centres come to a contract about training a family, and how it ends before the training.

Either centre proposes, the other one signs or not. Source: method S37, S94-S97, S99. Which clauses it must
hold is `clauses`; what follows from the training is `settlement`.
"""

from uuid import UUID

from hub.duties.duty import Basis
from hub.kernel.days import arranged, happened
from hub.matters.workflow import Outcome, Owed, Scene, StepNotAllowed
from hub.training.ceiling import NOT_STATED, YearsCeiling, agreed, used
from hub.training.clauses import require_whole
from saikne_schemas.training import (
    AcceptContract,
    CancelTraining,
    DeclineContract,
    InformedFamily,
    Training,
    TrainingContract,
)
from saikne_schemas.training_lists import TrainingRole, TrainingState
from saikne_schemas.vocabulary import DutyKind

_BEFORE_IT_IS_HELD = (DutyKind.ANSWER_PROPOSAL, DutyKind.TELL_FAMILY, DutyKind.HOLD_TRAINING)


def parties(contract: TrainingContract) -> list[tuple[UUID, TrainingRole]]:
    return [(contract.trainer, TrainingRole.TRAINER), (contract.familys, TrainingRole.FAMILYS)]


def proposed(
    contract: TrainingContract, scene: Scene, known: YearsCeiling | None = None
) -> Outcome[Training]:
    """`known`: what the training centre has stated for the contract's year."""
    contract = agreed(contract, known)
    require_whole(contract)
    for session in contract.sessions:
        arranged(session.on, scene.today)
    clauses = contract.model_dump(include=set(Training.model_fields))
    said = {"proposed_by": scene.roles[scene.author], "contract_ceiling": used(known, scene)}
    content = Training.model_validate({**clauses, **said})
    facts = {"contract": contract.reference}
    told, unstated = ((scene.other(), "proposed"),), () if known else (NOT_STATED,)
    owed = to_answer(content, scene)
    return Outcome(content, opens=(owed,), tells=told, facts=facts, warnings=unstated)


def to_answer(content: Training, scene: Scene) -> Owed:
    """Whoever did not propose signs or not."""
    (proposer,) = (one for one, role in scene.roles.items() if role == content.proposed_by)
    (other,) = set(scene.roles) - {proposer}
    return Owed(DutyKind.ANSWER_PROPOSAL, other, scene.today, Basis.PROPOSED, (proposer,))


def accepted(content: Training, _: AcceptContract, scene: Scene) -> Outcome[Training]:
    """The family's centre tells the family, the training centre holds what was agreed."""
    _require_the_other(content, scene, "accept")
    told = ((scene.other(), "accepted"),)
    return Outcome(content, meets=(DutyKind.ANSWER_PROPOSAL,), opens=to_hold(content, scene), tells=told)


def to_hold(content: Training, scene: Scene) -> tuple[Owed, ...]:
    """What is owed until the training is over."""
    trainer, familys = scene.who(TrainingRole.TRAINER), scene.who(TrainingRole.FAMILYS)
    last = max(scene.today, *(session.on for session in content.sessions))
    hold = Owed(DutyKind.HOLD_TRAINING, trainer, last, Basis.TRAINING_PLANNED, (familys,))
    tell = Owed(DutyKind.TELL_FAMILY, familys, scene.today, Basis.AGREED, (trainer,))
    return (hold,) if content.informed_on else (tell, hold)


def declined(content: Training, refusal: DeclineContract, scene: Scene) -> Outcome[Training]:
    _require_the_other(content, scene, "decline")
    after = content.model_copy(update={"declined_because": refusal.reason})
    return Outcome(after, meets=(DutyKind.ANSWER_PROPOSAL,), tells=((scene.other(), "declined"),))


def _require_the_other(content: Training, scene: Scene, action: str) -> None:
    """An answer is the other centre's: whoever proposed has no such step."""
    role = scene.roles[scene.author]
    if role == content.proposed_by:
        raise StepNotAllowed(state=TrainingState.PROPOSED.value, action=action, role=role.value)


def informed(content: Training, telling: InformedFamily, scene: Scene) -> Outcome[Training]:
    happened(telling.informed_on, scene.today)
    after = content.model_copy(update={"informed_on": telling.informed_on})
    met, day = (DutyKind.TELL_FAMILY,), telling.informed_on
    return Outcome(after, meets=met, done_on=day, tells=((scene.other(), "informed"),))


def cancelled(content: Training, ending: CancelTraining, scene: Scene) -> Outcome[Training]:
    after = content.model_copy(update={"cancelled_because": ending.reason})
    return Outcome(after, drops=_BEFORE_IT_IS_HELD, tells=((scene.other(), "cancelled"),))
