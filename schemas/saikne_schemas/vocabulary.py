"""The closed lists of the wire. They only grow; a value is what is stored and signed.

Source: method S47-S55 (forms), S57, S88-S91 (ways of receipt), S134 (three-part confirmation);
domain 2.3 (derivatives and the words that certify them).
"""

from enum import StrEnum


class ExchangeKind(StrEnum):
    FAMILY_CASE = "family_case"
    """A family moves: its case and the IAP of every placed child (method S77)."""
    CHILD_IAP = "child_iap"
    """A child moves: that child's IAP only (method S108)."""
    CHILD_INFORMATION = "child_information"
    """Before a child moves: what its centre tells the next one, unasked (method S106)."""


class LegalBasis(StrEnum):
    """On what ground the copies are asked for; a closed list, so that no name can travel in it."""

    METHOD_FAMILY_MOVE = "method_family_move"
    """Methodological material, section 1 (method S77), with MK 355 p. 12.7."""
    METHOD_CHILD_MOVE = "method_child_move"
    """Methodological material, section 3 (method S108), with MK 355 p. 12.7."""
    ORPHANS_COURT_DECISION = "orphans_court_decision"
    """A decision of the orphans' court places the child or changes the support centre."""


class Purpose(StrEnum):
    """What the copies will be used for (Freedom of Information law s. 11: stated in the request)."""

    CONTINUITY_OF_SUPPORT = "continuity_of_support"
    CARE_OF_PLACED_CHILD = "care_of_placed_child"


class DeliveryChannel(StrEnum):
    HUB = "hub"
    EMAIL_TWO_STEP = "email_two_step"
    IN_PERSON = "in_person"
    REGISTERED_POST = "registered_post"


PAPER_WAYS = frozenset({DeliveryChannel.IN_PERSON, DeliveryChannel.REGISTERED_POST})
"""On paper: no archive, so no password and no notified address (method S88, S89)."""


class DepartureReason(StrEnum):
    """Why a holder answers by another way than the one that was wished."""

    NOT_KEPT_ELECTRONICALLY = "not_kept_electronically"
    """MK 473 p. 4: what is not kept electronically need not be issued so."""
    ADDRESSEE_UNREACHABLE = "addressee_unreachable"
    VOLUME_TOO_LARGE = "volume_too_large"
    ASKED_BY_REQUESTER = "asked_by_requester"
    TECHNICAL_OUTAGE = "technical_outage"


class Authority(StrEnum):
    """By what right somebody takes papers for the new centre (method S58)."""

    LISTED_REPRESENTATIVE = "listed_representative"
    """One of the authorised persons that the centre has notified."""
    POWER_OF_ATTORNEY = "power_of_attorney"
    OFFICE_HOLDER = "office_holder"
    """Whoever represents the centre by office, as the register of enterprises shows."""


class PostalOutcome(StrEnum):
    """How a registered item ended (domain 4.5: uncollected ones come back, one under way can be recalled)."""

    DELIVERED = "delivered"
    RETURNED = "returned"
    RECALLED = "recalled"


class PasswordChannel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    VOICE = "voice"


class FormType(StrEnum):
    FAMILY_CASE = "family_case"
    """Audžuģimenes lieta, part 1 with the support plan as part 2 (method S47-S50)."""
    SUPPORT_PLAN = "support_plan"
    """The support plan as a document of its own (method S49)."""
    COMPETENCE_REVIEW = "competence_review"
    """Kompetenču pārskats, one per spouse (method S51)."""
    SELF_ASSESSMENT = "self_assessment"
    """Kompetenču pašnovērtējums, optional, per spouse (method S52)."""
    WORKER_NOTES = "worker_notes"
    """Sociālā darbinieka palīgmateriāls, optional (domain 2.2)."""
    CARE_PREFERENCES = "care_preferences"
    """Vēlamo aprūpes parametru anketa, optional (domain 2.2)."""
    IAP = "iap"
    """Bērna individuālais attīstības plāns, one per placed child (method S55)."""
    OTHER_FAMILY = "other_family"
    """Another document of the family's case."""
    OTHER_CHILD = "other_child"
    """An annex to a child's IAP, or another essential fact about the child."""
    NEEDS = "needs"
    """The child's needs (method S106)."""
    CAREGIVER_HISTORY = "caregiver_history"
    """Who has cared for the child so far (method S106)."""
    WELFARE_GOAL = "welfare_goal"
    """The welfare goal set so far (method S106)."""


