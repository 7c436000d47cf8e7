"""The verb `report`: trained denoisers side by side, or a sweep, as tables, plots and a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from denoiselab.app.argv import home, literal
from denoiselab.app.evaluate import GROUPS, for_run, news, tested
from denoiselab.app.runs import opened, place, retarget
from denoiselab.errors import UserError

if TYPE_CHECKING:
    from denoiselab.report.comparison import Test

PAGE = "report.html"


def prepared(arguments: list[str]) -> list[str]:
    """What the tests are, as a list of lists; the runs, as a list of texts."""
    own, said = [], []
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if equals and key.lstrip("+~").split(".")[0] in GROUPS:
            said.append(argument)
        elif key == "runs" and value not in ("", "null") and not value.startswith("["):
            names = [value] if Path(value).exists() else value.split(",")
            own.append(f"runs=[{','.join(map(literal, names))}]")
        else:
            own.append(argument)
    if not said:
        return own
    tests = [f"[{','.join(map(literal, overrides))}]" for overrides in combined(said)]
    return [*own, f"tests=[{','.join(tests)}]"]


def combined(overrides: Sequence[str]) -> list[tuple[str, ...]]:
    """`data=A,B noise.sigma=15,25` as the four lists of overrides with a single value each."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    parsed = OverridesParser.create().parse_overrides(list(overrides))
    values = [
        [f"{one.get_key_element()}={value}" for value in one.sweep_string_iterator()] if one.is_sweep_override()
        else [str(one.input_line)]
        for one in parsed
    ]  # fmt: skip
    return list(product(*values))


def keys(
    *,
    sweep: str | None,
    runs: list[str] | None,
    tests: list[list[str]] | None,
    seed: int,
    baselines: bool,
    output: str | None,
    trust: bool,
) -> None:
    """The keys, with their types."""


def task(cfg: Any) -> None:
    """Compare runs, or write a sweep's tables anew; draw the plots and write the page."""
    from omegaconf import OmegaConf

    from denoiselab.config import check

    plain: Any = OmegaConf.to_container(cfg, resolve=True)
    check(keys, plain, "", {})
    if (plain["sweep"] is None) == (plain["runs"] is None):
        raise UserError("name a sweep's folder, sweep=FOLDER, or what is to be compared, runs=A,B")
    if plain["sweep"] is not None:
        of_sweep(home(plain["sweep"]))
    else:
        of_runs(plain)


def of_sweep(folder: Path) -> None:
    """A sweep's tables, plots and page, in its folder."""
    from denoiselab.sweep.leaderboard import leaderboard, write_tables
    from denoiselab.sweep.ledger import jobs
    from denoiselab.sweep.plots import draw
    from denoiselab.web.report import Page, write_page

    if not jobs(folder):
        raise UserError(f"sweep={folder}: there is no sweep here; train.py -m makes one and says where")
    write_tables(folder)
    table, plots = leaderboard(folder), draw(folder)
    write_page(Page(folder.name, "A sweep's finished jobs, the best first.", table, "", plots, ()), folder / PAGE)
    table.print()
    for file in (*plots, folder / PAGE):
        print(f"written: {file}")


def of_runs(cfg: Mapping[str, Any]) -> None:
    """A comparison's tables, plots and page, in a folder of its own."""
    from denoiselab.report.comparison import compare
    from denoiselab.report.grids import strips
    from denoiselab.report.plots import draw
    from denoiselab.report.standings import every_figure, overview, places, shown, standing
    from denoiselab.web.report import Page, Part, write_page

    entrants = named(cfg["runs"])
    contents = {name: opened(str(file))[1] for name, file in entrants.items()}
    recipes = {name: content["denoiselab"] for name, content in contents.items()}
    tests = tests_of(entrants, recipes, [tuple(test) for test in cfg["tests"] or [()]], cfg["seed"])
    reference, models = next(iter(entrants)), {name: recipe["config"]["model"] for name, recipe in recipes.items()}
    outcomes = [compare(test, contents, baselines=cfg["baselines"], trust=cfg["trust"]) for test in tests]
    folder = home(cfg["output"] or "outputs/report")
    table = overview(outcomes)
    table.to_csv(folder / "comparison.csv")
    table.to_markdown(folder / "comparison.md")
    every_figure(outcomes).to_csv(folder / "figures.csv")
    plots = draw(places(outcomes, models), folder)
    for number, outcome in enumerate(outcomes, 1):
        strips(shown(outcome), folder / f"pictures_{number}.png")
    parts = [
        Part(one.title, one.protocol, standing(one, reference), every_figure([one]), one.notes, one.restored)
        for one in outcomes
    ]
    write_page(Page("Denoisers compared", LEAD, table, LEGEND.format(reference), plots, parts), folder / PAGE)
    for outcome, part in zip(outcomes, parts, strict=True):
        print(*outcome.notes, sep="\n", end="\n" if outcome.notes else "")
        part.table.print()
    print(
        f"written to {folder}: {PAGE}, comparison.csv, comparison.md, figures.csv, pictures_*.png",
        *(f.name for f in plots),
        sep=", ",
    )


