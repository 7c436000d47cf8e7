"""Classical denoisers of AWGN of a known std, on pictures scaled to [0, 1]; each follows scikit-image's own advice."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from importlib.util import find_spec
from typing import Any, final

import numpy as np
import torch
from numpy.typing import NDArray

from denoiselab.batch import Estimate, Observation
from denoiselab.degradations import Degradation
from denoiselab.restore.baseline import Baseline, replaces


class Smoother(Baseline):
    """Restores each picture of an observation by its noise level alone, on the CPU."""

    @final
    def suits(self, degradation: Degradation) -> bool:
        """Whatever has not replaced or lost whole pixels."""
        return degradation.scale == 1 and not degradation.loses and not replaces(degradation)

    @final
    def restore(self, observation: Observation, n: int = 1) -> Estimate:
        """Value `(N, C, H, W)` about [0, 1], `(N,)` its std -> the mean; there is nothing to sample.

        Where there is no one std (Poisson) or it isn't known (recorded noise) it is estimated from each picture, as
        if it were AWGN.
        """
        value, std = observation.value, observation.std
        pictures = value.detach().float().movedim(1, -1).cpu().numpy()
        levels = [estimated_std(p) for p in pictures] if std is None else std.flatten().tolist()
        restored = [self.one(p, std) for p, std in zip(pictures, levels, strict=True)]
        return Estimate(torch.from_numpy(np.stack(restored)).movedim(-1, 1).to(value))

    def one(self, noisy: NDArray[Any], std: float) -> NDArray[Any]:
        """`(H, W, C)` -> the same shape; without noise there is nothing to do."""
        return noisy if std <= 0 else np.asarray(self.denoise(noisy, std), np.float32).reshape(noisy.shape)

    @abstractmethod
    def denoise(self, noisy: NDArray[Any], std: float) -> NDArray[Any]:
        """`(H, W, C)` float32 with noise of a positive std -> restored."""


class NonLocalMeans(Smoother):
    """Non-local means (Buades, Coll and Morel, CVPR 2005), fast by integral images: 5x5 patches within 13x13."""

    name = "NLM"

    def denoise(self, noisy: NDArray[Any], std: float) -> NDArray[Any]:
        """Strength h = 0.8 std; distances between patches less what the noise alone makes."""
        from skimage.restoration import denoise_nl_means

        window = {"patch_size": 5, "patch_distance": 6, "fast_mode": True, "channel_axis": -1}
        return np.asarray(denoise_nl_means(noisy, h=0.8 * std, sigma=std, **window))


class TotalVariation(Smoother):
    """Total variation (Rudin, Osher and Fatemi 1992; Chambolle 2004).

    weight = std (0.6 + 1.6 std): the best factor rises from 0.6 at sigma 5 to 0.9 at sigma 50 on scikit-image's
    camera, astronaut, coins and coffee. Iterated to eps = 1e-5, since at the default 2e-4 it stops at random.
    """

    name = "TV"

    def denoise(self, noisy: NDArray[Any], std: float) -> NDArray[Any]:
        """Chambolle's projection, the channels coupled."""
        from skimage.restoration import denoise_tv_chambolle

        weight = std * (0.6 + 1.6 * std)
        return np.asarray(denoise_tv_chambolle(noisy, weight=weight, eps=1e-5, max_num_iter=200, channel_axis=-1))


class Wavelet(Smoother):
    """Soft thresholding in db1 wavelets, BayesShrink (Chang, Yu and Vetterli 2000), averaged over shifts of 0 to 3.

    The shifts (Coifman and Donoho 1995) take away the blocks; colour is thresholded in YCbCr.
    """

    name = "wavelet"
    SHIFTS = 4

    def denoise(self, noisy: NDArray[Any], std: float) -> NDArray[Any]:
        """Mean over all shifts of rows and columns."""
        spins = [(y, x) for y in range(self.SHIFTS) for x in range(self.SHIFTS)]
        total = np.zeros_like(noisy)
        for spin in spins:
            shifted = self.shrink(np.roll(noisy, spin, (0, 1)), std)
            total += np.roll(shifted, (-spin[0], -spin[1]), (0, 1))
        return total / len(spins)

    def shrink(self, noisy: NDArray[Any], std: float) -> NDArray[Any]:
        """One thresholding."""
        from skimage.restoration import denoise_wavelet

        options = {"method": "BayesShrink", "mode": "soft", "rescale_sigma": True, "channel_axis": -1}
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Level value of")  # a picture one pixel wide
            return np.asarray(denoise_wavelet(noisy, sigma=std, convert2ycbcr=noisy.shape[-1] == 3, **options))


class BM3D(Smoother):
    """Block matching and 3D filtering (Dabov et al. 2007), where `bm3d` is installed: for non-commercial use only."""

    name = "BM3D"
    SMALLEST = 16

    def denoise(self, noisy: NDArray[Any], std: float) -> NDArray[Any]:
        """Colour by `bm3d_rgb`, which matches blocks in the luminance; below the size of a block mirrored up to it."""
        import bm3d

        missing = [max(self.SMALLEST - side, 0) for side in noisy.shape[:2]]
        padded = np.pad(noisy, [*((0, n) for n in missing), (0, 0)], mode="symmetric")
        colour = noisy.shape[-1] == 3 and not any(missing)
        restored = np.asarray(bm3d.bm3d_rgb(padded, std) if colour else bm3d.bm3d(padded, std))
        return restored.reshape(padded.shape)[: noisy.shape[0], : noisy.shape[1]]


def estimated_std(noisy: NDArray[Any]) -> float:
    """The std of AWGN in a picture `(H, W, C)`, from its finest wavelets (Donoho and Johnstone 1994)."""
    from skimage.restoration import estimate_sigma

    return float(estimate_sigma(noisy, average_sigmas=True, channel_axis=-1))


def smoothers() -> list[Smoother]:
    """Those that can run here."""
    found: list[Smoother] = [NonLocalMeans(), TotalVariation(), Wavelet()]
    return [*found, BM3D()] if find_spec("bm3d") else found
