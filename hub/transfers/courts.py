"""Which orphans' court serves which territory on a day, and how a court may be entered.

Source: method S14, S81 (the court of the family's declared residence is told of its move); domain 2.1 (at
most one court a municipality, joint ones are possible), 5.2, 5.3. A court is named by its territory (orphans'
courts law s. 2(7)): the genitive of its name and "bāriņtiesa". What an operator enters wins over that rule.
How a court is reached is known to the operator only; how it is told of a move is decided elsewhere.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hub.centres.contacts import can_be_written_to
from hub.kernel.refusal import Refusal
from saikne_schemas.registration_numbers import is_registration_number

FIELDS = ("name", "registration_number", "email", "postal_address")
"""What of a court an operator may enter."""
LONGEST = 160
"""Characters of a name or an address."""

SINCE = date(2021, 7, 1)
"""The administrative reform: from this day the territories are those below."""
VARAKLANI_UNTIL = date(2025, 6, 30)

_STATE_CITIES = (
    ("LV-DGV", "Daugavpils valstspilsēta"),
    ("LV-JEL", "Jelgavas valstspilsēta"),
    ("LV-JUR", "Jūrmalas valstspilsēta"),
    ("LV-LPX", "Liepājas valstspilsēta"),
    ("LV-REZ", "Rēzeknes valstspilsēta"),
    ("LV-RIX", "Rīga"),
    ("LV-VEN", "Ventspils valstspilsēta"),
)
_MUNICIPALITIES = (
    ("LV-002", "Aizkraukles novads"),
    ("LV-007", "Alūksnes novads"),
    ("LV-011", "Ādažu novads"),
    ("LV-015", "Balvu novads"),
    ("LV-016", "Bauskas novads"),
    ("LV-022", "Cēsu novads"),
    ("LV-026", "Dobeles novads"),
    ("LV-033", "Gulbenes novads"),
    ("LV-041", "Jelgavas novads"),
    ("LV-042", "Jēkabpils novads"),
    ("LV-047", "Krāslavas novads"),
    ("LV-050", "Kuldīgas novads"),
    ("LV-052", "Ķekavas novads"),
    ("LV-054", "Limbažu novads"),
    ("LV-056", "Līvānu novads"),
    ("LV-058", "Ludzas novads"),
    ("LV-059", "Madonas novads"),
    ("LV-062", "Mārupes novads"),
    ("LV-067", "Ogres novads"),
    ("LV-068", "Olaines novads"),
    ("LV-073", "Preiļu novads"),
    ("LV-077", "Rēzeknes novads"),
    ("LV-080", "Ropažu novads"),
    ("LV-087", "Salaspils novads"),
    ("LV-088", "Saldus novads"),
    ("LV-089", "Saulkrastu novads"),
    ("LV-091", "Siguldas novads"),
    ("LV-094", "Smiltenes novads"),
    ("LV-097", "Talsu novads"),
    ("LV-099", "Tukuma novads"),
    ("LV-101", "Valkas novads"),
    ("LV-102", "Varakļānu novads"),
    ("LV-106", "Ventspils novads"),
    ("LV-111", "Augšdaugavas novads"),
    ("LV-112", "Dienvidkurzemes novads"),
    ("LV-113", "Valmieras novads"),
)
_MERGED = {"LV-102": (VARAKLANI_UNTIL, "LV-059")}


class TerritoryUnknown(Refusal):
    code = "transfers.territory-unknown"


class TerritoryEnded(Refusal):
    """It is part of another one now: that one may be given to a court."""

    code = "transfers.territory-ended"


class CourtUnknown(Refusal):
    code = "transfers.court-unknown"


class ServedAlready(Refusal):
    """The court serves the territory already."""

    code = "transfers.court-serves-already"


class ServedOtherwiseSince(Refusal):
    """What is known of the territory begins after that day."""

    code = "transfers.court-changed-since"


class CourtFieldInvalid(Refusal):
    """A name, an address or a number that cannot be one."""

    code = "transfers.court-field-invalid"


@dataclass(frozen=True, slots=True)
class Served:
    """A territory over a time in which one court serves it; both days belong to it."""

    territory: str
    """Its code by ISO 3166-2."""
    name: str
    court: str
    valid_from: date
    valid_to: date | None = None
    merged_into: str | None = None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Court:
    code: str
    """The code of the territory in which it sits."""
    name: str
    registration_number: str | None = None
    email: str | None = None
    postal_address: str | None = None
    checked_on: date | None = None
    """When the operator last entered it; none while nothing but its name is known."""

    @property
    def e_address(self) -> str | None:
        """The official electronic address of whoever bears the registration number (domain 4.1)."""
        return f"_DEFAULT@{self.registration_number}" if self.registration_number else None


@dataclass(frozen=True, slots=True)
class Directory:
    """Every court and every territory that there was since the reform."""

    courts: Mapping[str, Court]
    served: tuple[Served, ...]

    def in_force(self, on: date) -> list[tuple[Court, list[Served]]]:
        """The courts of a day with what they serve, by name."""
        found: dict[str, list[Served]] = {}
        for one in sorted(self.served, key=lambda served: _alphabetical(served.name)):
            if one.holds(on):
                found.setdefault(one.court, []).append(one)
        courts = [(self.court(code), served) for code, served in found.items()]
        return sorted(courts, key=lambda court: _alphabetical(court[0].name))

    def court(self, code: str) -> Court:
        if code not in self.courts:
            raise CourtUnknown(court=code)
        return self.courts[code]

    def serving(self, territory: str, on: date) -> Court | None:
        """A territory's court on a day: of one that was merged, the court of what it belongs to now."""
        known = [one for one in self.served if one.territory == territory]
        if not known:
            raise TerritoryUnknown(territory=territory)
        for one in known:
            if one.holds(on):
                return self.court(one.court)
        last = max(known, key=lambda served: served.valid_from)
        if last.merged_into is None or on < last.valid_from:
            return None
        return self.serving(last.merged_into, on)

    def must_serve(self, territory: str, on: date) -> Court:
        """Where somebody has to be told: a territory without a court that day is none."""
        court = self.serving(territory, on)
        if court is None:
            raise TerritoryUnknown(territory=territory)
        return court


