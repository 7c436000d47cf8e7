"""From configuration to objects: what is refused, and in which words."""

from collections.abc import Sequence
from typing import Any, Literal

import pytest
import torch

from denoiselab.config import accepted, build, check, check_trust, fits, needs_trust, resolve, said, suggest
from denoiselab.errors import UserError
from denoiselab.objectives import Charbonnier

CHARBONNIER = {"_target_": "denoiselab.objectives.Charbonnier", "eps": 0.5}


def test_build() -> None:
    built = build(CHARBONNIER, "loss", trust=False)
    assert isinstance(built, Charbonnier)
    assert built.eps == 0.5


def test_build_makes_inner_nodes_first() -> None:
    node = {"_target_": "torch.nn.Sequential"}
    assert isinstance(build({"_target_": "torch.nn.ReLU", "inplace": True}, "x", trust=False), torch.nn.ReLU)
    with pytest.raises(UserError, match=r"x.y._target_=os.system comes from a file"):
        build({**node, "y": {"_target_": "os.system", "command": "true"}}, "x", trust=False)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"_target_": "denoiselab.objectives.Nope"}, "loss._target_=denoiselab.objectives.Nope can't be imported"),
        ({"epz": 1}, "loss.epz: no such key; did you mean eps?"),
        ({"eps": "high"}, "loss.eps=high: a number is needed"),
        ({"eps": True}, "loss.eps=true: a number is needed"),
        ({"eps": None}, "loss.eps=null: a number is needed"),
        ({"eps": -1}, "loss.eps=-1"),
    ],
)
def test_build_names_the_key(changes: dict[str, Any], line: str) -> None:
    with pytest.raises(UserError) as error:
        build({**CHARBONNIER, **changes}, "loss", trust=True)
    assert line in str(error.value)
    assert "\n" not in str(error.value)


def test_build_misses_what_is_not_said() -> None:
    with pytest.raises(UserError, match=r"loss.eps is missing: give it a value, loss.eps=…"):
        build({"_target_": "denoiselab.objectives.Charbonnier"}, "loss", trust=True)
    with pytest.raises(UserError, match="loss names no _target_"):
        build({"eps": 1}, "loss", trust=True)


@pytest.mark.parametrize(
    "target",
    [
        "torch.hub.load", "torch.load", "denoiselab.app.cli.os.system", "denoiselab.app.cli.import_module",
        "denoiselab.config.importlib.import_module", "denoiselab.methods.checkpoint.torch.load", "builtins.eval",
        "subprocess.Popen", "os.system", "torch.nn.modules.module.torch", "torch.nn.Module.load_state_dict",
        "torch.nn.init.ones_", "torch.nn.functional.F",
        "denoiselab.report.figures.Path", "torch", "", "denoiselab.", "denoiselab",
    ],
)  # fmt: skip
def test_files_name_only_our_classes(target: str) -> None:
    with pytest.raises(UserError):
        resolve(target, "model", trust=False)
    with pytest.raises(UserError):
        check_trust({"a": {"b": {"_target_": target}}})


def test_trust() -> None:
    assert resolve("subprocess.Popen", "model", trust=True).__name__ == "Popen"
    assert resolve("torch.optim.Adam", "optimizer", trust=False) is torch.optim.Adam
    with pytest.raises(UserError, match="trust=true"):
        resolve("os.system", "model", trust=False)
    check_trust({"loss": CHARBONNIER, "seed": 3, "names": ["x"]})
    assert needs_trust({"model": {"_target_": "their.module.Net"}}) and not needs_trust({"loss": CHARBONNIER})


@pytest.mark.parametrize(
    ("value", "hint", "good"),
    [
        (1, int, True), (1.5, int, False), (True, int, False), ("1", int, False),
        (1, float, True), (False, float, False), ("x", str, True), (None, str | None, True), (None, str, False),
        ([1, 2], Sequence[float], True), (["x"], Sequence[float], False), ("ab", Sequence[str], False),
        ([0.9, 0.99], tuple[float, float], True), ("mean", Literal["mean", "sum"], True), ("x", Literal["mean"], False),
        ("abc", float | torch.Tensor, False), (1.0, float | torch.Tensor, True),
        (torch.ones(1), float | torch.Tensor, True),
        ({"a": 1}, dict[str, int] | None, True), (3, dict[str, int] | None, False),
        ("anything", torch.Tensor, True), (None, torch.Tensor | None, True),
    ],
)  # fmt: skip
def test_fits(value: Any, hint: Any, good: bool) -> None:
    assert fits(value, hint) is good


def test_said() -> None:
    assert said(float | Sequence[float]) == "a number or a list of numbers"
    assert said(float | torch.Tensor) == "a number"
    assert said(dict[str, int]) == "keys with their values"
    assert said(Literal["a", "b"] | Literal["b", "c"] | None) == "null or one of a, b, c"


def test_suggest() -> None:
    assert suggest("dept", ["depth", "init"]) == "; did you mean depth? (there is: depth, init)"


class Open(torch.nn.Module):
    """Takes anything."""

    def __init__(self, width: int, **others: int) -> None:
        super().__init__()


class Closed(Charbonnier):
    """Takes what its base takes."""

    def __init__(self, width: int, **shared: float) -> None:
        super().__init__(**shared)


def test_keys_that_a_class_passes_on() -> None:
    check(Open, {"width": 1, "depth": 2}, "x", {})
    check(Closed, {"width": 1, "eps": 0.1}, "x", {})
    with pytest.raises(UserError, match=r"x.depth: no such key.* \(there is: eps, width\)"):
        check(Closed, {"width": 1, "eps": 0.1, "depth": 2}, "x", {})


def test_annotations_for_type_checkers_alone_are_left_out() -> None:
    def hidden(*, number: "Decimal", other: int) -> None:  # type: ignore[name-defined]  # noqa: F821
        """Its annotations can't be looked up."""

    parameters, hints = accepted(hidden)
    assert set(parameters) == {"number", "other"} and not hints
    with pytest.raises(UserError, match="more: no such key"):
        check(hidden, {"more": 3}, "", {})


def test_check_knows_what_python_wires() -> None:
    def made(*, a: int, params: list[int]) -> None: ...

    check(made, {"a": 1}, "x", {"params": []})
    with pytest.raises(UserError, match=r"x.b: no such key \(there is: a\)"):
        check(made, {"a": 1, "b": 2}, "x", {"params": []})
    with pytest.raises(UserError, match=r"^a is missing: give it a value, a=…"):
        check(made, {}, "", {"params": []})
