"""The verb calibrate, and training on what it wrote."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image
from skimage import data

from .conftest import TINY


@pytest.fixture
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph and its shot, with white noise of sigma 12."""
    folder, clean = tmp_path_factory.mktemp("my pairs"), data.chelsea()[:200, :300]
    noise = 12 * np.random.default_rng(0).standard_normal(clean.shape)
    Image.fromarray(clean).save(folder / "1_clean.png")
    Image.fromarray((clean + noise).round().clip(0, 255).astype(np.uint8)).save(folder / "1_noisy.png")
    return folder


def test_from_pairs_to_a_run(shell: Any, pairs: Path, photos: Path, workdir: Path) -> None:
    said = shell("calibrate", f"input={pairs}", "output=my camera.yaml")
    assert said.code == 0, said.err
    assert "1 pairs: 1_noisy.png+1_clean.png" in said.out and "white: neighbours share nothing of it" in said.out
    node = yaml.safe_load(Path("my camera.yaml").read_text())
    assert node["_target_"] == "denoiselab.degradations.Calibrated" and not node["clip"]
    assert node["sigma"] == pytest.approx([12] * 17, rel=0.1)
    with Image.open("my camera.png") as plot:
        assert plot.size == (1050, 630)
    said = shell("train", *TINY, "data=folder", f"data.root={photos}", "noise=my camera.yaml", "hydra.run.dir=run")
    assert said.code == 0, said.err
    assert "noise     calibrated, sigma 1" in said.out
    assert yaml.safe_load(Path("run/config.yaml").read_text())["noise"] == node
    assert shell("denoise", "ckpt=run", f"input={photos}", "output=out").code == 0


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "input is not set"),
        (["input=nowhere"], "nowhere: there is no such folder"),
        (["input={photos}"], "names don't tell what these pictures are"),
        (["input={photos}", "kind=pairs"], "names don't tell pairs"),
        (["input={photos}", "kind=raw"], "kind=raw: one of pairs, bursts, flat"),
        (["input={photos}", "kind=flat"], "too few pixels"),
        (["input={pairs}", "output=camera.txt"], "ends in .yaml"),
    ],
)
def test_wrong_words(shell: Any, pairs: Path, photos: Path, workdir: Path, words: list[str], line: str) -> None:
    said = shell("calibrate", *(word.format(photos=photos, pairs=pairs) for word in words))
    assert said.code == 1 and line in said.line
    assert not list(workdir.iterdir())


def test_a_file_that_is_no_noise(shell: Any, workdir: Path) -> None:
    Path("x.yaml").write_text("_target_: os.system")
    assert "names no _target_ that is a noise here" in shell("train", "noise=x.yaml").line
    assert "no.yaml" in shell("train", "noise=no.yaml").line
    for broken in (b"a: [1", b"\xff\xfe\x00"):
        (workdir / "x.yaml").write_bytes(broken)
        assert "noise=x.yaml: no yaml file can be read there" in shell("train", "noise=x.yaml").line
