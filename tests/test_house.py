"""The rules of the house that no linter knows."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "denoiselab"
SOURCES = sorted(PACKAGE.rglob("*.py"))
SHARED_BY_NETWORKS = {"blocks", "signature", "receptive", "upscaling"}


def pinned() -> dict[str, str]:
    """Normalised package name -> the version in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {normal(name): version for name, version in pairs}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(source: Path) -> set[str]:
    """The modules of denoiselab that a file imports, absolute."""
    package = list(source.relative_to(ROOT / "src").parent.parts)
    found = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            found.add(".".join([*base, *([node.module] if node.module else [])]))
            found |= {".".join([*base, *([node.module] if node.module else []), alias.name]) for alias in node.names}
    return {name for name in found if name.startswith("denoiselab")}


def repository_files() -> list[Path]:
    """Every file that is, or would be, tracked."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git repository")
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def test_import_is_light() -> None:
    """`import denoiselab` brings in next to nothing."""
    code = "import sys; before = set(sys.modules); import denoiselab; print(*sorted(set(sys.modules) - before))"
    new = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "denoiselab" in new
    assert not {name.partition(".")[0] for name in new} & {"torch", "lightning", "hydra", "numpy", "matplotlib"}
    assert len(new) < 100


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_source_is_small_and_well_named(source: Path) -> None:
    assert len(source.read_text().splitlines()) <= 300, "one idea a file: split it"
    assert source.stem not in {"utils", "util", "helpers", "helper", "common", "misc"}, "name it by what it holds"


@pytest.mark.parametrize("source", sorted((PACKAGE / "networks").glob("*.py")), ids=lambda path: path.stem)
def test_architectures_do_not_import_each_other(source: Path) -> None:
    if source.stem == "__init__":
        return
    siblings = {path.stem for path in source.parent.glob("*.py")} - {"__init__"} - SHARED_BY_NETWORKS
    prefix = "denoiselab.networks."
    used = {name.removeprefix(prefix).partition(".")[0] for name in imported(source) if name.startswith(prefix)}
    assert not used & siblings, f"{source.stem} may import {sorted(SHARED_BY_NETWORKS)} only"


def test_config_parses() -> None:
    for path in sorted((ROOT / "conf").rglob("*.yaml")):
        assert isinstance(yaml.safe_load(path.read_text()), dict | None), path


def test_no_file_names_a_package_registry() -> None:
    address = re.compile(rb"https?://[^\s\"'<>)]*(pypi|pythonhosted|/simple\b)|(^|\s)--?(extra-)?index-url\b", re.I)
    named = [str(path.relative_to(ROOT)) for path in repository_files() if address.search(path.read_bytes())]
    assert not named


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    own, *dev = extras["dev"]
    tested = re.fullmatch(r"denoiselab\[(.+)\]", own).group(1).split(",")
    asked = [*project["dependencies"], *dev, *(needed for extra in tested for needed in extras[extra])]
    names = {normal(re.match(r"[\w.-]+", requirement).group()) for requirement in asked}
    assert names <= pinned().keys()


def test_hooks_use_the_pinned_ruff() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert set(re.findall(r"ruff==([\w.]+)", hooks)) == {pinned()["ruff"]}
