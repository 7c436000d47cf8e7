"""What a process that trains does with the smallest numbers."""

import torch

from denoiselab.training.process import flush_denormals


def test_denormals_count_as_nothing() -> None:
    tiny = torch.full((64,), torch.finfo(torch.float32).tiny)
    try:
        flush_denormals()
        assert not (tiny / 2).any()
    finally:
        torch.set_flush_denormal(False)
    assert (tiny / 2).all()