LEAD = "Every restorer saw the same pictures with the same noise. Columns sort; the slider goes from one to the other."
LEGEND = (
    "kMAC / pixel: thousand multiply-adds; s / Mpx and peak MiB: of the first picture, in float32, in a process of "
    "its own. Below, − reference is the mean over pictures of each one's PSNR minus that of {}, with its 95 % interval."
)


def named(runs: Sequence[str]) -> dict[str, Path]:
    """The checkpoint files that are compared, each by the shortest name that tells it from the others.

    Raises:
        UserError: nothing there.
    """
    from denoiselab.methods.checkpoint import find_checkpoint

    places = [found for text in runs for found in found_below(home(text))]
    for depth in range(1, max(len(run.parts) for run in places) + 1):
        names = ["/".join(run.absolute().parts[-depth:]) for run in places]
        if len(set(names)) == len(places):
            break
    return {name: find_checkpoint(run) for name, run in zip(names, places, strict=True)}


def found_below(run: Path) -> list[Path]:
    """A run, a checkpoint, or all runs that a folder or a pattern holds."""
    if any(mark in str(run) for mark in "*?[") and not run.exists():
        anchor = Path(run.anchor or ".")
        found = sorted(anchor.glob(str(run.relative_to(run.anchor) if run.anchor else run)))
        matching = [path for path in found if path.suffix == ".ckpt" or next(path.rglob("*.ckpt"), None)]
        if not matching:
            raise UserError(f"runs={run}: no run matches")
        return [one for path in matching for one in found_below(path)]
    if run.is_dir() and not any(run.glob("*.ckpt")):
        inside = sorted({file.parent for file in run.rglob("*.ckpt")})
        if inside:
            return inside
    return [run]


def tests_of(
    entrants: Mapping[str, Path], recipes: Mapping[str, Any], said: Sequence[tuple[str, ...]], seed: int
) -> list[Test]:
    """The tests, each with those who are measured on the same pictures, noise and protocol in it."""
    from denoiselab.report.comparison import Test

    tests = dict[str, Test]()
    for overrides in said:
        for name, file in entrants.items():
            label, config, everything = measured_on(recipes[name], overrides)
            config["seed"] = seed
            same = [label, everything, place(config["data"]), config["data"].get("channels"), config["noise"]]
            key = repr([*same, config["protocol"]])
            test = tests.get(key) or Test(label, config, everything, {}, {})
            methods = {**test.methods, name: config["method"]}
            tests[key] = Test(label, test.config, everything, {**test.entrants, name: file}, methods)
    return list(tests.values())


def measured_on(recipe: Mapping[str, Any], overrides: Sequence[str]) -> tuple[str, dict[str, Any], bool]:
    """What the pictures are called, the configuration of the test, and whether all of the pictures are taken."""
    from hydra import compose
    from omegaconf import OmegaConf

    arguments = for_run(recipe, list(overrides))
    cfg: Any = compose("evaluate", arguments, return_hydra_config=True)
    choices: Any = OmegaConf.to_container(cfg.hydra.runtime.choices)
    composed: Any = OmegaConf.to_container(
        OmegaConf.masked_copy(cfg, [key for key in cfg if key != "hydra"]), resolve=True
    )
    retarget(composed, arguments, choices)
    config = tested(recipe, composed, news(arguments, recipe["choices"]))
    data = config["data"]
    label = str(choices["data"]) if choices["data"] != "folder" else Path(str(data.get("root"))).name
    colours = {1: "gray", 3: "RGB"}.get(data.get("channels"), "")
    return f"{label} {colours}".strip(), config, place(data) != place(recipe["config"]["data"])


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("report")
