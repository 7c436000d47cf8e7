"""How far a network sees, computed through its structure.

The gradient alone hides what a ReLU or a max-pool did not pick on one picture; here every path
counts. One axis is enough: all kernels are square.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """The input interval that a value of a feature map depends on, along one axis.

    The value at grid position p depends on the input pixels [step·p - left, step·p + right].
    `Field()` is the input itself. Not the effective receptive field, which weighs the paths.
    """

    left: int = 0
    right: int = 0
    step: int = 1

    def conv(self, kernel_size: int, dilation: int = 1) -> Field:
        """After a convolution of stride 1 and "same" padding; `kernel_size` is odd."""
        reach = dilation * (kernel_size // 2)
        return self.taps(reach, reach)

    def taps(self, before: int, after: int) -> Field:
        """After a layer whose position p sees the positions from p - before to p + after."""
        return Field(self.left + before * self.step, self.right + after * self.step, self.step)

    def pool(self, size: int) -> Field:
        """After pooling of disjoint cells of `size`: position p sees the cell that starts at size·p."""
        return Field(self.left, self.right + (size - 1) * self.step, size * self.step)

    def upsample(self, size: int) -> Field:
        """After nearest upsampling or unpooling: position q sees the coarse position q // size."""
        step, rest = divmod(self.step, size)
        if rest:
            raise ValueError(f"a grid of step {self.step} can't be refined by {size}")
        return Field(self.left + (size - 1) * step, self.right, step)

    def join(self, other: Field) -> Field:
        """After a sum or a concatenation of two maps on the same grid."""
        if self.step != other.step:
            raise ValueError(f"grids of steps {self.step} and {other.step} don't join")
        return Field(max(self.left, other.left), max(self.right, other.right), self.step)

    @property
    def radius(self) -> int:
        """The farther of the two reaches, in input pixels."""
        return max(self.left, self.right)
