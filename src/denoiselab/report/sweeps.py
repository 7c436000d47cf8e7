"""What a run came to, in a file of its own, and the table over many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from denoiselab.methods import Method
from denoiselab.metrics import Scores
from denoiselab.networks import signature_of
from denoiselab.report.tables import Table, atomic

FIGURES, AXES = "figures.yaml", "overrides.yaml"


def figures_of(method: Method, scores: Scores, name: str) -> dict[str, Any]:
    """What a restorer came to, beside the noisy input: figures, protocol, size and receptive field."""
    noisy, own = scores.summary("noisy"), scores.summary(name)
    return {
        "parameters": sum(p.numel() for p in method.parameters()),
        "receptive field": signature_of(method.network).receptive_field,
        "noisy PSNR dB": noisy["psnr"],
        "PSNR dB": own["psnr"],
        "SSIM": own["ssim"],
        "pictures": own["n"],
        "protocol": scores.describe(),
    }


def write_figures(folder: Path, figures: Mapping[str, Any]) -> None:
    """Write what came out of a run or an evaluation."""
    with atomic(folder / FIGURES) as path:
        path.write_text(yaml.safe_dump(dict(figures), sort_keys=False, allow_unicode=True))


def write_overrides(folder: Path, overrides: Sequence[str]) -> None:
    """Write what the command line named: the axes of a sweep."""
    axes = dict(override.lstrip("+").split("=", 1) for override in overrides if "=" in override)
    with atomic(folder / AXES) as path:
        path.write_text(yaml.safe_dump(axes, sort_keys=False, allow_unicode=True))


def sweep_table(folder: Path) -> Table:
    """A row for each job below a folder, in the order of their numbers: its overrides, then its figures."""
    jobs = sorted((file.parent for file in folder.glob(f"*/{FIGURES}")), key=lambda job: (len(job.name), job.name))
    rows = [{"job": job.name, **_read(job / AXES), **_read(job / FIGURES)} for job in jobs]
    return Table(list(dict.fromkeys(column for row in rows for column in row)), rows)


def _read(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text()) or {}
