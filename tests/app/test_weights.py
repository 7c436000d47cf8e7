"""Beginning from what another network has learnt."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from PIL import Image

from denoiselab.methods.checkpoint import read_checkpoint

from .test_foreign_weights import foreign_twin

SHORT = ("data.batch_size=2", "data.crop_size=16", "data.val_crop=16", "callbacks=none", "trainer.precision=32-true",
         "trainer.accelerator=cpu", "scheduler=constant", "baselines=false", "trainer.max_steps=2",
         "trainer.val_every=2", "trainer.log_every_n_steps=1", "trainer.limit_test_batches=1")  # fmt: skip
STILL = (*SHORT, "optimizer.lr=0", "optimizer.weight_decay=0")


@pytest.fixture
def others(tmp_path: Path, photos: Path) -> Path:
    """The same pictures turned upside down: none of those that the tiny run was trained on."""
    for file in photos.iterdir():
        Image.open(file).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(tmp_path / f"turned_{file.name}")
    return tmp_path


def weights(file: Path) -> dict[str, torch.Tensor]:
    """Those that are learnt."""
    content = read_checkpoint(file)["state_dict"]
    return {name: value for name, value in content.items() if name.endswith(("weight", "bias"))}


def test_a_run_begins_with_the_network_and_the_weights(
    shell: Any, tiny_run: Path, others: Path, photos: Path, workdir: Path
) -> None:
    said = shell("train", f"weights={tiny_run}", "data=folder", f"data.root={others}", *STILL, "hydra.run.dir=run")
    assert said.code == 0, said.err
    before, after = weights(tiny_run / "best.ckpt"), weights(Path("run/last.ckpt"))
    assert before.keys() == after.keys()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    config, own = (yaml.safe_load((run / "config.yaml").read_text()) for run in (Path("run"), tiny_run))
    assert config["model"] == own["model"], "a DnCNN of one layer and eight features, which nobody said here"
    assert config["weights"] == str(tiny_run / "best.ckpt")
    said = shell("evaluate", "ckpt=run", f"data.root={photos}", "data.test=.", "baselines=false", "output=out")
    assert said.code == 0 and "2 of 4 test pictures were trained on (0.png, 1.png)" in said.out, (
        "what the first run saw is remembered"
    )


def test_a_sweep_begins_each_job_with_the_network_and_its_rate(
    shell: Any, in_process: None, photos: Path, workdir: Path
) -> None:
    data = ("data=folder", f"data.root={photos}", *SHORT)
    said = shell("train", "-m", "weights=builtin/gray,null", *data, "hydra.sweep.dir=sweep")
    assert said.code == 0, said.err
    jobs = [yaml.safe_load(file.read_text()) for file in sorted(Path("sweep").glob("*/job.yaml"))]
    assert sorted(map(str, (job["config"]["weights"] for job in jobs))) == ["None", "builtin/gray"]
    for job in jobs:
        assert (job["choices"]["model"], job["choices"]["optimizer"]) == ("drunet", "muon_gentle")
        assert job["config"]["data"]["channels"] == 1


def test_it_learns_on_and_resumes_without_the_file_that_it_began_from(
    shell: Any, tiny_run: Path, photos: Path, workdir: Path
) -> None:
    first = shutil.copytree(tiny_run, workdir / "first")
    data = ("data=folder", f"data.root={photos}")
    assert shell("train", "weights=first/last.ckpt", *data, *SHORT, "hydra.run.dir=run").code == 0
    assert read_checkpoint(Path("run/last.ckpt"))["global_step"] == 2
    assert not all(map(torch.equal, weights(Path("run/last.ckpt")).values(), weights(first / "last.ckpt").values()))
    shutil.rmtree(first)
    said = shell("train", "ckpt=run", "trainer.max_steps=4")
    assert said.code == 0, said.err
    assert read_checkpoint(Path("run/last.ckpt"))["global_step"] == 4
    assert shell("export", "ckpt=run", "format=checkpoint", "output=sent.ckpt").code == 0
    assert read_checkpoint(Path("sent.ckpt"))["denoiselab"]["config"]["weights"] == "first", "no folder of its maker"
    assert "begun from: first" in Path("sent.ckpt.md").read_text()


def test_a_network_of_the_package_is_trained_on(shell: Any, photos: Path, workdir: Path) -> None:
    data = ("data=folder", f"data.root={photos}", *SHORT, "trainer.limit_val_batches=1")
    said = shell("train", "weights=builtin/gray", *data, "hydra.run.dir=run")
    assert said.code == 0, said.err
    content = read_checkpoint(Path("run/last.ckpt"))
    config = content["denoiselab"]["config"]
    assert config["weights"] == "builtin/gray" and config["data"]["channels"] == 1
    assert read_checkpoint(Path("run/last.ckpt"))["denoiselab"]["choices"]["optimizer"] == "muon_gentle"
    names = content["denoiselab"]["looks"]["names"]
    assert {"100007.jpg", "0.png"} & set(names), "the looks of what it saw before and now"
    assert any(name.endswith(".jpg") for name in names) and any(name.endswith(".png") for name in names)


def test_anothers_weights_are_trained_on(shell: Any, tiny_run: Path, photos: Path, workdir: Path) -> None:
    torch.save(foreign_twin(read_checkpoint(tiny_run / "last.ckpt")["state_dict"]), "theirs.pth")
    said = shell("train", "weights=theirs.pth", "data=folder", f"data.root={photos}", *STILL, "hydra.run.dir=run")
    assert said.code == 0, said.err
    recipe = read_checkpoint(Path("run/last.ckpt"))["denoiselab"]
    assert (recipe["choices"]["model"], recipe["choices"]["optimizer"]) == ("plain_dncnn", "muon_gentle")
    assert set(recipe["looks"]["names"]) <= {f"{i}.png" for i in range(4)}, "nobody knows what they saw before"
    assert "from the weights of" in said.out and "theirs.pth" in said.out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["weights=nowhere"], "weights=nowhere: there is nothing there"),
        (["weights=builtin"], "weights=builtin: a single one is needed here"),
        (["weights={run}", "ckpt={run}"], "goes on from its own: leave weights= or ckpt= away"),
        (["weights={run}", "model=unet"], "are another network's"),
        (["weights={run}", "model.num_features=4"], "are another network's"),
        (["weights={run}", "data.channels=1"], "are another network's"),
        (["weights={run}", "experiment=dncnn_gray", "data.channels=3"], "are another network's"),
        (["ckpt=builtin/gray"], "ckpt=builtin/gray holds weights alone, no run to go on with: weights=builtin/gray"),
    ],
)
def test_what_cannot_be(words: list[str], line: str, shell: Any, tiny_run: Path, photos: Path, workdir: Path) -> None:
    own = [] if words[-1].startswith("ckpt") else [*SHORT, "hydra.run.dir=run", "data=folder", f"data.root={photos}"]
    said = shell("train", *(word.format(run=tiny_run) for word in [*own, *words]))
    assert said.code == 1 and line in said.line, said.err
    assert not list(workdir.iterdir())


def test_a_network_of_spandrels_is_not_trained_on(shell: Any, photos: Path, workdir: Path) -> None:
    compact = pytest.importorskip("spandrel.architectures.Compact").Compact
    torch.save(compact(num_feat=8, num_conv=2, upscale=1).state_dict(), "theirs.pth")
    said = shell("train", "weights=theirs.pth", "data=folder", f"data.root={photos}", *SHORT, "hydra.run.dir=run")
    assert said.line.endswith(
        "theirs.pth: spandrel's networks restore and aren't trained on: take a run's, or a DnCNN's"
    )
