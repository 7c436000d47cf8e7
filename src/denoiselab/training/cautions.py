"""What a person should know of the data before training on it: what is wrong, or hardly can be right."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.data import Data, PictureData
from denoiselab.data.store import centre
from denoiselab.diagnosis import LOUD, Diagnosis, diagnose
from denoiselab.diagnosis.clipping import part_cut
from denoiselab.domains import PHOTOGRAPH
from denoiselab.methods import Method
from denoiselab.supervision import misfit
from denoiselab.units import std_from_sigma

LOOKED_AT, DIAGNOSED = 16, 3
"""Training samples that are looked at; and of which the noise is told."""
SIDE, ENOUGH = 1024, 128
"""Of a picture the middle is looked at; and the side from which on texture isn't taken for noise."""
CUT = 0.01
"""The part of the values at black and white that is worth a word."""
AS_LOUD = 0.7
"""The part of the noisy picture's noise from which on its target is no clean one, if it is loud."""
BLOCK, UNLIKE, PLAIN = 8, 0.5, 2
"""Sides of the blocks whose means tell whether two pictures show the same thing; the correlation below which they
don't; and how many times the variance of neighbouring blocks that of all has to be, or there is too little to see."""


def cautions(data: Data, method: Method) -> list[str]:
    """A line on each thing that is wrong."""
    found = [*forced(data, method), *twins(data)]
    if isinstance(data, PictureData) and data.degradation.recorded and "train" in data.stores:
        found += mismatched(data)
        if data.domain is PHOTOGRAPH:
            found += [*clipped(data), *neighbourly(data), *noisy_targets(data)]
    return found


def forced(data: Data, method: Method) -> list[str]:
    """Targets that lead elsewhere than to the clean picture, which were asked for."""
    reason = misfit(data.supervision, data.degradation, method.objective, bends_target=method.bends_target)
    return [f"{reason} (supervision.force=true)"] if reason else []


def twins(data: Data, most: int = 3) -> list[str]:
    """Test pictures, and validation pictures, that stand in the training set too, pixel for pixel."""
    train, lines = data.stores.get("train"), []
    known = dict(zip(train.keys, train.names, strict=True)) if train else {}
    for split, kind in (("val", "validation"), ("test", "test")):
        if (store := data.stores.get(split)) is None:
            continue
        found = [f"{name} = {known[key]}" for key, name in zip(store.keys, store.names, strict=True) if key in known]
        if found:
            said = ", ".join([*found[:most], "…"] if len(found) > most else found)
            many = f"{len(found)} of {len(store)} {kind} pictures are training pictures too"
            lines.append(f"{many} ({said}): their figures mean nothing")
    return lines


def clipped(data: Data) -> list[str]:
    """Recorded targets whose noise was cut at black and white: their mean is no longer the picture's."""
    if not data.supervision.noisy_target:
        return []
    part = statistics.mean(part_cut([sample["shot0"].numpy()]) for _, sample in samples(data, LOOKED_AT))
    if part < CUT:
        return []
    return [
        f"{part:.0%} of the noisy values lie at black or white, where noise is cut: such shadows come out too light "
        "and such lights too dark; linear recordings with a black level above 0 have none of it"
    ]


def mismatched(data: Data) -> list[str]:
    """Input and target that are one and the same recording, or show different things."""
    if data.supervision.blind_spot:
        return []
    target, same, other, many = "shot1" if data.supervision.noisy_target else "clean", list[str](), list[str](), 0
    for name, sample in samples(data, LOOKED_AT):
        if target in sample:
            many += 1
            same += [name] * torch.equal(sample["shot0"], sample[target])
            other += [name] * unlike(sample["shot0"], sample[target])
    of = f"of {many} scenes that were looked at"
    lines = [f"{len(same)} {of} are the same picture twice ({same[0]}): they teach nothing"] if same else []
    if other:
        lines.append(f"{len(other)} {of} are two different pictures ({other[0]}): a scene's have to match by the pixel")
    return lines


def unlike(one: Tensor, other: Tensor) -> bool:
    """Whether two pictures `(1, C, H, W)` show different things, each with more to see than noise of any kind."""
    if min(one.shape[-2:]) < 8 * BLOCK:
        return False
    first, second = (F.avg_pool2d(picture.mean(1, keepdim=True), BLOCK)[0, 0] for picture in (one, other))
    for blocks in (first, second):
        uneven = max(float(blocks.diff(dim=axis).square().mean()) / 2 for axis in (0, 1))
        if float(blocks.var()) < PLAIN * uneven:
            return False
    return float(torch.corrcoef(torch.stack((first.flatten(), second.flatten())))[0, 1]) < UNLIKE


def neighbourly(data: Data) -> list[str]:
    """Single noisy pictures whose noise a pixel's neighbours tell."""
    if not data.supervision.blind_spot or not (found := diagnosed(data, "shot0")):
        return []
    correlation = statistics.median(one.correlation for one in found)
    if correlation == 0:
        return []
    return [
        f"neighbouring pixels share the noise (correlation {correlation:.2f}), as in developed photographs, so they "
        "can't tell it from the picture: take raw pixels, or two shots of each scene and supervision=noise2noise"
    ]


def noisy_targets(data: Data) -> list[str]:
    """Pictures that are held to be clean and are as noisy as the others."""
    if data.supervision.noisy_target or not (found := diagnosed(data, "clean")):
        return []
    std, noisy = (statistics.median(one.std for one in some) for some in (found, diagnosed(data, "shot0")))
    if std < max(LOUD, AS_LOUD * noisy):
        return []
    return [
        f"there seems to be noise of sigma {std / std_from_sigma(1):.0f} in the clean pictures: if they are second "
        "shots, say so (data.target_is=noisy) and take supervision=noise2noise"
    ]


def diagnosed(data: Data, layer: str) -> list[Diagnosis]:
    """The noise of the first pictures, of those that are large enough for it to be told from texture."""
    pictures = (sample[layer] for _, sample in samples(data, DIAGNOSED) if layer in sample)
    large = (picture for picture in pictures if min(picture.shape[-2:]) >= ENOUGH)
    return [diagnose([picture[0].movedim(0, -1).numpy()]) for picture in large]


def samples(data: Data, most: int) -> Iterator[tuple[str, dict[str, Tensor]]]:
    """The names of the first training samples, and their middles, one after another on the CPU."""
    train = data.stores["train"]
    for i in range(min(len(train), most)):
        layers = train.sample(i)
        yield train.names[i], {name: centre(layers[name], SIDE).cpu() for name in layers if name != "label"}
