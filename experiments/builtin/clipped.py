"""White noise in files of 8 bit, whose black and white cut it off: what setting it right gains; `clipped.csv` beside.

    python experiments/builtin/clipped.py               # Set12 and Kodak24 below DENOISELAB_DATA

Mean of each picture's PSNR in dB, noise of seed i in the i-th picture: by the network as it is, by `denoise.py`'s way
(`restore.unclip`), and by the network where the noise never was cut off.
"""

import os
from pathlib import Path

import numpy as np

import denoiselab
from denoiselab.builtin import WEIGHTS
from denoiselab.io import picture_files, read_picture
from denoiselab.report.tables import Table
from denoiselab.restore.candidates import at_hand
from denoiselab.restore.doctor import Doctor

SETS, SIGMAS, WHITE = ("set12", "kodak24"), (15, 25, 50), 255
WAYS = ("8 bit, as it is", "8 bit, set right", "never clipped")


def main() -> None:
    """Restore every picture in three ways, and write the means."""
    doctor = Doctor(at_hand(WEIGHTS, trust=False)[0], lambda one: denoiselab.load(one.file))
    plain = denoiselab.load()
    found: dict[str, dict[str, str]] = {way: {} for way in WAYS}
    for name in SETS:
        for sigma in SIGMAS:
            figures = []
            for i, file in enumerate(picture_files(Path(os.environ["DENOISELAB_DATA"], name))):
                clean = read_picture(file).pixels.astype(np.float32) / WHITE
                noisy = clean + sigma / WHITE * np.random.default_rng(i).standard_normal(clean.shape, np.float32)
                stored = (noisy.clip(0, 1) * WHITE).round() / WHITE
                restored = [
                    denoise(picture, layout="HWC", value_range=(0, 1)).clip(0, 1)
                    for denoise, picture in ((plain, stored), (doctor.chosen([stored])[0], stored), (plain, noisy))
                ]
                figures.append([-10 * np.log10(np.mean((one - clean) ** 2)) for one in restored])
            for way, mean in zip(WAYS, np.mean(figures, 0).tolist(), strict=True):
                found[way][f"{name.capitalize()} {sigma}"] = f"{mean:.2f}"
            print(name, sigma, np.mean(figures, 0).round(2), flush=True)
    rows = [{"noise": way, **row} for way, row in found.items()]
    Table(list(rows[0]), rows).to_csv(Path(__file__).with_name("clipped.csv"))


if __name__ == "__main__":
    main()
