"""A support vector machine with a radial kernel (scikit-learn) on the same pictures: the usual first baseline.

    pip install scikit-learn
    python experiments/stacked_dae/svm.py SET                        # basic, rot, bg-rand, ..., or mnist

C and gamma are chosen by the validation pictures, on a part of the training set; prints the test error in % of the
machine trained on up to 10 000 pictures.
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
SEARCHED, TRAINED, TESTED = 3000, 10_000, 10_000
"""Training pictures for the choice of C and gamma, and for the machine that is measured; test pictures."""


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


def main(variant: str) -> None:
    """Choose, train, measure, print."""
    data = read(variant)
    search, (held, truth) = split(data, "train", SEARCHED), split(data, "val", 1000)
    choices = list(product((1, 10, 100), (0.001, 0.005, 0.02, 0.05)))
    errors = [np.mean(SVC(C=c, gamma=gamma).fit(*search).predict(held) != truth) for c, gamma in choices]
    c, gamma = choices[int(np.argmin(errors))]
    pictures, labels = split(data, "test", TESTED)
    wrong = int(np.sum(SVC(C=c, gamma=gamma).fit(*split(data, "train", TRAINED)).predict(pictures) != labels))
    print(
        f"{100 * wrong / len(labels):.2f} ± {100 * interval(wrong, len(labels)):.2f} (C {c}, gamma {gamma}; "
        f"{len(labels)} test pictures)"
    )


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else sys.exit(__doc__)
