"""Rows of TIFF pages against the whole picture."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from denoiselab.io.pages import opened_pages


@pytest.mark.parametrize("tile", [None, (32, 32), (64, 16)], ids=str)
@pytest.mark.parametrize("compression", [None, "deflate"])
def test_rows_are_those_of_the_picture(tile: tuple[int, int] | None, compression: str | None, tmp_path: Path) -> None:
    """Also where the border's tiles are larger than what they show of it."""
    whole = np.random.default_rng(0).integers(0, 256, (50, 70, 4), dtype=np.uint8)
    file = tmp_path / "a.tif"
    layout = {"tile": tile} if tile else {"rowsperstrip": 16}
    tifffile.imwrite(file, whole, photometric="rgb", extrasamples=["unassalpha"], compression=compression, **layout)
    with opened_pages(file) as (page,):
        for start, stop in ((0, 50), (10, 33), (49, 50)):
            assert np.array_equal(page.rows(start, stop), whole[start:stop])
