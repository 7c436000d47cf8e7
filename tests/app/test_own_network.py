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
        (("model.width=5", "model.given=1"), "model: Net can't learn from pictures of 3 channels ("),
        (("model.width=5", "model.wdth=1"), "model.wdth: no such key; did you mean width?"),
        ((), "model.width"),
    ],
)
def test_what_is_wrong_with_it_is_one_line(shell: Any, workdir: Path, keys: tuple[str, ...], line: str) -> None:
    said = shell("train", OWN, *keys, *SMOKE)
    assert said.code == 1
    assert line in said.line
    assert not list(workdir.glob("outputs/*"))


def test_a_network_of_ours_needs_no_trust(shell: Any, workdir: Path) -> None:
    said = shell("train", "model=dncnn", "model.depth=0", "model.num_features=4", *SMOKE)
    assert said.code == 0, said.err
    assert "ckpt=outputs/" in said.out and "trust" not in said.out
