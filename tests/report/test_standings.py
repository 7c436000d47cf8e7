"""What is said beside the figures of a comparison, and that only like stands with like."""

from dataclasses import replace
from types import SimpleNamespace

import torch

from denoiselab.data.store import PictureStore
from denoiselab.metrics import Protocol, Scores
from denoiselab.report.comparison import Outcome, seen
from denoiselab.report.cost import Cost
from denoiselab.report.plots import PARAMETERS, SIGMA
from denoiselab.report.standings import every_figure, noted, overview, places, standing, titles
from denoiselab.report.tables import Table

PROTOCOL = Protocol(
    name="default", crop=None, window=None, pool=1, clamp=True, quantize=False, border=0, luma=False
)  # fmt: skip
BORDERED = replace(PROTOCOL, border=4)


def outcome(protocol: Protocol, error: float, sigma: float = 15, noise: str = "Gaussian", *notes: str) -> Outcome:
    scores = Scores(protocol)
    for name, part in (("noisy", 2.0), ("net", 1.0)):
        scores.add(name, torch.full((1, 1, 16, 16), 0.5 + error * part), torch.full((1, 1, 16, 16), 0.5))
    return Outcome("set", f"{noise}, sigma {sigma:g} of 255", sigma, scores, [], {"net": Cost(7, 1, 1, 1)}, notes)


def figures(table: Table, column: str) -> dict[str, float]:
    return {row["restorer"]: round(row[column], 2) for row in table.rows}


def test_protocols_of_one_name_have_columns_of_their_own() -> None:
    table = overview([outcome(PROTOCOL, 0.1), outcome(BORDERED, 0.01)])
    first, second = table.columns[1:3]
    assert "without a border of 4 px" in second and "border" not in first
    assert figures(table, first) == {"noisy": 13.98, "net": 20.0}
    assert figures(table, second) == {"noisy": 33.98, "net": 40.0}
    assert overview([outcome(PROTOCOL, 0.1), outcome(PROTOCOL, 0.1, 30)]).columns[1:3] == [
        "set, Gaussian, sigma 15 of 255, default, dB", "set, Gaussian, sigma 30 of 255, default, dB",
    ]  # fmt: skip


def test_tests_that_nothing_tells_apart_are_numbered() -> None:
    same = [outcome(PROTOCOL, 0.1), outcome(PROTOCOL, 0.01)]
    assert [title.rpartition(" ")[2] for title in titles(same)] == ["(1)", "(2)"]
    assert len(set(overview(same).columns)) == 7 and every_figure(same).rows == []


def test_a_test_without_the_reference_has_no_differences() -> None:
    of_its_own = outcome(PROTOCOL, 0.1)
    assert list(standing(of_its_own, "other").columns) == ["restorer", "PSNR, dB", "SSIM"]


def test_every_picture_that_was_trained_on_is_named() -> None:
    keys = [str(i) for i in range(5)]
    store = PictureStore.of({"clean": [torch.zeros(4, 4, 1)] * 5}, [f"{key}.png" for key in keys], keys)
    (line,) = seen({"denoiselab": {"trained_on": keys}}, SimpleNamespace(stores={"test": store}))  # type: ignore
    assert line.startswith("WARNING   5 of 5") and all(f"{key}.png" in line for key in keys)


def test_notes_stand_under_their_test() -> None:
    said = noted([outcome(PROTOCOL, 0.1), outcome(PROTOCOL, 0.1, 30, "Gaussian", "net: a.png ~ b.png", "more")])
    assert said == "\nset, Gaussian, sigma 30 of 255, default:\n\n- net: a.png ~ b.png\n- more\n"


def test_only_one_protocol_and_one_kind_of_noise_is_drawn() -> None:
    other = outcome(PROTOCOL, 0.3, 30, "Relative")
    tests = [outcome(PROTOCOL, 0.1), outcome(BORDERED, 0.01), outcome(PROTOCOL, 0.2, 30), other]
    points = places(tests, {"net": {"_target_": "a.Net"}})
    assert [(point.x, round(point.psnr, 2)) for point in points[SIGMA]] == [(15, 20.0), (30, 13.98)]
    assert {point.line for point in points[PARAMETERS]} == {"Net"} and len(points[PARAMETERS]) == 2
