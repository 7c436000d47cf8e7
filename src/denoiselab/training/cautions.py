"""What a person should know of the data before training on it: what is wrong, or hardly can be right."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from denoiselab.data import Data, PictureData
from denoiselab.diagnosis import SMALLEST, Diagnosis, diagnose
from denoiselab.diagnosis.clipping import part_cut
from denoiselab.domains import PHOTOGRAPH
from denoiselab.methods import Method
from denoiselab.supervision import misfit
from denoiselab.units import std_from_sigma

LOOKED_AT, DIAGNOSED = 16, 3
"""Training samples that are looked at; and of which the noise is told."""
CUT = 0.01
"""The part of the values at black and white that is worth a word."""
LOUD = std_from_sigma(15)
"""The noise from which on a picture hardly is a clean one."""
BLOCK, UNLIKE, PLAIN = 8, 0.5, 16
"""Sides of the blocks whose means tell whether two pictures show the same thing; the correlation below which they
don't; and how many times the variance that noise gives to these means theirs has to be, or there is nothing to see."""


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
    part = statistics.mean(part_cut([sample["shot0"].numpy()]) for sample in samples(data, LOOKED_AT))
    if part < CUT:
        return []
    return [
        f"{part:.0%} of the noisy values lie at black or white, where noise is cut: such shadows come out too light "
        "and such lights too dark; linear recordings with a black level above 0 have none of it"
    ]


def mismatched(data: Data) -> list[str]:
    """Two recordings of a scene that are one and the same, or show different things."""
    names, lines = data.stores["train"].names, []
    pairs = [tuple(s[name] for name in ("shot0", "shot1", "clean") if name in s)[:2] for s in samples(data, LOOKED_AT)]
    pairs = [pair for pair in pairs if len(pair) == 2]
    for wrong, said, so in (
        (torch.equal, "the same picture twice", "there is nothing to learn from them"),
        (unlike, "two different pictures", "they have to be of one scene, pixel upon pixel"),
    ):
        if found := [name for name, pair in zip(names, pairs, strict=False) if wrong(*pair)]:
            lines.append(f"{len(found)} of {len(pairs)} scenes that were looked at are {said} ({found[0]}): {so}")
    return lines


def unlike(one: Tensor, other: Tensor) -> bool:
    """Whether two pictures `(1, C, H, W)` show different things, each with more to see than noise could show."""
    if min(one.shape[-2:]) < 4 * BLOCK:
        return False
    first, second = (F.avg_pool2d(picture.mean(1, keepdim=True), BLOCK).flatten() for picture in (one, other))
    between = (one - other).mean(1).diff(dim=-1)
    noise = between.square().mean() / 4 / BLOCK**2
    if min(first.var(), second.var()) < PLAIN * noise:
        return False
    return float(torch.corrcoef(torch.stack((first, second)))[0, 1]) < UNLIKE


def neighbourly(data: Data) -> list[str]:
    """Single noisy pictures whose noise a pixel's neighbours tell."""
    if not data.supervision.blind_spot:
        return []
    if not (correlation := middle(data, "shot0", lambda diagnosis: diagnosis.correlation)):
        return []
    return [
        f"neighbouring pixels share the noise (correlation {correlation:.2f}), as in developed photographs, so they "
        "can't tell it from the picture: take raw pixels, or two shots of each scene and supervision=noise2noise"
    ]


def noisy_targets(data: Data) -> list[str]:
    """Pictures that are held to be clean and are not."""
    if data.supervision.noisy_target or "clean" not in data.stores["train"].layers:
        return []
    if (std := middle(data, "clean", lambda diagnosis: diagnosis.std)) < LOUD:
        return []
    return [
        f"there seems to be noise of sigma {std / std_from_sigma(1):.0f} in the clean pictures: if they are "
        "second shots, data.target_is=noisy supervision=noise2noise"
    ]


def middle(data: Data, layer: str, figure: Callable[[Diagnosis], float]) -> float:
    """The median over a few pictures of something in their diagnosis; 0 where none is large enough for one."""
    pictures = (sample[layer][0].movedim(0, -1).numpy() for sample in samples(data, DIAGNOSED))
    found = [figure(diagnose([picture])) for picture in pictures if min(picture.shape[:2]) >= SMALLEST]
    return statistics.median(found) if found else 0.0


def samples(data: Data, most: int) -> Iterator[dict[str, Tensor]]:
    """The first training samples, on the CPU."""
    train = data.stores["train"]
    for i in range(min(len(train), most)):
        yield {name: value.cpu() for name, value in train.sample(i).items()}
