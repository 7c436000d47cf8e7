"""Noise that was clipped leaves no gray in black and white."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from skimage import data

import denoiselab
from denoiselab.builtin import WEIGHTS
from denoiselab.degradations import Gaussian, Recorded
from denoiselab.diagnosis import Diagnosis, diagnose
from denoiselab.diagnosis.line import Line
from denoiselab.restore.candidates import at_hand
from denoiselab.restore.doctor import Doctor, unclips
from denoiselab.restore.unclip import unclipping

FOUND = Diagnosis(std=0.2, variance=Line(0.04, 0.0), darkest=0, brightest=1, correlation=0, cut=0.1)


@pytest.mark.parametrize("variance", [Line(0.04, 0.0), Line(0.001, 0.03)])
def test_the_mean_of_clipped_noise_is_taken_back(variance: Line) -> None:
    found = replace(FOUND, variance=variance)
    clean = np.linspace(0, 1, 11)
    std = np.array([found.std_at(float(light)) for light in clean])
    noise = np.random.default_rng(0).standard_normal((200_000, 1))
    seen = torch.from_numpy((clean + std * noise).clip(0, 1).mean(0)).float().view(1, 1, 1, -1)
    restored = unclipping(lambda part: part, found)(seen).flatten().numpy()
    assert abs(seen[..., 0].item() - 0) > 0.01 and np.abs(restored - clean).max() < 0.004
    beyond = unclipping(lambda part: part, found)(torch.tensor([[[[-1.0, 2.0]]]]))
    assert beyond.flatten().tolist() == [0, 1]


def test_a_dark_photograph_comes_closer() -> None:
    clean = data.rocket()[100:260, 200:420].astype(np.float32) / 255
    noisy = clean + 50 / 255 * np.random.default_rng(0).standard_normal(clean.shape, np.float32)
    noisy = (noisy.clip(0, 1) * 255).round() / 255
    doctor = Doctor(at_hand(WEIGHTS, trust=False)[0], lambda one: denoiselab.load(one.file))
    denoise, said = doctor.chosen([noisy])
    known = denoiselab.load("builtin/rgb")
    errors = [float(np.mean((one(noisy, layout="HWC", value_range=(0, 1)) - clean) ** 2)) for one in (known, denoise)]
    assert "values clipped, which is set right; by builtin/rgb" in said and errors[1] < 0.8 * errors[0]


def test_only_white_noise_that_was_cut_off_is_set_right() -> None:
    candidate, found = at_hand(WEIGHTS, trust=False)[0][-1], FOUND
    assert unclips(found, candidate)
    for other in (replace(found, cut=0.0), replace(found, correlation=0.5), replace(found, dots=0.1)):
        assert not unclips(other, candidate)
    for noise in (Recorded(), Gaussian(sigma=[0, 55], clip=True)):
        assert not unclips(found, replace(candidate, noise=noise))
    whole = 0.5 + 0.05 * np.random.default_rng(0).standard_normal((80, 80, 1), np.float32)
    assert not unclips(diagnose([whole]), candidate)