class CaseSection(StrEnum):
    """The ten sections of a family's case, part 1, in its own order (method S48)."""

    GENERAL = "general"
    HOME_AND_SURROUNDINGS = "home_and_surroundings"
    FAMILY_STATUS = "family_status"
    AGREEMENT_AND_CONTRACT = "agreement_and_contract"
    """The agreement on cooperation, and the contract of a specialised family (method S39, S40)."""
    CAPACITY = "capacity"
    MINOR_CHILDREN = "minor_children"
    ADULTS_IN_HOUSEHOLD = "adults_in_household"
    PLACED_CHILDREN = "placed_children"
    COURSES_AND_TRAINING = "courses_and_training"
    SUPPORT_GROUPS = "support_groups"


class MediaType(StrEnum):
    PDF = "application/pdf"
    ASICE = "application/vnd.etsi.asic-e+zip"
    """An e-signed container (.edoc, .asice): forwarded whole, never opened (domain 4.2)."""
    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"


class Original(StrEnum):
    PAPER = "paper"
    ELECTRONIC = "electronic"


class Derivative(StrEnum):
    COPY = "copy"
    TRUE_COPY = "true_copy"
    EXTRACT = "extract"
    ORIGINAL = "original"
    """A born-digital signed document: every electronic specimen is an original (domain 2.3)."""


class CertificationWords(StrEnum):
    KOPIJA_PAREIZA = "KOPIJA PAREIZA"
    NORAKSTS_PAREIZS = "NORAKSTS PAREIZS"
    IZRAKSTS_PAREIZS = "IZRAKSTS PAREIZS"


class IncompleteBecause(StrEnum):
    """Why a holder dispatches although a mandatory form is missing."""

    NOT_DRAWN_UP = "not_drawn_up"
    NOT_KEPT_ELECTRONICALLY = "not_kept_electronically"
    """MK 473 p. 4: what is not kept electronically need not be issued so; it follows on paper."""
    HELD_ELSEWHERE = "held_elsewhere"


class DisputeReason(StrEnum):
    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # a reason, not a password


class WithdrawReason(StrEnum):
    WRONG_HOLDER = "wrong_holder"
    MOVE_CANCELLED = "move_cancelled"
    DUPLICATE = "duplicate"
    GIVEN_UP = "given_up"
    """The copies are waited for no longer; what becomes of the move is said there."""


