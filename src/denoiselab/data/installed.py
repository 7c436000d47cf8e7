"""The photographs inside scikit-image's wheel: where they lie, their gray values, and squares of them."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor

from denoiselab.data.reading import read_store
from denoiselab.errors import UserError
from denoiselab.streams import Streams


def installed(names: Sequence[str]) -> list[Path]:
    """File names in `skimage/data` -> their paths."""
    spec = find_spec("skimage")
    folder = Path(spec.origin or "").parent / "data" if spec else Path()
    return [folder / name for name in names]


def gray_photographs(names: Sequence[str], key: str) -> list[Tensor]:
    """The photographs as `(H, W)` in [0, 1].

    Raises:
        UserError: `key`, the option that names them, names none.
    """
    store = read_store([{"clean": path} for path in installed(names)], 1, [], skip_broken=False, cache=None)
    if store is None:
        raise UserError(f"{key}=[]: name photographs of scikit-image, e.g. [coffee.png, chelsea.png]")
    return [store.sample(i)["clean"][0, 0] for i in range(len(store))]


def squares(photograph: Tensor, streams: Streams, many: int, side: int) -> Tensor:
    """Squares of `(H, W)`, anywhere in it: `(many, side, side)`."""
    top, left = (streams.integers(0, size - side + 1, many)[0] for size in photograph.shape)
    walk = torch.arange(side)
    return photograph[(top[:, None] + walk)[:, :, None], (left[:, None] + walk)[:, None]]
