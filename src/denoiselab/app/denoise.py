"""The verb `denoise`: restore a person's own pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from denoiselab.app.runs import opened


def prepared(arguments: list[str]) -> list[str]:
    """Nothing to add: a checkpoint knows its own channels."""
    return arguments


def keys(*, ckpt: str | None, input: str | None, output: str | None, tile: int, precision: str, trust: bool) -> None:
    """The keys, with their types."""


def task(cfg: Any) -> None:
    """Restore a picture or a folder of pictures; non-zero exit if any could not be."""
    import torch

    from denoiselab.config import check
    from denoiselab.errors import UserError
    from denoiselab.methods.checkpoint import load_method
    from denoiselab.networks import signature_of
    from denoiselab.restore import denoise_files, deploy

    check(keys, dict(cfg), "", {})
    for key in ("input", "output"):
        if cfg[key] is None:
            raise UserError(f"{key} is not set: {key}={'PHOTO_OR_FOLDER' if key == 'input' else 'FOLDER'}")
    file, content = opened(cfg.ckpt)
    method, config = load_method(content, trust=cfg.trust)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    report = denoise_files(
        deploy(method, device, cfg.precision, config["data"].get("channels")),
        Path(cfg.input).expanduser(),
        Path(cfg.output).expanduser(),
        signature=signature_of(method.network),
        channels=config["data"]["channels"],
        aux=config["data"].get("aux", ()),
        tile=cfg.tile,
        device=device,
    )
    print(f"{len(report.written)} written to {cfg.output}, by {file}")
    if report.failed:
        raise UserError(
            f"{len(report.failed)} of {len(report.failed) + len(report.written)} could not be restored (named above)"
        )


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("denoise")
