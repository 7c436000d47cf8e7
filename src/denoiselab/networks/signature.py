"""What a network promises; padding, tiling, contract tests and error messages read it."""

from dataclasses import dataclass

from torch import nn


@dataclass(frozen=True)
class Signature:
    """The shape contract of a network.

    in_channels, out_channels: None where the network does not care.
    scale: output size over input size.
    stride: the grid on which the network is shift-equivariant; tiles start on multiples of it.
    divisor: sizes that are no multiple of it are padded by the caller and cropped back (1: any).
    fixed_size: the only (H, W) that is taken, or None.
    radius: how far an input pixel reaches, in input pixels; None is without bound.
    """

    in_channels: int | None = None
    out_channels: int | None = None
    scale: int = 1
    stride: int = 1
    divisor: int = 1
    fixed_size: tuple[int, int] | None = None
    radius: int | None = None

    @property
    def receptive_field(self) -> int | None:
        """Side of the square of input pixels that one output pixel can depend on."""
        return None if self.radius is None else 2 * self.radius + 1


def signature_of(network: nn.Module) -> Signature:
    """A network's own signature, or for a foreign module one that promises nothing."""
    found = getattr(network, "signature", None)
    return found if isinstance(found, Signature) else Signature()
