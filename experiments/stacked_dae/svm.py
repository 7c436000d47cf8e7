"""Support vector machines with a radial kernel (scikit-learn) on the same pictures: the usual first baseline.

    pip install scikit-learn
    python experiments/stacked_dae/svm.py basic rot bg-rand ...      # or mnist

C and gamma are chosen by the validation pictures, on a part of the training set; prints the test error of the machine
trained on all of it, in %.
"""

import sys
from itertools import product
from pathlib import Path

import numpy as np
import yaml
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf
from sklearn.svm import SVC

from denoiselab.data import Data
from denoiselab.methods.assembly import make_data
from denoiselab.report.classes import interval

CONF = Path(__file__).parents[2] / "conf"
SEARCHED, TESTED = 3000, 10_000
"""Training pictures for the choice of C and gamma; test pictures."""


def read(variant: str) -> Data:
    """The data of the recipe."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        said = ["data=mnist"] if variant == "mnist" else [f"data.variant={variant}"]
        config = OmegaConf.to_container(compose("train", ["experiment=stacked_dae", *said]), resolve=True)
    supervision = yaml.safe_load((CONF / "supervision/label.yaml").read_text())
    data = make_data({**config, "supervision": supervision}, trust=False)
    data.setup()
    return data


def split(data: Data, name: str, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures as vectors in [0, 1], and their classes."""
    store = data.stores[name]
    many = min(most, len(store))
    return store.layers["clean"].reshape(len(store), -1)[:many].numpy() / 255, store.labels[:many].numpy()


def main(*variants: str) -> None:
    """A line for each."""
    for variant in variants:
        data = read(variant)
        search, (held, truth) = split(data, "train", SEARCHED), split(data, "val", 1000)
        choices = product((1, 10, 100), (0.001, 0.005, 0.02, 0.05))
        errors = {
            choice: np.mean(SVC(C=choice[0], gamma=choice[1]).fit(*search).predict(held) != truth) for choice in choices
        }
        c, gamma = min(errors, key=errors.__getitem__)
        pictures, labels = split(data, "test", TESTED)
        wrong = int(np.sum(SVC(C=c, gamma=gamma).fit(*split(data, "train", 10_000)).predict(pictures) != labels))
        print(
            f"{variant}: {100 * wrong / len(labels):.2f} ± {100 * interval(wrong, len(labels)):.2f}",
            f"(C {c}, gamma {gamma})",
            flush=True,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
