"""What the demo says, by identifier, in Latvian and English; `locale/*.po` are the source."""

from pathlib import Path

from saikne_schemas.catalogue import Catalogue

CATALOGUE = Catalogue(Path(__file__).with_name("locale"))
text = CATALOGUE.text
