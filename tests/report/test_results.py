"""What an evaluation writes, against values worked out by hand."""

from math import log10
from pathlib import Path

import pytest
import torch
import yaml

from denoiselab.metrics import Protocol, Scores
from denoiselab.report.results import (
    SUMMARY,
    Restored,
    below_input,
    means,
    per_picture,
    side_by_side,
    write_figures,
    write_results,
)
from denoiselab.report.tables import read_rows

OFFSETS = {"a.png": 0.1, "b.png": 0.01}
POOLED = -10 * log10((0.1**2 + 0.01**2) / 2)


def alike(offset: float) -> float:
    """SSIM of two constants, 0.5 and 0.5 + offset: they have no variance, so that the means alone count."""
    return (2 * 0.5 * (0.5 + offset) + 1e-4) / (0.5**2 + (0.5 + offset) ** 2 + 1e-4)


def account(pool: int) -> tuple[list[Restored], Scores]:
    """Two flat pictures; the noisy one is off by a constant (20 and 40 dB), the network by a tenth of it."""
    scores = Scores(
        Protocol(name="hand", crop=None, window=None, pool=pool, clamp=True, quantize=False, border=0, luma=False)
    )
    clean, restored = torch.full((1, 1, 12, 16), 0.5, dtype=torch.float64), []
    for name, offset in OFFSETS.items():
        pictures = {"noisy": clean + offset, "net": clean + offset / 10}
        figures = {restorer: scores.add(restorer, picture, clean) for restorer, picture in pictures.items()}
        restored.append(Restored(name, {"clean": clean, **pictures}, figures))
    return restored, scores


@pytest.mark.parametrize(("pool", "psnr"), [(1, 30), (2, POOLED)])
def test_means(pool: int, psnr: float) -> None:
    table = means(account(pool)[1], "two flat pictures")
    assert table.title == "two flat pictures"
    noisy, net = table.rows
    assert noisy == {"restorer": "noisy", "PSNR dB": pytest.approx(psnr), "pictures": 2, "SSIM": pytest.approx(
        (alike(0.1) + alike(0.01)) / 2)}  # fmt: skip
    assert (net["restorer"], net["PSNR dB"]) == ("net", pytest.approx(psnr + 20))


def test_side_by_side() -> None:
    table = side_by_side(*account(1))
    assert list(table.columns) == ["picture", "noisy", "net"]
    assert [row["picture"] for row in table.rows] == ["a.png", "b.png", "mean"]
    assert table.rows[0]["noisy"] == f"20.00 {alike(0.1):.4f}"
    assert table.rows[1]["net"] == f"60.00 {alike(0.001):.4f}"
    assert table.rows[2]["noisy"] == f"30.00 {(alike(0.1) + alike(0.01)) / 2:.4f}"
    assert side_by_side(*account(2)).rows[2]["noisy"].startswith("22.97 ")


def test_a_large_test_set_is_not_listed_whole() -> None:
    restored, scores = account(1)
    rows = side_by_side(restored * 60, scores).rows
    assert len(rows) == 102 and rows[100] == {"picture": "and 20 more"} and rows[101]["picture"] == "mean"


@pytest.mark.parametrize(("pool", "psnr"), [(1, 30), (2, POOLED)])
def test_results_csv_ends_in_the_means(tmp_path: Path, pool: int, psnr: float) -> None:
    restored, scores = account(pool)
    write_results(restored, scores, tmp_path, "two flat pictures", "net")
    columns, rows = read_rows(tmp_path / "results.csv")
    assert columns == ["picture", "restorer", "psnr", "ssim", "mse", "level", "protocol"]
    assert [(row["picture"], row["restorer"]) for row in rows] == [
        (picture, restorer) for picture in ("a.png", "b.png", "mean") for restorer in ("noisy", "net")
    ]
    assert {row["protocol"] for row in rows} == {"hand"}
    assert [float(row["psnr"]) for row in rows] == pytest.approx([20, 40, 40, 60, psnr, psnr + 20])
    assert [float(row["mse"]) for row in rows[::2]] == pytest.approx([0.01, 0.0001, 0.00505])
    assert float(rows[4]["ssim"]) == pytest.approx((alike(0.1) + alike(0.01)) / 2)
    assert (tmp_path / "results.md").read_text().startswith("**two flat pictures**")
    assert (tmp_path / "pictures.png").exists()


def test_the_mean_rows_are_the_table_of_means() -> None:
    restored, scores = account(2)
    last = [row for row in per_picture(restored, scores).rows if row["picture"] == "mean"]
    assert [row["psnr"] for row in last] == [row["PSNR dB"] for row in means(scores, "").rows]


def test_only_what_the_grid_shows_is_kept() -> None:
    large = Restored("a", {"clean": torch.rand(1, 3, 300, 20)}, {"net": {"psnr": 1.0}})
    kept = large.centres(True).pictures["clean"]
    assert torch.equal(kept, large.pictures["clean"][..., 22:278, :])
    assert kept.untyped_storage().nbytes() == 4 * 3 * 256 * 20
    assert large.centres(False) == Restored("a", {}, large.figures)


def test_the_summary_is_read_back(tmp_path: Path) -> None:
    figures = {"parameters": 12, "receptive field": None, "PSNR dB": 29.123456789, "protocol": "default: ×, σ"}
    write_figures(tmp_path / "run", figures)
    assert SUMMARY == "summary.yaml"
    assert [file.name for file in (tmp_path / "run").iterdir()] == ["summary.yaml"]
    assert yaml.safe_load((tmp_path / "run" / "summary.yaml").read_text(encoding="utf-8")) == figures


def test_a_restorer_that_makes_pictures_worse_is_told() -> None:
    _, scores = account(pool=1)
    assert below_input(scores, "net") == ""
    for offset in OFFSETS.values():
        clean = torch.full((1, 1, 12, 16), 0.5, dtype=torch.float64)
        scores.add("worse", clean + 2 * offset, clean)
    assert "worse makes these pictures worse (30.00 to 23.98 dB)" in below_input(scores, "worse")
