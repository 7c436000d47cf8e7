"""A model card: what lies in an exported file, what it was trained on, and how good it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from denoiselab.builtin import is_builtin
from denoiselab.config import without_places
from denoiselab.drafts import atomic
from denoiselab.methods.checkpoint import begun_from
from denoiselab.report.results import SUMMARY

NONE = "this checkpoint was not measured; evaluate.py does"
THEIRS = "for their maker to state, within the terms of the pictures that they were trained on"


def write_card(file: Path, checkpoint: Path, config: Mapping[str, Any], step: int, facts: Mapping[str, Any]) -> Path:
    """Write `FILE.md` beside an exported file.

    config: the run's; of weights alone it has no noise and no data.
    facts: what was seen at the export, in lines of name and value.
    """
    summary = checkpoint.parent / SUMMARY
    figures = yaml.safe_load(summary.read_text(encoding="utf-8")) if summary.is_file() else {}
    figures = figures if figures.get("step") == step else {}
    sections = {
        "The file": {**facts, "sha256": digest(file), "checkpoint": f"{checkpoint.name}, sha256 {digest(checkpoint)}"},
        "The network": {"model": described(config["model"])},
        "Trained on": {
            "pictures": described(without_places(config["data"])),
            "noise": described(config.get("noise", {})) or "not known",
            "supervision": described(config.get("supervision", {})) or "not known",
            "loss": described(config["loss"]) if "noise" in config else "not known",
            "optimizer": described(config["optimizer"]) if "noise" in config else "not known",
            "begun from": begun_from(config) or ("weights drawn from the seed" if "noise" in config else "not known"),
            "steps": step or "not known",
        },
    }
    measured = {"Figures": figures or {"none": NONE}, "Licence": {"code": "MIT", "weights": THEIRS}}
    text = "\n\n".join(
        f"## {name}\n\n" + "\n".join(f"- {key}: {value}" for key, value in lines.items())
        for name, lines in (sections | (own_sections(checkpoint) or measured)).items()
    )
    card = file.with_name(f"{file.name}.md")
    with atomic(card) as draft:
        draft.write_text(f"# {file.stem}\n\nAn image denoiser, made with denoiselab.\n\n{text}\n", encoding="utf-8")
    return card


def own_sections(checkpoint: Path) -> dict[str, dict[str, str]]:
    """Figures, limits and licence from the card of a network of the package; of others nothing."""
    if not is_builtin(checkpoint):
        return {}
    parts = checkpoint.with_name(f"{checkpoint.name}.md").read_text(encoding="utf-8").split("\n## ")
    sections = {name: lines for name, _, lines in (part.partition("\n") for part in parts)}
    return {
        name: dict(line.removeprefix("- ").split(": ", 1) for line in sections[name].splitlines() if line)
        for name in ("Figures", "Limits", "Licence")
    }


def described(node: Mapping[str, Any]) -> str:
    """A part of a configuration in a line: its class and its numbers."""
    name = str(node.get("_target_", "")).rpartition(".")[2]
    return " ".join(filter(None, [name, ", ".join(f"{k}={v}" for k, v in node.items() if k != "_target_")]))


def digest(file: Path) -> str:
    """The SHA-256 of a file's content."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