class CopiesEnded(StrEnum):
    """How it ended with the copies that a move needs: it closes with one of these and with nothing else."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


class CopiesGivenUp(StrEnum):
    """Why a new centre does without the copies; a closed list, so that no name can travel in it."""

    RECEIVED_OTHERWISE = "received_otherwise"
    """It has them, and they did not come by a request through the hub."""
    NOT_KEPT = "not_kept"
    """The previous centre has no such file."""
    CENTRE_CLOSED = "centre_closed"
    """The previous centre works no more, and nobody answers for it."""
    NO_LONGER_NEEDED = "no_longer_needed"


class RefuseReason(StrEnum):
    """Why a holder sends no copies; a closed list, so that no name can travel in it."""

    NOT_OUR_FAMILY = "not_our_family"
    """The family, or the family of the child, never had an agreement with this centre (method S3)."""
    NO_LONGER_OURS = "no_longer_ours"
    """It had one; another centre holds the file since a day that is named."""
    ALREADY_ANSWERED = "already_answered"
    """The copies went to this requester in another exchange, which is named."""
    NO_GROUND = "no_ground"
    """The stated ground does not entitle to these copies (restricted access, method S87)."""
    CANNOT_BE_IDENTIFIED = "cannot_be_identified"
    """Nobody can tell which family or child the references mean."""


class RefusalDispute(StrEnum):
    """Why a requester says that a refusal is wrong."""

    IS_YOURS = "is_yours"
    NOT_RECEIVED = "not_received"
    GROUND_EXISTS = "ground_exists"
    CAN_BE_IDENTIFIED = "can_be_identified"


class ExtensionReason(StrEnum):
    """Why a holder proposes a later day for its answer."""

    VOLUME = "volume"
    AWAITED_FROM_THIRD_PARTY = "awaited_from_third_party"
    ILLNESS = "illness"
    HOLIDAYS = "holidays"
    TECHNICAL = "technical"


class SupplementReason(StrEnum):
    """Why a requester asks for more than it asked for at first."""

    CHILD_PLACED_SINCE = "child_placed_since"
    FOUND_MISSING = "found_missing"
    ASKED_BY_COURT = "asked_by_court"


class ResolveReason(StrEnum):
    """What became of copies that had come to a wrong recipient."""

    RECOVERED = "recovered"
    DESTROYED_BY_RECIPIENT = "destroyed_by_recipient"
    REPORTED_TO_AUTHORITY = "reported_to_authority"


class CalendarPolicy(StrEnum):
    STATUTORY = "statutory"
    MOVED = "moved"
    """With the working days that the Cabinet moved (domain 0.3)."""


class ExchangeState(StrEnum):
    REQUESTED = "requested"
    PREPARING = "preparing"
    DISPATCHED = "dispatched"
    DISPUTED = "disputed"
    LAPSED = "lapsed"
    """Dispatched, not confirmed, and the password's time ran out: only a new answer helps."""
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    """The holder said no, and why: it owes nothing, unless the requester disputes it."""
    FROZEN = "frozen"
    """The copies came to a wrong recipient: nothing moves until the holder says what became of them."""


class SideRole(StrEnum):
    REQUESTER = "requester"
    HOLDER = "holder"
    OVERSIGHT = "oversight"


class Scope(StrEnum):
    EXCHANGE = "exchange"
    REGISTER = "register"
    """A centre's own registrations in AĢIS, for a job of its own."""
    OVERSIGHT = "oversight"
    REGISTER_SIDE = "register_side"
    """The registrations of every centre, for a job on the register's side."""


class Workflow(StrEnum):
    COPIES = "copies"
    """A request for copies and its answer: an exchange."""
    FAMILY_MOVE = "family_move"
    CHILD_MOVE = "child_move"
    SIBLING_CONTACT = "sibling_contact"
    TRAINING = "training"
    SUPPORT_PLAN = "support_plan"
    AGREEMENT = "agreement"
    PRICE_CEILING = "price_ceiling"
    """What a training centre may charge at most in a year (method S37)."""


