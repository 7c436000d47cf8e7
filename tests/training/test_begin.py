"""What a run remembers of the weights that it begins from."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from denoiselab.errors import UserError
from denoiselab.training.begin import looks, take_over, trained_on


class Sized(SimpleNamespace):
    """As much of a store as is asked here."""

    def __len__(self) -> int:
        return len(self.names)


def sized(**pictures: int) -> Any:
    """Pictures by name, each of noise of its own."""
    drawn = [torch.rand(1, 1, 96, 96, generator=torch.Generator().manual_seed(i)) for i in pictures.values()]
    keys = [f"key {i}" for i in pictures.values()]
    return Sized(names=list(pictures), keys=keys, sample=lambda i: {"clean": drawn[i]})


def test_names_and_marks_of_before_come_first_and_marks_tell_their_picture() -> None:
    before = {"trained_on": ["key 1"], "looks": looks(sized(a=1), {})}
    both = looks(sized(b=2, c=3), before)
    assert both["names"] == ["a", "b", "c"] and trained_on(sized(b=2, c=3), before) == ["key 1", "key 2", "key 3"]
    assert set(both["marks"][:, 0].tolist()) == {0, 1, 2}
    alone = looks(sized(c=3), {})["marks"]
    assert torch.equal(both["marks"][both["marks"][:, 0] == 2][:, 1:], alone[:, 1:])


def test_what_was_seen_before_is_not_looked_at_again() -> None:
    before = {"trained_on": ["key 1", "key 2"], "looks": {"names": ["a", "b"], "marks": torch.zeros(0, 4)}}
    assert looks(sized(b=2), before) is before["looks"] and trained_on(sized(b=2), before) == ["key 1", "key 2"]


def test_weights_of_others_do_not_tell() -> None:
    assert looks(sized(a=1), {"choices": {}})["names"] == ["a"] and trained_on(sized(a=1), {}) == ["key 1"]


def test_the_networks_weights_alone_are_taken() -> None:
    source, network = nn.Linear(2, 2), nn.Linear(2, 2)
    content = {"state_dict": {f"network.{name}": value.half() for name, value in source.state_dict().items()}}
    take_over({"state_dict": content["state_dict"] | {"critic.weight": torch.zeros(1)}}, network, "there")
    assert network.weight.dtype == torch.float32 and torch.equal(network.weight, source.weight.half().float())
    with pytest.raises(UserError, match="the weights of there are another network's"):
        take_over(content, nn.Linear(2, 3), "there")
