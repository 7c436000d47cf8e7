"""Six photographs under white noise, restored by the package's networks; `gallery.jpg` beside this file.

    python experiments/builtin/gallery.py

The rule by which they were chosen before any was looked at: of the photographs of everyday things inside scikit-image's
wheel one of each scene, by name; the middle 192 pixels each way, sigma 25, seed 0.
"""

from pathlib import Path
from tempfile import NamedTemporaryFile

import torch
from PIL import Image

import denoiselab
from denoiselab.data.installed import installed
from denoiselab.data.store import centre
from denoiselab.io import read_picture
from denoiselab.metrics import psnr
from denoiselab.report.grids import compared, strips
from denoiselab.units import std_from_sigma, to_float

FILES = ("astronaut.png", "camera.png", "chelsea.png", "coffee.png", "motorcycle_left.png", "rocket.jpg")
SIDE, SIGMA = 192, 25
NAMES = ("noisy", "restored", "as it was")


def main() -> None:
    """Restore whole pictures, and show the middle of each; the figures are of the whole."""
    denoise, generator = denoiselab.load(), torch.Generator().manual_seed(0)
    rows: list[dict[str, torch.Tensor]] = [{}, {}, {}]
    notes: list[dict[str, str]] = [{}, {}, {}]
    for file in installed(FILES):
        clean = to_float(torch.from_numpy(read_picture(file).pixels.copy())).movedim(-1, 0)[None]
        noisy = clean + std_from_sigma(SIGMA) * torch.randn(clean.shape, generator=generator)
        restored = denoise(noisy, layout="NCHW", value_range=(0, 1)).clamp(0, 1)
        for row, note, picture, name in zip(rows, notes, (noisy, restored, clean), NAMES, strict=True):
            row[file.stem] = centre(picture, SIDE)
            figure = "" if picture is clean else f", {psnr(picture.clamp(0, 1), clean, peak=1.0).item():.2f} dB"
            note[file.stem] = f"{name}{figure}"
    with NamedTemporaryFile(suffix=".png") as draft:
        strips([compared(row, note, SIDE) for row, note in zip(rows, notes, strict=True)], Path(draft.name))
        with Image.open(draft.name) as drawn:
            drawn.convert("RGB").save(Path(__file__).with_name("gallery.jpg"), quality=90)


if __name__ == "__main__":
    main()
