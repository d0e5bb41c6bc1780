"""What values of closed lists are called in Latvian where somebody types them: one table for every command.

A value is stored, signed and shown to programs in English alone. People may type either word, in any case,
with or without its marks, with `-`, `_` or a space: `ierakstits sutijums`. Where a value has several words,
the first is shown. Lists are named, not imported: a command loads only those that it takes.
"""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TypeVar

V = TypeVar("V", bound=StrEnum)
LATVIAN: Mapping[str, str] = MappingProxyType(
    {
        "ActivityMark": "done=izpildīta no_longer_relevant=zudusi-aktualitāte",
        "ActivityParty": (
            "family=ģimene centre=centrs other_provider=cits-pakalpojuma-sniedzējs court=bāriņtiesa"
        ),
        "AddressCorrected": "mistyped=pārrakstīšanās moved=cita-adrese told_otherwise=pateikts",
        "Authority": "listed_representative=pārstāvis power_of_attorney=pilnvara office_holder=amatpersona",
        "CalendarPolicy": "statutory=bez-pārceltajām moved=ar-pārceltajām",
        "CaseSection": (
            "general=vispārīgā-informācija home_and_surroundings=mājoklis family_status=ģimenes-statuss "
            "agreement_and_contract=vienošanās capacity=kapacitāte minor_children=nepilngadīgie-bērni "
            "adults_in_household=pilngadīgie placed_children=ievietotie-bērni "
            "courses_and_training=mācības support_groups=atbalsta-grupas"
        ),
        "ChildMoveCancelled": (
            "court_decided_otherwise=bāriņtiesas-lēmums family_withdrew=ģimene-atteicās "
            "childs_interests=bērna-intereses recorded_by_mistake=kļūda"
        ),
        "CompetenceCategory": (
            "care_and_protection=aprūpe developmental_needs=attīstība relations_with_families=attiecības "
            "safe_lifelong_relations=mūža-attiecības teamwork=komanda other=cits"
        ),
        "ConfirmedHow": "e_signed=e-paraksts three_part=apstiprinājums in_person=klātienē,personīgi",
        "ContactDeclined": (
            "not_in_childs_interests=bērna-intereses court_decision=bāriņtiesas-lēmums family_means=iespējas "
            "child_does_not_wish=bērns-nevēlas taken_back=atsaukts"
        ),
        "ContactDifficulty": (
            "distance=attālums family_means=iespējas schedules=grafiki conflict=konflikts health=veselība "
            "none=nav"
        ),
        "ContactEnded": (
            "children_together=dzīvo-kopā left_care=vairs-nav-aprūpē court_decision=bāriņtiesas-lēmums "
            "not_in_childs_interests=bērna-intereses"
        ),
        "ContactKind": (
            "visit=apciemojums phone=tālrunis video=videozvans letters=vēstules joint_event=pasākums "
            "holidays=svētki"
        ),
        "ContactSpecialist": (
            "psychologist=psihologs mediator=mediators social_educator=sociālais-pedagogs "
            "orphans_court=bāriņtiesa social_service=sociālais-dienests school=izglītības-iestāde "
            "health_care=ārstniecības-iestāde"
        ),
        "CameBy": (
            "in_person=personīgi,klātienē registered_post=ierakstīts-sūtījums post=pasts "
            "email=e-pasts e_address=e-adrese"
        ),
        "ContactSupport": "organisational=organizatorisks psychosocial=psihosociāls informative=informatīvs",
        "CopiesGivenUp": (
            "received_otherwise=saņemtas-citādi not_kept=nav-sagatavots centre_closed=centrs-slēgts "
            "no_longer_needed=vairs-nav-vajadzīgas"
        ),
        "CeilingCorrection": "mistyped=pārrakstīšanās contract_amended=grozīts-līgums",
        "CeilingWithdrawal": "wrong_year=cits-gads wrong_contract=cits-līgums",
        "CorrectionReason": (
            "mistyped=pārrakstīšanās proof_says_otherwise=cits-pierādījumā told_of_another=cits-gadījums"
        ),
        "CourtChannel": (
            "e_address=e-adrese registered_post=ierakstīts-sūtījums email_signed=parakstīts-e-pasts "
            "in_person=personīgi,klātienē"
        ),
        "DeliveryChannel": (
            "in_person=personīgi,klātienē registered_post=ierakstīts-sūtījums email_two_step=e-pastā "
            "hub=saiknē"
        ),
        "DepartureReason": (
            "not_kept_electronically=nav-elektroniski addressee_unreachable=nesasniedzams "
            "volume_too_large=liels-apjoms asked_by_requester=pēc-lūguma technical_outage=tehniski"
        ),
        "Derivative": "copy=kopija true_copy=noraksts extract=izraksts original=oriģināls",
        "DespiteReason": (
            "other_family=cita-ar-šo-numuru first_is_wrong=pirmais-kļūdains "
            "first_stands_still=pirmais-nevirzās moves_again=pāriet-vēlreiz asked_by_court=bāriņtiesa"
        ),
        "DifferenceResolution": (
            "send_again=reģistrēt-vēlreiz register_is_right=pareizi-agis corrected_in_register=labots-agis "
            "no_difference=nav-atšķirības"
        ),
        "DisputeReason": "unreadable=nav-lasāms incomplete=nav-pilnīgs wrong_password=parole-neder",
        "EarlierTalk": "new_child=jauns-bērns changed_circumstances=mainījušies-apstākļi",
        "ExchangeKind": (
            "family_case=audžuģimenes-lieta child_iap=bērna-iap child_information=informācija-par-bērnu"
        ),
        "ExtensionReason": (
            "volume=liels-apjoms awaited_from_third_party=gaida-no-citiem illness=slimība "
            "holidays=svētki-atvaļinājums technical=tehniski"
        ),
        "FamilyTells": (
            "cannot_take_child=nevar-uzņemt-bērnu obstacle_to_duties=šķērslis-pienākumiem "
            "circumstances_of_care=aprūpes-apstākļi"
        ),
        "FamilyTold": "family_in_person=klātienē,personīgi family_with_centre=kopā-ar-centru",
        "FormType": (
            "family_case=lieta support_plan=atbalsta-plāns competence_review=kompetenču-pārskats "
            "self_assessment=pašnovērtējums worker_notes=palīgmateriāls care_preferences=aprūpes-parametri "
            "iap=iap other_family=cits-ģimenes other_child=cits-bērna needs=vajadzības "
            "caregiver_history=aprūpētāju-maiņa welfare_goal=labklājības-mērķis"
        ),
        "IncompleteBecause": (
            "not_drawn_up=nav-sagatavots not_kept_electronically=nav-elektroniski "
            "held_elsewhere=glabājas-citur"
        ),
        "ItemCorrected": "mistyped=pārrakstīšanās other_item=cits-sūtījums",
        "LateNoticeChoice": "release=pāriet continue=turpināt",
        "LegalBasis": (
            "method_family_move=metodika-1 method_child_move=metodika-3 "
            "orphans_court_decision=bāriņtiesas-lēmums"
        ),
        "MeetingParticipant": (
            "former_family=iepriekšējā-ģimene new_family=jaunā-ģimene childs_court=bāriņtiesa "
            "specialists=specialists both_centres=abi-centri"
        ),
        "MoveCancelReason": (
            "family_stays=ģimene-paliek other_centre_chosen=cits-centrs "
            "agreement_ended=vienošanās-izbeigta recorded_in_error=kļūda"
        ),
        "NoticeChannel": (
            "email=e-pasts sms=īsziņa messenger=ziņapmaiņa,whatsapp written_application=iesniegums "
            "in_person_minutes=klātienē,personīgi other_provable=cits"
        ),
        "ObjectionReason": (
            "notice_never_came=paziņojums-nav-saņemts notice_came_later=saņemts-vēlāk "
            "notice_came_earlier=saņemts-agrāk support_continued=atbalsts-turpināts"
        ),
        "OfferTakenBack": (
            "wrong_receiver=cits-centrs wrong_child=cits-bērns move_cancelled=pāreja-atcelta "
            "offered_twice=piedāvāts-divreiz"
        ),
        "Original": "paper=papīrs electronic=elektronisks",
        "OverrideReason": (
            "centre_closed=centrs-slēgts court_decision=bāriņtiesas-lēmums agreed_by_all=visi-vienojušies "
            "error_corrected=labota-kļūda"
        ),
        "PasswordChannel": "sms=īsziņa voice=tālrunis email=atsevišķa-vēstule",
        "PaymentOrder": "transfer_after_invoice=pārskaitījums instalments_after_invoice=pa-daļām",
        "PlanClosedBecause": "year_over=gads-beidzies cooperation_ended=sadarbība-izbeigta",
        "PlanPasswordChannel": (
            "sms=īsziņa phone=tālrunis separate_email=atsevišķa-vēstule email=tā-pati-vēstule"
        ),
        "PostalOutcome": "delivered=piegādāts returned=atgriezts recalled=atsaukts",
        "Premises": (
            "trainer=mācības-nodrošina familys=audžuģimenes-centrs institution=iestāde hired=nomātas"
        ),
        "Purpose": "continuity_of_support=atbalsta-pēctecība care_of_placed_child=bērna-aprūpe",
        "RefusalDispute": (
            "is_yours=ģimene-ir-jūsu not_received=nav-saņemts ground_exists=pamats-ir "
            "can_be_identified=var-identificēt"
        ),
        "RefuseReason": (
            "not_our_family=nav-mūsu no_longer_ours=vairs-nav-mūsu already_answered=jau-atbildēts "
            "no_ground=nav-pamata cannot_be_identified=nevar-identificēt"
        ),
        "RegistrationState": (
            "draft=nepabeigta queued=gaida sent=nosūtīta acknowledged=ierakstīta rejected=noraidīta "
            "unknown=nezināma needs_person=jālemj withdrawn=atsaukta"
        ),
        "RegistrationWithdrawnBecause": (
            "entered_by_hand=ievadīts-manuāli day_changed=mainīts-datums move_cancelled=pāreja-atcelta "
            "wrong_family=cita-ģimene replaced=aizstāta"
        ),
        "Regularity": (
            "weekly=nedēļā fortnightly=divās-nedēļās monthly=mēnesī quarterly=ceturksnī "
            "on_occasions=atsevišķi"
        ),
        "ResolveReason": (
            "recovered=atgūtas destroyed_by_recipient=iznīcinātas reported_to_authority=paziņots-dvi"
        ),
        "ServiceKind": (
            "initial_training=sākotnējās-mācības yearly_training=pilnveides-mācības "
            "social_worker=sociālais-darbinieks psychologist=psihologs "
            "psychosocial_support=psihosociālais-atbalsts other_specialist=cits-speciālists "
            "specialist_in_review=speciālists-pārskatā contact_with_relatives=saskarsme "
            "psychological_opinion_to_court=atzinums-bāriņtiesai "
            "characteristic_to_court=raksturojums-bāriņtiesai "
            "training_report_to_court=mācību-apguve-bāriņtiesai"
        ),
        "SignaturesAgreed": "plain=centra-atslēga qualified=drošs-paraksts",
        "Signing": "electronic=elektroniski paper=papīrs",
        "Specialised": "none=nav crisis=krīzes disability=invaliditāte both=abas",
        "SupplementReason": (
            "child_placed_since=ievietots-bērns found_missing=trūkst asked_by_court=bāriņtiesa"
        ),
        "TalkForm": "in_person=klātienē,personīgi online=tiešsaistē phone=tālrunis",
        "TalkHow": "in_person=klātienē,personīgi online=tiešsaistē",
        "TalkReason": (
            "yearly=ikgadējā new_child=jauns-bērns changed_circumstances=mainījušies-apstākļi "
            "court_evaluation=bāriņtiesas-izvērtējums"
        ),
        "TalkTopic": (
            "reasons=iemesli work_done=paveiktais notice_arrived=paziņojums competences=kompetences"
        ),
        "TrainingCancelled": (
            "family_cannot=ģimene-nevar lecturer_cannot=lektors-nevar too_few_participants=maz-dalībnieku "
            "family_left_centre=mainīts-centrs recorded_in_error=kļūda"
        ),
        "TrainingCost": "lecturer=lektors premises=telpas materials=materiāli travel=ceļš other=cits",
        "TrainingDeclined": (
            "no_place=nav-vietu not_needed=nav-vajadzīgs time_does_not_fit=neder-laiks "
            "price_does_not_fit=neder-cena contract_differs=līgums-atšķiras"
        ),
        "TrainingForm": "in_person=klātienē,personīgi online=tiešsaistē",
        "TrainingKind": "initial=sākotnējās advanced=pilnveides specialisation=specializācijas",
        "TrainingRole": "trainer=mācības-nodrošina familys=audžuģimenes-centrs",
        "TrainingTopic": (
            "care_and_protection=aprūpe developmental_needs=attīstība relations_with_families=attiecības "
            "safe_lifelong_relations=mūža-attiecības teamwork=komanda trauma_and_attachment=trauma "
            "behaviour=uzvedība health_and_disability=veselība crisis_care=krīze law=tiesības other=cits"
        ),
        "WithdrawReason": (
            "wrong_holder=cits-centrs move_cancelled=pāreja-atcelta duplicate=pieprasīts-divreiz "
            "given_up=vairs-negaida"
        ),
        "Workflow": (
            "copies=kopijas family_move=pāreja child_move=bērna-pāreja sibling_contact=saskarsme "
            "training=mācības support_plan=atbalsta-plāns agreement=vienošanās "
            "price_ceiling=augstākā-cena"
        ),
    }
)
"""By the name of a list: `value=word`, or `value=word,another`."""


@cache
def latvian(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Each value of a list with its words, the shown one first; nothing of a list that has none."""
    pairs = (one.partition("=") for one in LATVIAN.get(kind, "").split())
    return {value: tuple(words.split(",")) for value, _, words in pairs}


def shown(value: StrEnum, language: str) -> str:
    """The word by which a value is listed and asked for."""
    words = latvian(type(value).__name__).get(value.value) if language == "lv" else None
    return words[0] if words else value.value


def meant(kind: type[V], written: str) -> V | None:
    """The value that somebody typed, in either language; None where no value is called so."""
    wanted, words = plain(written), latvian(kind.__name__)
    for value in kind:
        if wanted in map(plain, (value.value, *words.get(value.value, ()))):
            return value
    return None


def plain(written: str) -> str:
    """Without what people leave out or put in: marks, capitals, the sign between two words."""
    letters = unicodedata.normalize("NFKD", written.strip().casefold())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return "-".join(bare.replace("_", " ").replace("-", " ").split())
