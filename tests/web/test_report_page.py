"""The page: whole in one file, and alive in a browser."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import torch

from denoiselab.report.results import Restored
from denoiselab.report.tables import Table
from denoiselab.web.report import Page, Part, write_page

FIGURES = {"noisy": {"psnr": 20.5}, "</script><b>net": {"psnr": 31.25}}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    names = ("clean", *FIGURES)
    seen = Restored("a & b.png", {name: torch.rand(1, 1, 12, 16) for name in names}, FIGURES)
    unseen = Restored("c.png", {}, FIGURES)
    table = Table(["restorer", "PSNR, dB"], [{"restorer": n, "PSNR, dB": f["psnr"]} for n, f in FIGURES.items()])
    part = Part("a set", "counted so", table, table, ["mind this"], [seen, unseen])
    write_page(Page("Compared", "all alike", table, "a legend", [], [part]), tmp_path / "page.html")
    return tmp_path / "page.html"


def test_nothing_comes_from_outside_and_nothing_breaks_out(page: Path) -> None:
    text = page.read_text()
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:)|@import|https?://""", text)
    assert "<b>net" not in text and "a &amp; b.png" not in text.split("application/json")[0]
    views = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)[0])
    assert [view["name"] for view in views] == ["a & b.png"]
    assert views[0]["views"]["</script><b>net"]["figure"] == "31.25 dB"
    assert text.count('data-value="31.25"') == 3


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_a_browser_shows_the_viewer(page: Path) -> None:
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom"]
    shown = subprocess.check_output(["chromium", *options, page.as_uri()], text=True, stderr=subprocess.DEVNULL)
    assert "noisy, 20.50 dB" in shown and "net, 31.25 dB" in shown
    assert re.search(r'<canvas width="16" height="12"', shown)
    assert re.search(r"clip-path: inset\(0(px)? 0(px)? 0(px)? 16px\)", shown)
