"""The library's whole public face, which `from saikne import …` finds here: each name stands once.

Of the wire documents all is public, since all is published: statements, answers, the words of closed lists.
"""

from saikne.answer import AnswerFile as AnswerFile
from saikne.answer import certification_preview as certification_preview
from saikne.answer import prepare_answer as prepare_answer
from saikne.answer import send_answer as send_answer
from saikne.court_letter import LetterFacts as LetterFacts
from saikne.court_letter import compose_letter as compose_letter
from saikne.credentials import Credentials as Credentials
from saikne.enrolment import CentreKeys as CentreKeys
from saikne.enrolment import enrolment_file as enrolment_file
from saikne.enrolment import new_enrolment as new_enrolment
from saikne.enrolment import rotation_file as rotation_file
from saikne.hub import Downloaded as Downloaded
from saikne.hub import Hub as Hub
from saikne.installation import Installation as Installation
from saikne.keys import Algorithm as Algorithm
from saikne.keys import CentreKey as CentreKey
from saikne.keys import fingerprint as fingerprint
from saikne.parcel import OpenedParcel as OpenedParcel
from saikne.parcel import open_parcel as open_parcel
from saikne.parcel_entries import ParcelRefused as ParcelRefused
from saikne.passwords import Password as Password
from saikne.passwords import WrongPassword as WrongPassword
from saikne.passwords import password_of as password_of
from saikne.plan_sending import send_plan as send_plan
from saikne.problems import HubOutage as HubOutage
from saikne.problems import HubRefusal as HubRefusal
from saikne.problems import LocalRefusal as LocalRefusal
from saikne.problems import SaikneProblem as SaikneProblem
from saikne.receipts import verify_acceptance as verify_acceptance
from saikne.receipts import verify_receipt as verify_receipt
from saikne.receipts import verify_statement as verify_statement
from saikne.register_seal import seal as seal
from saikne.retries import Patience as Patience
from saikne.sibling_texts import ContactTexts as ContactTexts
from saikne.sibling_texts import contact_texts as contact_texts
from saikne.statements import compose as compose
from saikne.statements import wire_bytes as wire_bytes
from saikne_schemas.agreements import AcceptAgreement as AcceptAgreement
from saikne_schemas.agreements import AgreementView as AgreementView
from saikne_schemas.agreements import EndAgreement as EndAgreement
from saikne_schemas.agreements import ProposeAgreement as ProposeAgreement
from saikne_schemas.agreements import RefuseAgreement as RefuseAgreement
from saikne_schemas.child_moves import *
from saikne_schemas.child_vocabulary import *
from saikne_schemas.correction_words import *
from saikne_schemas.corrections import *
from saikne_schemas.court_views import *
from saikne_schemas.duty_reports import *
from saikne_schemas.enrolment import *
from saikne_schemas.extensions import *
from saikne_schemas.family_move_words import *
from saikne_schemas.family_moves import *
from saikne_schemas.identities import *
from saikne_schemas.manifests import *
from saikne_schemas.matters import *
from saikne_schemas.offers import *
from saikne_schemas.outside import *
from saikne_schemas.paper import *
from saikne_schemas.plan_lists import *
from saikne_schemas.plan_sendings import *
from saikne_schemas.plan_talks import *
from saikne_schemas.plans import *
from saikne_schemas.price_ceilings import *
from saikne_schemas.proofs import *
from saikne_schemas.reconciliation import *
from saikne_schemas.refusals import *
from saikne_schemas.register_entries import *
from saikne_schemas.register_words import *
from saikne_schemas.registrations import *
from saikne_schemas.sibling_contacts import *
from saikne_schemas.signed_files import *
from saikne_schemas.statements import CameBy as CameBy
from saikne_schemas.statements import ForOutside as ForOutside
from saikne_schemas.supplements import *
from saikne_schemas.training import *
from saikne_schemas.training_lists import *
from saikne_schemas.training_reports import *
from saikne_schemas.views import *
from saikne_schemas.vocabulary import *