class DutyKind(StrEnum):
    """What may be owed by a day. Where the method names no term, the hub reminds by one of its own."""

    ANSWER = "answer"
    """The previous centre issues or sends the copies within ten working days (method S78, S109)."""
    REQUEST_COPIES = "request_copies"
    """The new centre asks for copies (method S77, S108); no term in the method."""
    REGISTER = "register"
    """The new centre enters the move in AĢIS within three working days (method S80)."""
    COURT_NOTICE = "court_notice"
    """The new centre tells the family's orphans' court within the same three days (method S81)."""
    TALK = "talk"
    """The new centre's social worker speaks with the previous centre's (method S82); no term."""
    ARCHIVE_CASE = "archive_case"
    """The previous centre archives the family's case (method S79), within the ten days of the copies."""
    ARCHIVE_IAP = "archive_iap"
    """The previous centre takes the child's IAP part out of the case and archives it (method S110)."""
    DECIDE_LATE_NOTICE = "decide_late_notice"
    """The previous centre says whether it keeps to its right to continue (method S76); no term."""
    ACKNOWLEDGE_NOTICE = "acknowledge_notice"
    """The previous centre says whether the family's notice reached it (method S74, S82); no term."""
    PROVE_NOTICE = "prove_notice"
    """The new centre shows its proof of a notice that never came, or has a day agreed on (S74); no term."""
    ANSWER_DATE = "answer_date"
    """A centre confirms the day of a move that the other one proposes, or declines it; no term."""
    PLACE_CHILD = "place_child"
    """The new centre says that the child lives with the new family, or that it will not; no term."""
    INFORM_BEFORE = "inform_before"
    """The previous centre tells the new family and its centre about the child (method S106); no term."""
    ACQUAINTANCE = "acquaintance"
    """The previous centre makes sure the new family can meet the child first (method S112); no term."""
    FORMER_FAMILY = "former_family"
    """The new centre makes sure the child keeps its relations with the former family (S111); no term."""
    RECORD_CONTACT = "record_contact"
    """A centre files what was agreed in its family's case and each child's IAP (method S120, S121)."""
    CERTIFICATE = "certificate"
    """The training centre issues the certificate (method S101); no term."""
    INVOICE = "invoice"
    """The training centre invoices after the training at actual cost (method S102, S104); no term."""
    REPORT_COST = "report_cost"
    """The family's centre pays and puts the cost into its monthly report (method S103); no term."""
    CONFIRM_PLAN = "confirm_plan"
    """The family's confirmation of its support plan is recorded (method S134); no term."""
    ANSWER_PROPOSAL = "answer_proposal"
    """A centre agrees to what another one proposed, or declines (method S95, S118; MK 473 p. 3); no term."""
    TELL_FAMILY = "tell_family"
    """The family's centre tells it all it needs to take part in the training (method S99); no term."""
    HOLD_TRAINING = "hold_training"
    """The training centre holds the training as agreed and says so (method S100); no term."""
    SEND_PLAN = "send_plan"
    """The family signs its support plan or is sent it (method S132, S133, S135); no term."""
    CONFIRM_COPIES = "confirm_copies"
    """The new centre collects the copies and confirms them or says what is wrong (method S134); no term."""
    SEND_OFFERED = "send_offered"
    """The previous centre sends what it has offered about a child (method S106); no term."""
    SEND_AGAIN = "send_again"
    """The previous centre answers anew: the password lapsed before the copies were confirmed; no term."""
    READ_PASSWORD_OUT = "read_password_out"  # noqa: S105  # a duty, not a password
    """The previous centre reads the password out to the notified number (method S60); no term."""
    TELL_POST_OUTCOME = "tell_post_outcome"
    """The previous centre says how its registered item ended (method S89); no term."""
    DECIDE_EXTENSION = "decide_extension"
    """The new centre agrees to a proposed later day or declines it; no term."""
    RESOLVE_ASTRAY = "resolve_astray"
    """The previous centre says what became of copies at a wrong recipient; no term."""
    DECIDE_REFUSAL = "decide_refusal"
    """The new centre disputes a refusal, or leaves it as it is and asks elsewhere (method S57); no term."""
    RECEIVE_COPIES = "receive_copies"
    """The new centre sees to it that a move's copies come, or gives them up (method S77, S108); no term."""
    YEARLY_TALK = "yearly_talk"
    """A centre talks with its family at least once a year, before the court's evaluation (S122, S124)."""


class AgreementState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    ENDED = "ended"


class AgreementRole(StrEnum):
    PROPOSER = "proposer"
    ADDRESSEE = "addressee"


class SignaturesAgreed(StrEnum):
    """What kind of signature the two accept from each other."""

    PLAIN = "plain"
    """The hub's signed statements suffice between them."""
    QUALIFIED = "qualified"
    """A secure electronic signature with a time stamp, as if there were no agreement."""


class RequestSignatures(StrEnum):
    """What a request for copies rests on beside the agreement of the two centres (MK 473 p. 3)."""

    PLAIN = "plain"
    """The requester's signed statement alone."""
    QUALIFIED_CLAIMED = "qualified_claimed"
    """A file came with it that may hold a secure electronic signature; the hub could not trace one."""
    QUALIFIED = "qualified"
    """A file came with it whose signature the operator's trusted lists lead to."""
