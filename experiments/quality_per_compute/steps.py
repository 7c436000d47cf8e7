"""How many steps of a training fit into a time on this machine, validations apart.

    python experiments/quality_per_compute/steps.py SECONDS WORDS …

trains with the WORDS of train.py for `TRIAL` steps, in a folder that is thrown away, and prints the number.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from denoiselab.report.curves import series

TRIAL, EVERY = 80, 10


def rate(words: list[str]) -> float:
    """Steps a second in the second half of a trial."""
    with tempfile.TemporaryDirectory() as folder:
        trial = (f"trainer.max_steps={TRIAL}", f"trainer.val_every={TRIAL}", f"trainer.log_every_n_steps={EVERY}")
        command = [sys.executable, "train.py", *words, *trial, "scheduler=constant", f"hydra.run.dir={folder}"]
        subprocess.run(command, check=True, stdout=sys.stderr)
        speeds = series(Path(folder) / "metrics.csv", "images_per_second")[1]
        batch = yaml.safe_load((Path(folder) / "config.yaml").read_text())["data"]["batch_size"]
    late = speeds[len(speeds) // 2 :]
    return sum(late) / len(late) / batch


if __name__ == "__main__":
    print(int(float(sys.argv[1]) * rate(sys.argv[2:]))) if len(sys.argv) > 2 else sys.exit(__doc__)
