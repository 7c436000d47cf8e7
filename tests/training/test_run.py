"""What a run says, and what a step costs."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import pytest
import torch
from torch.overrides import TorchFunctionMode

from denoiselab.data.twins import marks_of
from denoiselab.errors import UserError
from denoiselab.methods import Denoiser
from denoiselab.methods.assembly import make_data, make_method
from denoiselab.methods.checkpoint import read_checkpoint
from denoiselab.training import summary
from denoiselab.training.run import Run, run_arguments, train
from denoiselab.training.trainer import make_trainer

Compose = Callable[..., dict[str, Any]]
READS = {torch.Tensor.item, torch.Tensor.__float__, torch.Tensor.__int__, torch.Tensor.__bool__, torch.Tensor.tolist,
         torch.Tensor.cpu, torch.Tensor.numpy, torch.Tensor.nonzero}  # fmt: skip


class Reads(TorchFunctionMode):
    """Counts what would wait for a GPU."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in READS:
            self.found.append(func.__name__)
        return func(*args, **(kwargs or {}))


class Watch(pl.Callback):
    """Counts the reads of each step, from batch start to batch start."""

    steps: list[list[str]] = []

    def on_train_start(self, *_: Any) -> None:
        self.steps.clear()
        self.mode = Reads()
        self.mode.__enter__()

    def on_train_batch_start(self, *_: Any) -> None:
        self.steps.append(list(self.mode.found))
        self.mode.found.clear()

    def on_train_end(self, *_: Any) -> None:
        self.mode.__exit__(None, None, None)


@pytest.mark.filterwarnings("ignore:The number of training batches")
@pytest.mark.parametrize("noise", ["gaussian", "poisson_blind", "bernoulli", "impulse", "camera", "mri", "bicubic"])
def test_no_step_reads_a_tensor(noise: str, composed: Compose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("denoiselab.training.progress.Progress._show", lambda *_: None)
    model = ["model=edsr", "model.scale=2"] if noise == "bicubic" else []
    config = composed(f"noise={noise}", *model, "trainer.log_every_n_steps=100", "trainer.val_every=100")
    config["callbacks"] = {"watch": {"_target_": f"{__name__}.Watch"}}
    train(Run(config, {}, tmp_path))
    assert len(Watch.steps) == 12 and not any(Watch.steps[2:]), Watch.steps


def test_estimate_is_near_the_truth(composed: Compose, tmp_path: Path) -> None:
    config = composed("model.num_features=32", "data.crop_size=96", "data.batch_size=4", "trainer.max_steps=30")
    data, method = make_data(config, trust=True), make_method(config, trust=True)
    data.setup("fit")
    trainer = make_trainer(config["trainer"], tmp_path, 30, 30, [], [])
    before = {name: value.clone() for name, value in method.state_dict().items()}
    said = summary.seconds_per_step(trainer, method, data, range(7))
    assert all(torch.equal(before[name], value) for name, value in method.state_dict().items()), "only a copy learns"
    trainer.limit_val_batches = 0
    start = time.perf_counter()
    trainer.fit(method, datamodule=data)
    assert 1 / 4 < said * 30 / (time.perf_counter() - start) < 4


def test_every_phase_is_timed_in_its_own_time(
    composed: Compose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = composed()
    config["optimizer"] = {"phases": {"a": {"optimizer": config["optimizer"], "steps": 5},
                                      "b": {"optimizer": config["optimizer"]}}}  # fmt: skip
    data, method = make_data(config, trust=True), make_method(config, trust=True)
    data.setup("fit")
    seen, loss = set(), Denoiser.loss
    monkeypatch.setattr(Denoiser, "loss", lambda self, *rest: (seen.add(self.position), loss(self, *rest))[1])
    summary.seconds_per_step(make_trainer(config["trainer"], tmp_path, 9, 9, [], []), method, data, range(9))
    assert seen == {1, 6}


def test_says_what_it_will_do(composed: Compose, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(Run(composed(), {}, tmp_path / "a run"))
    said = capsys.readouterr().out
    for part in ("training 1 (", "validation 1 (", "crops 16 x 16, batch 2", "Gaussian, sigma 30 of 255; clean targets",
                 "DnCNN, 527 parameters, receptive field 9 x 9", "L2, Muon at 0.001", "1 x cpu, 32-true",
                 "time      12 steps of about", " ms and 4 validations of about "):  # fmt: skip
        assert said.count(part) == 1, part


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.3, "300 ms"), (3.4, "3 s"), (99, "99 s"), (300, "5 min"), (9000, "2.5 h")]
)
def test_durations_are_spoken(seconds: float, said: str) -> None:
    assert summary.spoken(seconds) == said


