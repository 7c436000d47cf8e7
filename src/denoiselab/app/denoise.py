"""The verb `denoise`: restore a person's own pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from denoiselab.app.runs import opened

MOST = 8
"""Networks to choose from that are named."""


def several(ckpt: str | None) -> Path | None:
    """The folder below which a checkpoint is chosen for each picture; None where the key names a single one."""
    from denoiselab.builtin import place_of

    if not ckpt or ckpt == "auto":
        return Path("outputs") if ckpt else None
    folder = place_of(ckpt)
    return folder if any(folder.glob("*/**/*.ckpt")) and not any(folder.glob("*.ckpt")) else None


def keys(
    *, ckpt: str | None, input: str | None, output: str | None, tile: int | None, precision: str, trust: bool
) -> None:
    """The keys, with their types."""


def task(cfg: Any) -> None:
    """Restore a picture or a folder of pictures; non-zero exit if any could not be."""
    from denoiselab.config import build, check
    from denoiselab.errors import UserError

    check(keys, dict(cfg), "", {})
    for key in ("input", "output"):
        if cfg[key] is None:
            raise UserError(f"{key} is not set: {key}={'PHOTO_OR_FOLDER' if key == 'input' else 'FOLDER'}")
    import torch

    from denoiselab.builtin import spoken
    from denoiselab.methods.assembly import input_channels
    from denoiselab.methods.checkpoint import load_method, read_checkpoint
    from denoiselab.networks import signature_of
    from denoiselab.restore import FileDenoiser, always, denoise_files, deploy
    from denoiselab.restore.candidates import at_hand
    from denoiselab.restore.doctor import Doctor
    from denoiselab.restore.files import Choose
    from denoiselab.restore.tile_size import tile_size

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def ready(content: dict[str, Any]) -> FileDenoiser:
        method, config = load_method(content, trust=cfg.trust)
        data, noise = config["data"], config.get("noise")
        if noise and (known := build(noise, "noise", trust=cfg.trust)).measures:
            print(f"note      trained for {known.describe()}: files don't tell which, so nothing measured is put back")
        function = deploy(method, device, cfg.precision, data.get("channels"))
        signature, sees = signature_of(method.network), input_channels(data) or 3
        tile = tile_size(function, signature, sees, device) if cfg.tile is None else cfg.tile
        return FileDenoiser(function, signature, data["channels"], data.get("aux", ()), tile)

    if (folder := several(cfg.ckpt)) is not None:
        candidates, notes = at_hand(folder, trust=cfg.trust)
        names = ", ".join([spoken(one.file) for one in candidates[:MOST]] + ["…"] * (len(candidates) > MOST))
        print(*notes, f"each picture by the network that knows its noise: {names}", sep="\n")
        by = ""
        choose: Choose = Doctor(candidates, lambda one: ready(read_checkpoint(one.file)))
    else:
        file, content = opened(cfg.ckpt)
        choose, by = always(ready(content)), f", by {spoken(file)}"
    inputs, output = Path(cfg.input).expanduser(), Path(cfg.output).expanduser()
    report = denoise_files(choose, inputs, output, device=device)
    print(f"{len(report.written)} written to {cfg.output}{by}")
    if report.failed:
        raise UserError(
            f"{len(report.failed)} of {len(report.failed) + len(report.written)} could not be restored (named above)"
        )


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("denoise")
