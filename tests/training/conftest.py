"""A module that trains in milliseconds, and a Trainer around it."""

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader


class Tiny(pl.LightningModule):
    """Learns one factor; validation restores a gray ramp exactly."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(()))

    def training_step(self, batch: Tensor, batch_idx: int) -> Tensor:
        loss = F.mse_loss(self.scale * batch, batch)
        self.log("loss", loss)
        return loss

    def validation_step(self, batch: Tensor, batch_idx: int) -> dict[str, Tensor]:
        self.log("val/psnr", 25.0 + self.scale.detach(), batch_size=1)
        clean = torch.linspace(0.2, 0.8, 40).expand(1, 1, 40, 40)
        return {"clean": clean, "noisy": clean + 0.1 * torch.randn(1, 1, 40, 40), "restored": clean}

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.1)


@pytest.fixture
def fit(tmp_path: Path) -> Callable[..., pl.Trainer]:
    """Train `Tiny` for some steps with the given arguments of the Trainer."""

    def run(steps: int = 6, **arguments: Any) -> pl.Trainer:
        settings = {
            "accelerator": "cpu", "max_steps": steps, "val_check_interval": 3, "check_val_every_n_epoch": None,
            "log_every_n_steps": 2, "enable_checkpointing": False, "enable_model_summary": False, "logger": False,
            "default_root_dir": tmp_path, "num_sanity_val_steps": 1,
        }  # fmt: skip
        if not any(isinstance(c, pl.callbacks.ProgressBar) for c in arguments.get("callbacks", [])):
            settings["enable_progress_bar"] = False
        trainer = pl.Trainer(**{**settings, **arguments})
        trainer.fit(Tiny(), DataLoader(torch.ones(64, 1, 4, 4)), DataLoader(torch.ones(3, 1)))
        return trainer

    return run


TINY = (
    "model=dncnn", "optimizer.lr=1e-3", "model.num_features=4", "model.depth=2", "data.batch_size=2",
    "data.crop_size=16",
    "data.crops_per_picture=10",
    "data.train=[chelsea.png]", "data.val=[coffee.png]", "data.test=[]", "data.val_crop=32", "callbacks=none",
    "budget=smoke", "trainer=cpu", "trainer.precision=32-true", "trainer.log_every_n_steps=1", "trainer.max_steps=12",
    "trainer.val_every=3",
)  # fmt: skip


@pytest.fixture(scope="session")
def composed(root: Path) -> Callable[..., dict[str, Any]]:
    """The resolved configuration of a run of 12 steps, with overrides: 5 steps an epoch, 3 between validations."""
    from hydra import compose, initialize_config_dir
    from omegaconf import OmegaConf

    def config(*overrides: str) -> dict[str, Any]:
        tiny = [key for key in TINY if "model=unet" not in overrides or key != "model.depth=2"]
        with initialize_config_dir(str(root / "conf"), version_base="1.3"):
            resolved: Any = OmegaConf.to_container(compose("train", [*tiny, *overrides]), resolve=True)
        return resolved

    return config


@pytest.fixture
def forked() -> Iterator[Callable[..., ForkProcess]]:
    """Start work in a process of its own, which may be killed; none outlives the test."""
    processes = []

    def start(work: Callable[..., Any], *arguments: Any) -> ForkProcess:
        process = multiprocessing.get_context("fork").Process(target=work, args=arguments)
        process.start()
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.join()
