"""What an evaluation measures, and where it is written."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from denoiselab.report.tables import read_rows


@pytest.fixture
def run_copy(tiny_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_run, tmp_path / "run"))


def results(folder: Path) -> list[dict[str, str]]:
    return read_rows(folder / "results.csv")[1]


def evaluated(shell: Any, run: Path, *more: str) -> Path:
    """The folder that an evaluation makes."""
    before = set((run / "evaluate").glob("*"))
    said = shell("evaluate", f"ckpt={run}", "baselines=false", *more)
    assert said.code == 0, said.err
    (new,) = set((run / "evaluate").glob("*")) - before
    return new


def test_reproduces_the_table_of_the_training(shell: Any, run_copy: Path) -> None:
    again = ("seed=3", "protocol=noise2noise", "trainer.max_steps=6")
    assert shell("train", f"ckpt={run_copy}", *again).code == 0
    trained = results(run_copy)
    assert shell("evaluate", f"ckpt={run_copy}").code == 0
    (folder,) = (run_copy / "evaluate").iterdir()
    assert results(folder) == trained
    assert yaml.safe_load((folder / "config.yaml").read_text())["seed"] == 3


def test_each_measurement_has_its_folder(shell: Any, run_copy: Path, photos: Path) -> None:
    own = evaluated(shell, run_copy)
    assert own.name.startswith("folder_default_") and "noise" not in own.name
    louder = evaluated(shell, run_copy, "noise.sigma=50")
    assert "noise.sigma=50" in louder.name
    assert "seed=7" in evaluated(shell, run_copy, "seed=7").name
    other = evaluated(shell, run_copy, "protocol=noise2noise")
    assert other.name.startswith("folder_noise2noise_")
    evaluated(shell, run_copy, "protocol.border=2")
    config = yaml.safe_load((louder / "config.yaml").read_text())
    assert (config["noise"]["sigma"], config["seed"], config["ckpt"]) == (50, 0, "best.ckpt")


def test_all_pictures_of_other_data_are_test_pictures(shell: Any, run_copy: Path, photos: Path) -> None:
    held_out = len(results(evaluated(shell, run_copy)))
    again = shell("evaluate", f"ckpt={run_copy}", "baselines=false", "data=folder", f"data.root={photos}")
    assert again.code == 0
    assert {len(results(f)) for f in (run_copy / "evaluate").iterdir()} == {held_out}, "its own place, said again"
    moved = Path(shutil.copytree(photos, run_copy.parent / "moved"))
    assert len(results(evaluated(shell, run_copy, f"data.root={moved}"))) > held_out


def test_a_folder_of_pairs_is_recognised(shell: Any, run_copy: Path, photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shots"
    folder.mkdir()
    for number in range(3):
        shutil.copy(photos / f"{number}.png", folder / f"{number}_mean.png")
        shutil.copy(photos / "3.png", folder / f"{number}_real.png")
    found = evaluated(shell, run_copy, "data=folder", f"data.root={folder}")
    assert found.name.startswith("pairs_default_")
    rows = [row for row in results(found) if row["restorer"] == "noisy"]
    assert [row["picture"] for row in rows] == ["0_real.png", "1_real.png", "2_real.png", "mean"]
    assert yaml.safe_load((found / "config.yaml").read_text())["noise"]["_target_"].endswith("Recorded")


def test_measures_on_the_noise_that_the_run_names_for_it(shell: Any, run_copy: Path) -> None:
    blind = ("noise=gaussian_blind", "test_noise.sigma=20", "trainer.max_steps=5")
    said = shell("train", f"ckpt={run_copy}", *blind)
    assert said.code == 0, said.err
    assert "sigma in [0, 55] of 255, blind; clean targets; measured on Gaussian, sigma 20 of 255" in said.out
    trained = results(run_copy)
    again = evaluated(shell, run_copy)
    assert results(again)[0] == trained[0] and "sigma 20" in (again / "results.md").read_text()
    assert yaml.safe_load((again / "config.yaml").read_text())["noise"]["sigma"] == 20
    assert "sigma 50" in (evaluated(shell, run_copy, "noise.sigma=50") / "results.md").read_text()
    assert "sigma in [0, 55]" in (evaluated(shell, run_copy, "noise=gaussian_blind") / "results.md").read_text()
    assert shell("train", f"ckpt={run_copy}", "test_noise.sigma=10", "trainer.max_steps=6").code == 0
    assert "sigma 10" in (run_copy / "results.md").read_text()


@pytest.mark.parametrize(
    ("verb", "wrong", "line"),
    [
        ("train", "test_noise.sgima=20", "test_noise.sgima: no such key; did you mean sigma?"),
        ("train", "test_noise=poisson", "test_noise=poisson: keys with their values is needed"),
        ("evaluate", "test_noise.sigma=20", "test_noise: there is no such key; did you mean noise?"),
    ],
)
def test_what_is_no_test_noise(verb: str, wrong: str, line: str, shell: Any, run_copy: Path) -> None:
    said = shell(verb, f"ckpt={run_copy}", wrong, *(["trainer.max_steps=5"] if verb == "train" else []))
    assert said.code == 1 and line in said.line


def test_another_method_restores_by_the_same_weights(shell: Any, run_copy: Path) -> None:
    own = evaluated(shell, run_copy)
    other = evaluated(shell, run_copy, "method=neighbor2neighbor")
    assert results(own) == results(other) and "method=neighbor2neighbor" in other.name
    said = shell("evaluate", f"ckpt={run_copy}", "method=latent_prior")
    assert said.code == 1 and said.line == (
        "evaluate: method.network: DnCNN has no decoder and latent_dim: take model=latent_autoencoder"
    )
