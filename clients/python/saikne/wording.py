"""Every sentence of client and command, by identifier, in Latvian and English; `locale/*.po` are the source.

The hub's own sentences come from the hub, in the language asked for.
"""

from pathlib import Path

from saikne_schemas.catalogue import COMMON, LANGUAGES, Catalogue

__all__ = ["CATALOGUE", "LANGUAGES", "known", "sentence"]

CATALOGUE = Catalogue(Path(__file__).with_name("locale"), COMMON)
known = CATALOGUE.known
sentence = CATALOGUE.text
