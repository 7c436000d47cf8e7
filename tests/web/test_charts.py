"""Where the marks of a chart stand, and what is said of them."""

import re
from itertools import pairwise

import pytest

from denoiselab.report.figures import COLOURS
from denoiselab.report.plots import DEPTH, PARAMETERS, SIGMA, Point
from denoiselab.web.charts import BOTTOM, LEFT, RIGHT, TOP, charts
from denoiselab.web.parallel import Job, parallel
from denoiselab.web.scales import Scale, around, spoken, styles


def points() -> list[Point]:
    return [
        Point(line, sigma, depth, psnr, 0.1, 20.0, f"{line}, depth={depth}")
        for line, gain in (("dncnn", 0.0), ("unet", 0.5))
        for sigma in (15, 30)
        for depth, psnr in ((4, 33 - sigma / 10 + gain), (8, 34 - sigma / 10 + gain), (8, 30.0))
    ]


def test_a_panel_for_each_noise_level_and_a_line_for_each_architecture() -> None:
    (chart,) = charts({DEPTH: points(), SIGMA: []})
    assert chart.title == "PSNR against depth"
    assert [panel.title for panel in chart.panels] == ["sigma 15", "sigma 30"]
    for panel in chart.panels:
        assert [line.name for line in panel.lines] == ["dncnn", "unet"]
        assert [tick.text for tick in panel.across] == ["4", "8"]
        for line in panel.lines:
            best = [dot for dot in line.dots if dot.joined]
            assert len(line.dots) == 3 and len(best) == 2
            assert best[0].y > best[1].y and best[0].x < best[1].x  # better is higher, which in an SVG is less
            assert all(TOP < dot.high < dot.y < dot.low < BOTTOM and LEFT < dot.x < RIGHT for dot in line.dots)
            assert line.path == " ".join(f"{dot.x},{dot.y}" for dot in best)
    said = [dot.said for dot in chart.panels[0].lines[0].dots]
    assert "dncnn, depth=4: 31.50 ± 0.10 dB (noisy 20.00)" in said
    assert list(chart.looks) == ["dncnn", "unet"] and chart.looks["unet"].colour == COLOURS[1]


def test_one_place_is_no_chart_and_an_exact_picture_no_point() -> None:
    assert charts({SIGMA: [Point("a", None, 15, 30.0), Point("b", None, 15, 31.0)]}) == []
    assert charts({SIGMA: [Point("a", None, 15, float("inf")), Point("b", None, 30, 31.0)]}) == []


def test_sizes_lie_by_their_logarithms() -> None:
    sizes = [Point("a", 15, size, 30.0) for size in (1e4, 1e5, 1e6)]
    (chart,) = charts({PARAMETERS: sizes})
    first, second, third = (dot.x for dot in chart.panels[0].lines[0].dots)
    assert second - first == pytest.approx(third - second, abs=0.2)
    assert "100k" in [tick.text for tick in chart.panels[0].across]


@pytest.mark.parametrize("values", [(30.0, 30.0), (29.97, 30.02), (0.0, 5.0), (1e4, 1.2e4), (36_864, 559_363)])
def test_round_ticks_inside_the_range(values: tuple[float, float]) -> None:
    for logarithmic in (False, True) if min(values) > 0 else (False,):
        scale = around(values, 200, 20, logarithmic=logarithmic)
        ticks = scale.round_ticks()
        assert 2 <= len(ticks) <= 9
        assert all(200 >= tick.at >= 20 for tick in ticks) and all(a.at > b.at for a, b in pairwise(ticks))
        assert len({tick.text for tick in ticks}) == len(ticks)


def test_numbers_in_few_letters() -> None:
    assert [spoken(v) for v in (4, 0.5, 28.35, 5000, 55_875, 1_500_000)] == [
        "4",
        "0.5",
        "28.35",
        "5000",
        "55.9k",
        "1.5M",
    ]
    assert Scale(1, 100, 0, 10, True)(10) == 5


def test_every_line_looks_different() -> None:
    looks = styles(f"line {i}" for i in range(3 * len(COLOURS)))
    assert len(set(looks.values())) == 3 * len(COLOURS)


def test_a_way_for_each_job_through_what_they_differ_in() -> None:
    jobs = [
        Job(model, {"model": model, "depth": depth, "batch": 4.0, "lr": lr, "PSNR dB": 30 + depth})
        for (model, depth), lr in zip([("dncnn", 4.0), ("unet", 4.0), ("unet", 8.0)], (1e-4, 1e-3, 1e-2), strict=True)
    ]
    drawn = parallel([*jobs, Job("unet", {"model": "unet", "depth": 8.0, "lr": 1e-3})])
    assert drawn is not None
    assert [axis.name for axis in drawn.axes] == ["model", "depth", "lr", "PSNR dB"]
    assert [tick.text for tick in drawn.axes[0].ticks] == ["dncnn", "unet"]
    ways = [[tuple(map(float, corner.split(","))) for corner in way.path.split()] for way in drawn.ways]
    assert len(ways) == 3 and all([x for x, _ in way] == [axis.x for axis in drawn.axes] for way in ways)
    assert ways[1][0] == ways[2][0] != ways[0][0]
    assert ways[1][1][1] - ways[0][1][1] == 3 and ways[1][1][1] > ways[2][1][1]  # one value: beside each other
    assert [tick.text for tick in drawn.axes[1].ticks] == ["4", "8"]
    middle = sum(ways[0][2]) / 2 + 1.5 + sum(ways[2][2]) / 2  # lr by its logarithm
    assert sum(ways[1][2]) == pytest.approx(middle, abs=0.3)
    assert drawn.ways[2].said == "model unet, depth 8, lr 0.01, PSNR dB 38.00"


def test_too_few_jobs_or_axes_are_not_drawn() -> None:
    assert parallel([]) is None
    assert parallel([Job("a", {"depth": 4.0, "PSNR dB": 30.0})]) is None
    assert parallel([Job("a", {"depth": d, "PSNR dB": 30.0}) for d in (4.0, 8.0)]) is None


def test_no_number_of_a_drawing_is_broken() -> None:
    for chart in charts({DEPTH: points()}):
        assert re.fullmatch(r"[\d.,\s]+", " ".join(line.path for panel in chart.panels for line in panel.lines))
