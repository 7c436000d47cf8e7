"""The verb `export`: a trained network as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from denoiselab.app.runs import opened
from denoiselab.builtin import is_builtin


def keys(*, ckpt: str | None, format: str, output: str | None, trust: bool) -> None:
    """The keys, with their types."""


def exported(checkpoint: Path, suffix: str) -> Path:
    """Where an exported file goes if nobody says: beside its checkpoint, of the package's networks into this folder."""
    if is_builtin(checkpoint):
        return Path(f"{checkpoint.stem}{suffix}")
    return checkpoint.with_name(
        f"{checkpoint.stem}_weights{suffix}" if suffix == checkpoint.suffix else f"{checkpoint.stem}{suffix}"
    )


def task(cfg: Any) -> None:
    """Write the network, check it against itself, and put a model card beside it."""
    import torch

    from denoiselab.config import check
    from denoiselab.errors import UserError
    from denoiselab.methods import Denoiser
    from denoiselab.methods.checkpoint import load_method
    from denoiselab.networks import signature_of
    from denoiselab.report.card import write_card
    from denoiselab.restore import prepare
    from denoiselab.restore.export import SUFFIXES, check_format, export_checkpoint, export_network, grid

    check(keys, dict(cfg), "", {})
    check_format(cfg.format)
    checkpoint, content = opened(cfg.ckpt)
    method, config = load_method(content, trust=cfg.trust)
    if cfg.format != "checkpoint" and not isinstance(method, Denoiser):
        raise UserError(
            f"format={cfg.format}: {type(method).__name__} doesn't restore by one pass of its network: take "
            f"format=checkpoint, its weights alone"
        )
    prepare(method, torch.device("cpu"))
    network, pictures = method.network, config["data"].get("channels") or 3
    channels, only = signature_of(network).in_channels or pictures, signature_of(network).fixed_size
    file = Path(cfg.output).expanduser() if cfg.output else exported(checkpoint, SUFFIXES[cfg.format])
    if file.suffix != SUFFIXES[cfg.format]:
        raise UserError(f"output={file}: format={cfg.format} is a file that ends in {SUFFIXES[cfg.format]}")
    if cfg.format == "checkpoint":
        difference = export_checkpoint(content, network, channels, file, trust=cfg.trust)
    else:
        difference = export_network(network, channels, cfg.format, file)
    step = grid(network)
    padded = f"multiples of {step} from {2 * step} on (mirrored below and to the right, then cropped)"
    sides = "any" if cfg.format == "checkpoint" else padded if step > 1 else "2 or more"
    sides = f"{only[0]} and {only[1]} alone" if only else sides
    restored = f"restored, not clamped, {signature_of(network).scale} times the size"
    facts = {
        "format": cfg.format,
        "method": method.describe(),
        "input": f"noisy, float32 (N, {method.in_channels or pictures}, H, W), black 0 and white 1; H and W {sides}",
        "output": f"the probabilities of {method.domain.name}" if method.domain else restored,
        "receptive field": signature_of(network).receptive_field or "without bound",
        "largest difference from the network": f"{difference:.1e}, on random pictures",
    }
    card = write_card(file, checkpoint, config, int(content["global_step"]), facts)
    print(f"{file}, {difference:.1e} off the network at most\n{card}")


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("export")
