"""Restorers on pictures without clean versions: the estimates against the truth."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from skimage import data

from denoiselab.batch import Estimate, Observation
from denoiselab.data.store import PictureStore
from denoiselab.metrics import psnr
from denoiselab.report.unreferenced import Estimates, estimated
from denoiselab.restore.smoothers import TotalVariation

CLEAN = data.camera()[:256, 96:352, None].astype(np.float32) / 255


class Nothing:
    """Leaves a picture as it is."""

    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        return Estimate(observation.value)


def pictures(*noise: np.ndarray) -> Any:
    shots = [torch.from_numpy(CLEAN + one[..., None].astype(np.float32)) for one in noise]
    store = PictureStore.of({"shot0": shots}, [f"{i}.png" for i in range(len(noise))])
    return SimpleNamespace(stores={"test": store}, seed=0)


def test_estimates_are_near_the_truth_and_their_difference_nearer() -> None:
    noise = np.random.default_rng(0).normal(0, 25 / 255, CLEAN.shape[:2])
    scores = Estimates()
    (one,) = estimated(pictures(noise), scores, {"nothing": Nothing(), "TV": TotalVariation()}, "cpu")
    clean = torch.from_numpy(CLEAN).permute(2, 0, 1)[None]
    true = {name: psnr(one.pictures[name], clean).item() for name in ("noisy", "TV")}
    assert scores.names == ["noisy", "nothing", "TV"] and list(one.pictures) == scores.names
    assert scores.summary("noisy")["psnr"] == pytest.approx(true["noisy"], abs=0.2)
    assert scores.summary("TV")["psnr"] == pytest.approx(true["TV"], abs=0.8)
    assert one.figures["TV"]["psnr"] == scores.summary("TV")["psnr"] and scores.notes() == []


def test_noise_that_neighbours_share_has_no_estimate() -> None:
    random = np.random.default_rng(0)
    shared = gaussian_filter(random.normal(0, 1, CLEAN.shape[:2]), 1) * 0.3
    scores = Estimates()
    found = list(
        estimated(pictures(random.normal(0, 0.1, CLEAN.shape[:2]), shared), scores, {"nothing": Nothing()}, "cpu")
    )
    assert scores.shared == ["1.png"] and "1 pictures have noise that neighbours share" in scores.notes()[0]
    assert math.isnan(found[1].figures["nothing"]["psnr"]) and "nothing" in found[1].pictures
    assert scores.summary("nothing") == {"n": 1, "psnr": found[0].figures["nothing"]["psnr"]}
