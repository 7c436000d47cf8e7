"""Restorers on pictures without clean versions: the estimates against the truth."""

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
from denoiselab.report.comparison import Outcome
from denoiselab.report.cost import Cost
from denoiselab.report.plots import PARAMETERS
from denoiselab.report.results import Restored
from denoiselab.report.standings import overview, places, shown, standing
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


def test_tones_whose_noise_was_cut_are_left_out() -> None:
    random = np.random.default_rng(0).normal(0, 30 / 255, CLEAN.shape[:2])
    cut = np.clip(CLEAN[..., 0] + random, 0, 1) - CLEAN[..., 0]
    scores = Estimates()
    (one,) = estimated(pictures(cut), scores, {"TV": TotalVariation()}, "cpu")
    clean = torch.from_numpy(CLEAN).permute(2, 0, 1)[None]
    between = (clean - 0.5).abs() < 0.18
    true = -10 * (one.pictures["TV"] - clean)[between].square().mean().log10()
    assert scores.summary("TV")["psnr"] == pytest.approx(true.item(), abs=1.5)


def test_noise_that_neighbours_share_has_no_estimate() -> None:
    random = np.random.default_rng(0)
    shared = gaussian_filter(random.normal(0, 1, CLEAN.shape[:2]), 1) * 0.3
    scores = Estimates()
    found = list(
        estimated(pictures(random.normal(0, 0.1, CLEAN.shape[:2]), shared), scores, {"nothing": Nothing()}, "cpu")
    )
    assert scores.shared == ["1.png"] and "1 pictures have noise that neighbours share" in scores.notes()[0]
    assert found[1].figures == {"noisy": {}, "nothing": {}} and "nothing" in found[1].pictures
    assert scores.summary("nothing") == {"n": 1, "psnr": found[0].figures["nothing"]["psnr"]}


def test_pictures_without_an_estimate_are_left_out_of_means_and_pairs() -> None:
    scores = Estimates()
    errors = {"noisy": (0.02, float("nan")), "net": (0.01, float("nan"))}
    restored = [
        Restored(f"{i}.png", {}, {who: scores.add(who, torch.tensor([mse[i]])) for who, mse in errors.items()})
        for i in range(2)
    ]
    outcome = Outcome("mine", "as recorded", None, scores, restored, {"net": Cost(7, 1, 1, 1)}, [])
    noisy, net = standing(outcome, "noisy").rows
    assert noisy["PSNR, dB"] == pytest.approx(16.99, abs=0.01)
    assert net["− reference, dB"] == pytest.approx(3.01, abs=0.01)
    assert [point.psnr for point in places([outcome], {"net": {"_target_": "a.Net"}})[PARAMETERS]] == [20.0]


def test_a_set_without_any_estimate_has_a_table_without_figures() -> None:
    scores = Estimates()
    figures = {who: scores.add(who, torch.tensor([float("nan")])) for who in ("noisy", "net")}
    restored = [Restored("0.png", {"noisy": torch.zeros(1, 1, 8, 8)}, figures)]
    outcome = Outcome("mine", "as recorded", None, scores, restored, {"net": Cost(7, 1, 1, 1)}, [])
    table = standing(outcome, "noisy")
    assert list(table.columns) == ["restorer", "PSNR, dB"] and table.cells() == [["noisy", "–"], ["net", "–"]]
    assert overview([outcome]).cells()[0][1] == "–" and len(shown(outcome)) == 1
    assert not any(places([outcome], {}).values())
