"""The demo's certifying officers as an answer's manifest names them (MK 558; domain 2.3)."""

from saikne_demo.family import Certification as Officer
from saikne_schemas.manifests import Certification
from saikne_schemas.vocabulary import CertificationWords


def certified(by: Officer) -> Certification:
    return Certification(
        words=CertificationWords(by.words),
        officer=by.officer,
        position=by.position,
        organisation=by.organisation,
        on=by.on,
    )
