"""Domains: what a picture is, how it is shown, and in which space an error is measured.

A degradation, a network and a loss live in the domain's own values; only display and metrics come
through here, so that one figure means one thing. Confused with a protocol, which says how figures
are taken from measured values (crop, rounding, pooling) and applies to any domain.
"""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

GAMMA = 2.2


def as_is(values: Tensor) -> Tensor:
    """The values themselves."""
    return values


def clamped(picture: Tensor) -> Tensor:
    """Any real picture -> [0, 1]; a negative value becomes 0, not its magnitude."""
    return picture.clamp(0, 1)


def tone_map(radiance: Tensor) -> Tensor:
    """Radiance in [0, inf) -> [0, 1): T(v) = (v / (1 + v))^(1/2.2).

    Negative values, which no light has but a network can put out, count as 0.
    Source: Lehtinen et al. 2018, arXiv:1803.04189 (a variant of Reinhard et al. 2002).
    """
    light = radiance.clamp(min=0)
    return (light / (1 + light)) ** (1 / GAMMA)


def inverse_tone_map(shown: Tensor) -> Tensor:
    """[0, 1) -> radiance in [0, inf): the v of T(v).

    Below 0 it is 0; from T(2²³) on, which in float32 is 1, it is 2²³.
    """
    part = (shown.clamp(min=0) ** GAMMA).clamp(max=1 - 2.0**-23)
    return part / (1 - part)


def about_gray(whitened: Tensor) -> Tensor:
    """Values about 0 -> about middle gray: (1 + v) / 2."""
    return (1 + whitened) / 2


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What restored samples are measured by, one number each.

    best: `max` or `min`, the better of several values.
    label, form: what stands at its axis, and how a value is written.
    """

    name: str
    best: str
    label: str
    form: str


PSNR = Figure(name="psnr", best="max", label="PSNR (dB)", form="{:.2f} dB")
MSE = Figure(name="mse", best="min", label="MSE", form="{:.3g}")
ERROR = Figure(name="error", best="min", label="error", form="{:.2%}")
FIGURES = (PSNR, MSE, ERROR)


@dataclass(frozen=True, kw_only=True)
class Domain:
    """One kind of data.

    figure: what is measured.
    peak: the largest measured value, the peak of a PSNR. None: a PSNR has no meaning.
    display: values -> [0, 1] to be looked at. None: these are no pictures.
    measured: values -> the space in which restored and clean are compared.
    measured_in: that space in words, for the line that goes with a figure.
    """

    name: str
    figure: Figure
    peak: float | None
    display: Callable[[Tensor], Tensor] | None
    measured: Callable[[Tensor], Tensor]
    measured_in: str


PHOTOGRAPH = Domain(name="photograph", figure=PSNR, peak=1.0, display=clamped, measured=as_is, measured_in="[0, 1]")
HDR = Domain(name="hdr", figure=PSNR, peak=1.0, display=tone_map, measured=tone_map, measured_in="tone-mapped radiance")
MRI = Domain(name="mri", figure=PSNR, peak=1.0, display=clamped, measured=clamped, measured_in="clamped magnitude")
WHITENED = Domain(
    name="whitened", figure=PSNR, peak=1.0, display=about_gray, measured=about_gray, measured_in="(1 + v) / 2"
)
POINTS = Domain(name="points", figure=MSE, peak=None, display=None, measured=as_is, measured_in="coordinates")
CLASSES = Domain(name="classes", figure=ERROR, peak=None, display=None, measured=as_is, measured_in="classes")
