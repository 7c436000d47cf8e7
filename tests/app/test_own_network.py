"""A network that is a person's own: `model._target_=their.module.Net`."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from torch import Tensor, nn

pytestmark = pytest.mark.filterwarnings("ignore")
DATA = ("data.train=[chelsea.png]", "data.val=[]", "data.test=[]", "data.batch_size=2", "data.crop_size=16")
SMOKE = ("budget=smoke", "trainer.max_steps=2", "trainer.accelerator=cpu", "callbacks=none", *DATA)


class Net(nn.Module):
    def __init__(self, width: int, given: int = 3) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(given, width, 1), nn.Conv2d(width, 3, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)


class Deep(nn.Module):
    """Has a key of the default option's name, and takes any others."""

    def __init__(self, depth: int = 1, **others: int) -> None:
        super().__init__()
        self.body = nn.Conv2d(3, 3, depth)

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)


class Gray(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)[:, :1]


class Cut(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)[..., 1:, 1:]


class Pair(Net):
    def forward(self, x: Tensor) -> Any:
        return self.body(x), x


class Even(Net):
    """Takes pictures of even sides only."""

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x).unfold(2, 2, 2).unfold(3, 2, 2).mean((4, 5)).repeat_interleave(2, 2).repeat_interleave(2, 3)


OWN = f"model._target_={__name__}.Net"


def test_its_keys_need_no_plus_and_its_folder_is_its_own(shell: Any, workdir: Path) -> None:
    said = shell("train", OWN, "model.width=5", *SMOKE)
    assert said.code == 0, said.err
    (folder,) = (workdir / "outputs").iterdir()
    assert folder.name.endswith("_Net")
    assert yaml.safe_load((folder / "config.yaml").read_text())["model"] == {"_target_": f"{__name__}.Net", "width": 5}
    commands = [line for line in said.out.splitlines() if f"ckpt=outputs/{folder.name}" in line]
    assert len(commands) == 3
    assert all("trust=true" in command for command in commands)
    assert "no validation pictures" in said.out and "no test pictures" in said.out
    assert shell("train", f"ckpt={folder}", "trainer.max_steps=3").code == 1
    assert shell("train", f"ckpt={folder}", "trainer.max_steps=3", "trust=true").code == 0


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("model.width=5", "model.given=1"), "model: Net on pictures of shape (2, 3, 16, 16) fails ("),
        (("model.width=5", "model.wdth=1"), "model.wdth: no such key; did you mean width?"),
        ((), "model.width"),
    ],
)
def test_what_is_wrong_with_it_is_one_line(shell: Any, workdir: Path, keys: tuple[str, ...], line: str) -> None:
    said = shell("train", OWN, *keys, *SMOKE)
    assert said.code == 1
    assert line in said.line
    assert not list(workdir.glob("outputs/*"))


SHAPES = {
    "Gray": "the network gives (2, 1, 16, 16) for a target of (2, 3, 16, 16)",
    "Cut": "model: Cut on pictures of shape (2, 3, 16, 16) gives (2, 3, 15, 15): set its own keys",
    "Pair": "model: Pair on pictures of shape (2, 3, 16, 16) gives a tuple: let it give the restored pictures alone",
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_it_gives_is_said(name: str, shell: Any, workdir: Path) -> None:
    said = shell("train", f"model._target_={__name__}.{name}", "model.width=2", *SMOKE)
    assert said.code == 1
    assert SHAPES[name] in said.line
    assert not list(workdir.glob("outputs/*"))


def test_a_picture_that_it_does_not_take_is_named(shell: Any, workdir: Path) -> None:
    tested = [key for key in SMOKE if not key.startswith("data.test")]
    said = shell("train", f"model._target_={__name__}.Even", "model.width=2", "data.test=[chelsea.png]", *tested)
    assert said.code == 1
    assert "model: Even on pictures of shape (1, 3, 300, 451) gives (1, 3, 300, 450)" in said.line
    (folder,) = (workdir / "outputs").iterdir()
    assert (folder / "last.ckpt").exists()


def test_an_options_keys_are_not_its_own(shell: Any, workdir: Path) -> None:
    said = shell("train", f"model._target_={__name__}.Deep", "model.breadth=2", *SMOKE, "hydra.run.dir=run")
    assert said.code == 0, said.err
    assert yaml.safe_load((workdir / "run" / "config.yaml").read_text())["model"] == {
        "_target_": f"{__name__}.Deep", "breadth": 2,
    }  # fmt: skip
    again = shell("train", "ckpt=run", "trust=true", "trainer.max_steps=3", "model.breadth=3")
    assert again.code == 0, again.err
    assert yaml.safe_load((workdir / "run" / "config.yaml").read_text())["model"]["breadth"] == 3


@pytest.mark.usefixtures("in_process")
def test_two_of_them_in_a_sweep(shell: Any, workdir: Path) -> None:
    both = f"model._target_={__name__}.Net,{__name__}.Deep"
    said = shell("train", "-m", both, "model.width=2,3", *SMOKE, "hydra.sweep.dir=all")
    assert said.code == 0, said.err
    assert len(list(workdir.glob("all/*/last.ckpt"))) == 4


def test_a_network_of_ours_needs_no_trust(shell: Any, workdir: Path) -> None:
    said = shell("train", "model=dncnn", "model.depth=0", "model.num_features=4", *SMOKE)
    assert said.code == 0, said.err
    assert "ckpt=outputs/" in said.out and "trust" not in said.out