def genitive(name: str) -> str:
    """Of a territory's name: `Madonas novads` is `Madonas novada`, `Rīga` is `Rīgas`."""
    return name.removesuffix("s") + "a" if name.endswith("novads") else name + "s"


def court_name(territory: str) -> str:
    return f"{genitive(territory)} bāriņtiesa"


def from_the_start() -> Directory:
    """The territories since the reform, each with a court of its own (domain 5.3)."""
    served = tuple(
        Served(code, name, code, SINCE, *_MERGED.get(code, (None, None)))
        for code, name in (*_STATE_CITIES, *_MUNICIPALITIES)
    )
    return Directory({one.court: Court(one.court, court_name(one.name)) for one in served}, served)


def given_to(directory: Directory, territory: str, court: str, first_day: date) -> tuple[Served, ...]:
    """What changes when a court serves a territory from a day on: the time that ends, the one that begins.

    The first day of the present time corrects it.
    """
    directory.court(court)
    known = [one for one in directory.served if one.territory == territory]
    if not known:
        raise TerritoryUnknown(territory=territory)
    last = max(known, key=lambda served: served.valid_from)
    if last.valid_to is not None:
        raise TerritoryEnded(territory=territory, merged_into=last.merged_into)
    if last.court == court:
        raise ServedAlready(territory=territory, court=court)
    if first_day < last.valid_from:
        raise ServedOtherwiseSince(territory=territory, since=last.valid_from.isoformat())
    if first_day == last.valid_from:
        return (replace(last, court=court),)
    ended = replace(last, valid_to=first_day - timedelta(days=1))
    return ended, replace(last, court=court, valid_from=first_day)


def entered(court: Court, given: Mapping[str, str], on: date) -> Court:
    """The court as an operator enters it: an empty text takes out what was there, but never the name."""
    for field, value in given.items():
        if not _fits(field, value):
            raise CourtFieldInvalid(court=court.code, field=field)
    return replace(court, **{field: value or None for field, value in given.items()}, checked_on=on)  # type: ignore[arg-type]


def _fits(field: str, value: str) -> bool:
    if field not in FIELDS or not value:
        return field in FIELDS and field != "name"
    if field == "registration_number":
        return is_registration_number(value)
    if field == "email":
        return can_be_written_to(value)
    return value == value.strip() and value.isprintable() and len(value) <= LONGEST


def _alphabetical(name: str) -> tuple[str, str]:
    """Ā beside A: the order of the Latvian alphabet, near enough for lists of names."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return plain.casefold(), name
