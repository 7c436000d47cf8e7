"""PSNR over an axis."""

from denoiselab.report.plots import Point, best


def test_the_best_at_each_place() -> None:
    points = [Point("a", None, x, psnr, 0.0, None) for x, psnr in ((2, 30.0), (1, 28.0), (2, 31.0), (1, 27.0))]
    assert [(point.x, point.psnr) for point in best(points)] == [(1, 28.0), (2, 31.0)]