def test_the_time_counts_validations_and_names_what_comes_on_top() -> None:
    said = summary.duration(steps=10_000, step=0.144, validations=40, validation=6.0, measured=9)
    assert said == (
        "10,000 steps of about 144 ms and 40 validations of about 6 s: about 28 min, then 9 test pictures to measure"
    )
    assert summary.duration(1, 2.0, 0, 0.0, 0) == "1 step of about 2000 ms: about 2 s"


def test_a_smoke_run_measures_little(composed: Compose, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tests = "data.test=[chelsea.png,rocket.jpg,coffee.png]"
    table = train(Run(composed(tests, "trainer.max_steps=2"), {}, tmp_path))
    assert table is not None
    assert [(row["restorer"], row["pictures"]) for row in table.rows] == [("noisy", 2), ("DnCNN", 2)]
    said = capsys.readouterr().out
    assert ", then 2 test pictures to measure\n" in said and "measuring 2 test pictures: DnCNN\n" in said


def test_no_validation_by_limit(composed: Compose, tmp_path: Path) -> None:
    train(Run(composed("trainer.max_steps=2", "trainer.limit_val_batches=0"), {}, tmp_path))
    assert (tmp_path / "last.ckpt").exists() and not (tmp_path / "best.ckpt").exists()


def test_a_checkpoint_knows_its_pictures_by_their_marks(composed: Compose, tmp_path: Path) -> None:
    config = composed("trainer.max_steps=2", "logger=none")
    train(Run(config, {}, tmp_path))
    data = make_data(config, trust=False)
    data.setup("fit")
    looks = read_checkpoint(tmp_path / "last.ckpt")["denoiselab"]["looks"]
    assert looks["names"] == ["chelsea.png"]
    assert torch.equal(looks["marks"], torch.from_numpy(marks_of(data.stores["train"])))


def test_a_run_of_foreign_code_is_named_with_trust(tmp_path: Path) -> None:
    assert run_arguments(Path("a run"), {"model": {"_target_": "torch.nn.Conv2d"}}) == "ckpt='a run'"
    assert run_arguments(Path("run"), {"model": {"_target_": "their.module.Net"}}) == "ckpt=run trust=true"


@pytest.mark.parametrize("precision", ["64-true", "bf16-mixed", "bf16-true"])
def test_precisions_train(precision: str, composed: Compose, tmp_path: Path) -> None:
    train(Run(composed("trainer.max_steps=2", f"trainer.precision={precision}"), {}, tmp_path))


def test_network_of_other_channels_is_refused(composed: Compose, tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"the network takes 1 channels, the data gives 3: leave model\.in_channels away"
    ):
        train(Run(composed("+model.in_channels=1", "+model.out_channels=1"), {}, tmp_path))


@pytest.mark.filterwarnings("ignore:The number of training batches")
@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
@pytest.mark.parametrize("optimizer", ["muon", "adam", "adamw", "sgd"])
def test_gradients_are_clipped_in_every_precision(
    optimizer: str, precision: str, composed: Compose, tmp_path: Path
) -> None:
    """Gradients of a norm of 1e-9 move SGD's weights by no more than that."""
    said = (f"optimizer={optimizer}", f"trainer.precision={precision}", "trainer.gradient_clip_val=1e-9")
    config = composed(*said, "trainer.max_steps=2", "logger=none")
    train(Run(config, {}, tmp_path))
    if optimizer == "sgd":
        moved = read_checkpoint(tmp_path / "last.ckpt")["state_dict"]
        for name, value in make_method(config, trust=False).network.named_parameters():
            torch.testing.assert_close(moved[f"network.{name}"], value.data, rtol=0, atol=1e-8)
