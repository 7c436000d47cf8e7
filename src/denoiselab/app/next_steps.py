"""What a person may want after a run: commands that work for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from denoiselab.app.argv import command

if TYPE_CHECKING:
    from denoiselab.data import Data
    from denoiselab.networks import Signature

KNOWN = {"Calibrated": "noise.strength=2", "Recorded": "data=pairs data.input=NOISY data.target=CLEAN"}
"""By the class of a run's noise, what its network may be measured on next."""


def next_steps(config: Mapping[str, Any], folder: Path, *, measured: bool) -> Iterator[str]:
    """Commands to go on with; measured: whether there were clean pictures to measure on."""
    from denoiselab.methods.assembly import make_data, make_network
    from denoiselab.networks import signature_of
    from denoiselab.training.run import run_arguments

    run, steps = run_arguments(folder, config), config["trainer"]["max_steps"]
    data, signature = make_data(config, trust=True), signature_of(make_network(config, trust=True))
    if pictures := of_pictures(data, signature):
        yield f"{command('denoise')} {run} input=PICTURES output=RESTORED"
    if not measured and pictures:
        yield f"{command('evaluate')} {run} data=folder data.root=CLEAN noise=gaussian"
    if measured and (other := otherwise(config, data, signature)):
        yield f"{command('evaluate')} {run} {other}"
    yield f"{command('train')} {run} trainer.max_steps={2 * steps if steps > 0 else 10000}     # train on"


def of_pictures(data: Data, signature: Signature) -> bool:
    """Whether the network restores pictures of any size, in a file's values."""
    from denoiselab.domains import PSNR, WHITENED

    return data.domain.figure == PSNR and data.domain != WHITENED and signature.fixed_size is None


def otherwise(config: Mapping[str, Any], data: Data, signature: Signature) -> str:
    """On what else, or how else, the network may be measured; empty where nothing else says more."""
    from denoiselab.domains import PSNR

    noise = config["noise"]["_target_"].rpartition(".")[2]
    if data.domain.figure != PSNR:
        return ""
    if noise == "Gaussian":
        sigma = config["noise"]["sigma"]
        return "noise.sigma=25" if isinstance(sigma, list) else f"noise.sigma={sigma / 2:g}"
    if noise in KNOWN:
        return KNOWN[noise]
    if not of_pictures(data, signature) or data.together > 1:
        return ""
    if signature.scale > 1:
        return "data=set5" if data.channels == 3 else ""
    return f"protocol={'default' if config['protocol']['name'] == 'noise2noise' else 'noise2noise'}"
