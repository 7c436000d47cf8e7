"""What a run came to, in a file of its own, and the table over many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from denoiselab.drafts import atomic
from denoiselab.methods import Method
from denoiselab.metrics import Scores
from denoiselab.networks import signature_of
from denoiselab.report.tables import Table

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
    named = (override.lstrip("+").split("=", 1) for override in overrides if "=" in override)
    axes = {key: value for key, value in named if not key.startswith("hydra.")}
    with atomic(folder / AXES) as path:
        path.write_text(yaml.safe_dump(axes, sort_keys=False, allow_unicode=True))


def sweep_table(folder: Path) -> Table:
    """A row for each job below a folder, in the order of their numbers: what it changed, then its figures.

    What all jobs share stands in the title.
    """
    jobs = sorted((file.parent for file in folder.glob(f"*/{FIGURES}")), key=lambda job: (len(job.name), job.name))
    axes, figures = [_read(job / AXES) for job in jobs], [_read(job / FIGURES) for job in jobs]
    shared = [f"{key}={value}" for key, value in _shared(axes).items()] + list(_shared(figures, "protocol").values())
    rows = [{"job": job.name, **axis, **figure} for job, axis, figure in zip(jobs, axes, figures, strict=True)]
    hidden = {*_shared(axes), *_shared(figures, "protocol")}
    columns = dict.fromkeys(column for row in rows for column in row if column not in hidden)
    return Table(list(columns), rows, ", ".join(shared))


def _shared(entries: Sequence[Mapping[str, Any]], *keys: str) -> dict[str, Any]:
    """What has one value in all entries (of these keys, or of all), where there are several."""
    if len(entries) < 2:
        return {}
    first = entries[0]
    return {k: first[k] for k in keys or first if k in first and all(e.get(k) == first[k] for e in entries)}


def _read(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text()) or {}
