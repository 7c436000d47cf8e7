"""The calculus of receptive fields against hand-drawn intervals and a brute-force propagation."""

import pytest

from denoiselab.networks import Field


def test_a_convolution_reaches_to_both_sides() -> None:
    assert Field().conv(3) == Field(1, 1, 1)
    assert Field().conv(5) == Field(2, 2, 1)
    assert Field().conv(3, dilation=4) == Field(4, 4, 1)
    assert Field(step=4).conv(3) == Field(4, 4, 4)
    assert Field(2, 3, 2).conv(1) == Field(2, 3, 2)
    assert Field(2, 3, 2).taps(1, 0) == Field(4, 3, 2)


def test_a_pool_reaches_to_the_end_of_its_cell() -> None:
    assert Field().pool(2) == Field(0, 1, 2)
    assert Field().pool(2).pool(2) == Field(0, 3, 4)
    assert Field(1, 1, 1).pool(3) == Field(1, 3, 3)


def test_an_upsampled_value_reaches_back_to_its_cell() -> None:
    assert Field().pool(2).upsample(2) == Field(1, 1, 1)
    assert Field().pool(4).upsample(2) == Field(2, 3, 2)


def test_a_join_takes_the_farther_of_each_side() -> None:
    assert Field(1, 5, 2).join(Field(3, 2, 2)) == Field(3, 5, 2)
    assert Field(1, 5, 2).radius == 5


def test_grids_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="steps 1 and 2"):
        Field().join(Field(step=2))
    with pytest.raises(ValueError, match="step 1"):
        Field().upsample(2)


def test_a_small_u_against_sets_of_pixels() -> None:
    """conv, pool, conv, upsample, join, conv: each value as the set of input pixels it depends on."""

    def conv(maps: list[set[int]]) -> list[set[int]]:
        return [set.union(*maps[max(p - 1, 0) : p + 2]) for p in range(len(maps))]

    first = conv([{p} for p in range(64)])
    low = conv([first[2 * p] | first[2 * p + 1] for p in range(32)])
    last = conv([low[q // 2] | first[q] for q in range(64)])
    level = Field().conv(3)
    field = level.pool(2).conv(3).upsample(2).join(level).conv(3)
    inner = range(16, 48)
    assert max(q - min(last[q]) for q in inner) == field.left
    assert max(max(last[q]) - q for q in inner) == field.right
