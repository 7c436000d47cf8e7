"""HDR radiance from renders to the table: noisy targets, nine channels, tone-mapped input; a stand-in renders."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from denoiselab.data import renders
from denoiselab.rendering import Layers, Shot

PARTS: dict[str, Any] = {
    "data": {
        "_target_": "denoiselab.data.Renders", "root": "none", "aux": ["albedo", "normal"], "size": 32,
        "train_scenes": 12, "val_scenes": 1, "test_scenes": 2, "reference_samples": 4096, "channels": 3,
        "batch_size": 8, "crop_size": 32, "crops_per_picture": 1, "augment": True, "shuffle_channels": False,
        "val_crop": None,
    },
    "noise": {"_target_": "denoiselab.degradations.MonteCarlo", "samples": 2},
    "supervision": {"_target_": "denoiselab.supervision.Noise2Noise", "force": False},
    "model": {"_target_": "denoiselab.networks.UNet", "num_features": 8},
    "loss": {"_target_": "denoiselab.objectives.HDRRelative", "eps": 0.01},
    "method": {"_target_": "denoiselab.methods.ToneMapped", "target": False},
}  # fmt: skip


ADAM = {"_target_": "torch.optim.Adam", "lr": 3e-3, "betas": [0.9, 0.99]}


@pytest.fixture(autouse=True)
def _rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discs of an albedo each in an uneven light; a path's radiance is exponential about its mean."""

    def one(shot: Shot) -> Layers:
        scene = np.random.default_rng(shot.scene)
        down, across = np.mgrid[: shot.size, : shot.size] / shot.size
        albedo = np.full((shot.size, shot.size, 3), 0.2)
        for _ in range(6):
            y, x, radius = scene.random(3)
            albedo[np.hypot(down - y, across - x) < radius / 3] = scene.uniform(0.1, 0.9, 3)
        light = 10 ** scene.uniform(-1, 1, 2).dot([down.mean(1), across.mean(0)])[:, None, None]
        clean = albedo * light
        noise = np.random.default_rng([shot.scene % 2**32, shot.samples, ord(shot.draw[0])])
        radiance = clean * noise.gamma(shot.samples, 1 / shot.samples, clean.shape)
        layers = {"radiance": radiance, "albedo": albedo, "normal": 0 * albedo}
        return {name: value.astype(np.float32) for name, value in layers.items()}

    def rendered(shots: Sequence[Shot], folder: Path) -> list[Layers]:
        return [one(shot) for shot in shots]

    monkeypatch.setattr(renders, "rendered", rendered)


def test_a_run_on_noisy_renders_ends_in_a_table_of_tone_mapped_psnr(trained: Callable[..., Any]) -> None:
    run = trained(**PARTS, trainer={"max_steps": 30, "val_every": 30}, optimizer=ADAM)
    assert run.figure("NLM") > run.figure("noisy"), "a classical method sees the picture tone-mapped"
    losses = run.metric("loss")
    assert np.mean(losses[-5:]) < losses[0] / 5
    results = (run.path / "results.md").read_text()
    assert "Monte Carlo, 2 samples a pixel" in results and "in tone-mapped radiance" in results


def test_mapped_noisy_targets_are_refused(trained: Callable[..., Any]) -> None:
    method = {"_target_": "denoiselab.methods.ToneMapped", "target": True}
    with pytest.raises(ValueError, match="mapped targets"):
        trained(**{**PARTS, "method": method})
