"""How a large photocopied document is made: noisy 300-dpi pages, 60 MB, the same bytes for the same seed.

A real case holds years of scanned letters; the demo's stands in for them, so that the big upload is real.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from time import gmtime
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

A4_AT_300_DPI = (2480, 3508)
PAGES = 17
JPEG_QUALITY = 92
GRAIN = 41
"""Grey levels the scanner's noise spans. With the quality above a page becomes about 3.7 MB."""


def write_scan(path: Path, sheets: Sequence[bytes], *, seed: int) -> None:
    """Write a photocopy of every sheet (PNG) as a PDF of JPEG pages."""
    from PIL import Image

    rng = np.random.default_rng(seed)
    pages = [_photocopy(Image.open(io.BytesIO(sheet)).convert("L"), rng) for sheet in sheets]
    epoch = gmtime(0)
    pages[0].save(
        path,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=300,
        quality=JPEG_QUALITY,
        creationDate=epoch,
        modDate=epoch,
    )


def _photocopy(sheet: "Image", rng: np.random.Generator) -> "Image":
    """Slightly crooked, slightly grey, and grainy everywhere."""
    from PIL import Image

    crooked = sheet.rotate(float(rng.uniform(-0.7, 0.7)), Image.Resampling.BILINEAR, fillcolor=255)
    large = np.asarray(crooked.resize(A4_AT_300_DPI, Image.Resampling.BILINEAR))
    grain = rng.integers(0, GRAIN, size=large.shape, dtype=np.uint8)
    return Image.fromarray(np.maximum(large, 40) - grain)
