"""The page: whole in one file, and alive in a browser."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import torch

from denoiselab.report.plots import DEPTH, SIGMA, Point
from denoiselab.report.results import Restored
from denoiselab.report.tables import Table
from denoiselab.web.charts import charts
from denoiselab.web.parallel import Job, parallel
from denoiselab.web.report import Page, Part, write_page
from denoiselab.web.viewer import Scene, scene

FIGURES = {"noisy": {"psnr": 20.5}, "</script><b>net": {"psnr": 31.25}}
EVIL = '"></svg><b>net'


@pytest.fixture
def page(tmp_path: Path) -> Path:
    names = ("clean", *FIGURES)
    seen = Restored("a & b.png", {name: torch.rand(1, 1, 12, 16) for name in names}, FIGURES)
    other = Scene("other", {name: torch.zeros(5, 7, 3, dtype=torch.uint8) for name in ("noisy", "best")}, {})
    table = Table(["restorer", "PSNR, dB"], [{"restorer": n, "PSNR, dB": f["psnr"]} for n, f in FIGURES.items()])
    plots = {DEPTH: [Point(line, 15, depth, 30.0 + depth) for line in ("a", EVIL) for depth in (4, 8)], SIGMA: []}
    ways = parallel([Job(EVIL, {"depth": depth, "PSNR dB": 30.0 + depth}) for depth in (4.0, 8.0)])
    part = Part(
        title="a set", lead="counted so", table=table, folded=table, notes=["mind this"], scenes=[scene(seen), other]
    )
    written = Page(
        title="Compared", lead="all alike", overview=table, legend="a legend", charts=charts(plots), parallel=ways,
        parts=[part, Part(title="no more than this")],
    )  # fmt: skip
    write_page(written, tmp_path / "page.html")
    return tmp_path / "page.html"


def test_nothing_comes_from_outside_and_nothing_breaks_out(page: Path) -> None:
    text = page.read_text()
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:)|@import|https?://""", text)
    assert "<b>net" not in text and "a &amp; b.png" not in text.split("application/json")[0]
    views = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)[0])
    assert [view["name"] for view in views] == ["a & b.png", "other"]
    assert views[0]["views"]["</script><b>net"]["figure"] == "31.25 dB"
    assert text.count('data-value="31.25"') == 3
    assert text.count("<circle") == 4 and text.count('role="img" aria-label="&#34;&gt;') == 2


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_a_browser_shows_the_viewer_and_the_plots(page: Path) -> None:
    typed = """<script>
    document.querySelector(".viewer select").value = "1";
    document.querySelector(".viewer select").dispatchEvent(new Event("change"));
    document.querySelector(".chart circle").dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    document.querySelectorAll(".legend button")[0].click();
    </script>"""
    alive = page.with_name("alive.html")
    alive.write_text(page.read_text().replace("</body>", f"{typed}</body>"))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom"]
    command = ["chromium", *options]
    shown = subprocess.check_output([*command, page.as_uri()], text=True, stderr=subprocess.DEVNULL)
    assert "noisy, 20.50 dB" in shown and "net, 31.25 dB" in shown
    assert re.search(r'<canvas width="16" height="12"', shown)
    assert re.search(r"clip-path: inset\(0(px)? 0(px)? 0(px)? 16px\)", shown)
    shown = subprocess.check_output([*command, alive.as_uri()], text=True, stderr=subprocess.DEVNULL)
    assert re.search(r'<canvas width="7" height="5"', shown) and '<option value="best">' in shown
    assert re.search(r"<output>[^<]*depth 4: 34.00 dB</output>", shown)
    assert re.search(r'aria-pressed="false"', shown) and len(re.findall(r'<g[^>]*class="off"', shown)) == 1
