"""The error of latent priors over seed 000's ten noise levels, by both searches, and against σ²K/n.

    python experiments/latent_prior/levels.py RUN RUN

reads trained runs (K = 10 and K = 20), restores 1 000 test digits at each level and writes `levels.csv` and
`levels.png` beside this file. A level that was measured lies in its run's folder `levels` and is not measured again.
Every level sees the same digits under the same noise but for its strength; at the first there is none, and what is
left is what the decoder can't show. `means.csv` has the mean over the levels, which is what is published.
"""

import csv
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import yaml
from matplotlib.figure import Figure

from denoiselab.drafts import atomic
from denoiselab.methods.assembly import make_data
from denoiselab.methods.checkpoint import find_checkpoint, load_method, read_checkpoint

HERE = Path(__file__).parent
CONF = HERE.parents[1] / "conf" / "method"
LEVELS = [round(0.3 * i, 1) for i in range(10)]
SEARCHES = {"latent_prior": "Levenberg–Marquardt", "latent_descent": "gradient descent"}
PIXELS = 28 * 28
MARKS = {"latent_prior": "o-", "latent_descent": "s--"}
INKS = {10: "#d1622b", 20: "#1f6fb2"}


def measured(run: str, search: str, level: float, digits: int) -> dict[str, Any]:
    """The mean squared errors of one run at one level: of the clean digit, and of the noisy one that is fitted."""
    content = read_checkpoint(find_checkpoint(run))
    method, config = load_method(content, trust=False, method=yaml.safe_load((CONF / f"{search}.yaml").read_text()))
    noise, small = config["noise"] | {"variance_ratio": level}, config["data"] | {"test_size": digits}
    data: Any = make_data({**config, "noise": noise, "data": small}, trust=False)
    data.setup("test")
    start, errors, fits, theory = time.perf_counter(), [], [], []
    for numbers in data.chunks("test"):
        batch = data.measured_batch("test", numbers, "cpu", lambda picture, _: picture)
        with torch.no_grad():
            restored = method.restore(batch.observation).mean
        errors.append((restored.clamp(0, 1) - batch.clean).square().flatten(1).mean(1))
        fits.append((restored - batch.input).square().flatten(1).mean(1))
        theory.append(batch.observation.level.square() * method.network.latent_dim / PIXELS)
    error = torch.cat(errors)
    return {
        "K": method.network.latent_dim,
        "search": search,
        "variance_ratio": level,
        "mse": float(error.mean()),
        "mse_95": 1.96 * float(error.std()) / len(error) ** 0.5,
        "fit": float(torch.cat(fits).mean()),
        "sigma2_K_n": float(torch.cat(theory).mean()),
        "digits": len(error),
        "seconds": time.perf_counter() - start,
    }


def kept(run: str, search: str, level: float, digits: int) -> dict[str, Any]:
    """What was measured before, else what is measured now."""
    file = Path(run) / "levels" / f"{search}_{level}_{digits}.yaml"
    if not file.exists():
        row = measured(run, search, level, digits)
        with atomic(file) as draft:
            draft.write_text(yaml.safe_dump(row, sort_keys=False), encoding="utf-8")
    row = yaml.safe_load(file.read_text(encoding="utf-8"))
    print("K {K}, {search}, level {variance_ratio}: mse {mse:.5f} ± {mse_95:.5f}".format(**row), flush=True)
    return dict(row)


def lines(rows: list[dict[str, Any]]) -> Iterator[tuple[int, str, list[dict[str, Any]]]]:
    """The rows of each K and search."""
    for k in sorted({row["K"] for row in rows}):
        for search in SEARCHES:
            yield k, search, [row for row in rows if (row["K"], row["search"]) == (k, search)]


def means(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The mean over the levels of each K and search; levels show the same digits, so their intervals don't shrink."""
    for k, search, mine in lines(rows):
        yield {
            "K": k,
            "search": SEARCHES[search],
            **{key: sum(row[key] for row in mine) / len(mine) for key in ("mse", "mse_95", "fit")},
            "seconds a level": sum(row["seconds"] for row in mine) / len(mine),
        }


def write(rows: list[dict[str, Any]], path: Path) -> None:
    """Rows as CSV."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def draw(rows: list[dict[str, Any]]) -> None:
    """The error against the level, with an interval, and its rise over the first level against σ²K/n."""
    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for k, search, mine in lines(rows):
        look = {"color": INKS.get(k), "markersize": 4, "linewidth": 1.2, "label": f"K = {k}, {SEARCHES[search]}"}
        mse = [row["mse"] for row in mine]
        levels, spread = [row["variance_ratio"] for row in mine], [row["mse_95"] for row in mine]
        left.errorbar(levels, mse, spread, fmt=MARKS[search], capsize=2, **look)
        right.plot([row["sigma2_K_n"] for row in mine], [m - mse[0] for m in mse], MARKS[search], **look)
    ends = [0, max(row["sigma2_K_n"] for row in rows)]
    right.plot(ends, ends, color="#777777", linewidth=1, label="σ²K/n")
    left.set(xlabel="noise variance / mean square of the digit", ylabel="mean squared error", ylim=(0, None))
    right.set(xlabel="σ²K/n, mean over the digits", ylabel="error above that without noise")
    for axis in (left, right):
        axis.grid(True, color="#dddddd", linewidth=0.6)
        axis.spines[["top", "right"]].set_visible(False)
        axis.legend(frameon=False, fontsize=8)
    figure.savefig(HERE / "levels.png", dpi=100)


def main(*runs: str, digits: int = 1000) -> None:
    """Measure, and write what was measured."""
    rows = [kept(run, search, level, digits) for search in SEARCHES for run in runs for level in LEVELS]
    write(rows, HERE / "levels.csv")
    write(list(means(rows)), HERE / "means.csv")
    draw(rows)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 1 else sys.exit(__doc__)
