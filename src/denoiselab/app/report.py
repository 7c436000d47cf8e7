"""The verb `report`: trained denoisers side by side, or a sweep, as tables, plots and a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from denoiselab.app.argv import beside, home, literal, named
from denoiselab.app.entrants import entered, told_apart
from denoiselab.app.evaluate import GROUPS, check_classes, for_run, news, tested
from denoiselab.app.folder import recognised
from denoiselab.app.runs import opened, place, retarget
from denoiselab.config import PLACES
from denoiselab.errors import UserError

if TYPE_CHECKING:
    from denoiselab.report.comparison import Test

PAGE = "report.html"
TRAINING = (
    "batch_size", "crop_size", "crops_per_picture", "augment", "shuffle_channels", "val_crop", "cache",
    "train_size", "val_size", "train_scenes", "val_scenes",
)  # fmt: skip
SHARES = ("train", "val", "held_out")
"""Keys of `data` that no test picture depends on; and those that say which are test pictures, where `test` doesn't."""


def prepared(arguments: list[str]) -> list[str]:
    """What the tests are, as a list of lists; the runs, as a list of texts; where a sweep's jobs are logged.

    A folder of a person's own pictures is looked at, as for `evaluate`.
    """
    own, said = logged_at(arguments), list[str]()
    for argument in recognised(arguments, trains=False):
        key, equals, value = argument.partition("=")
        if equals and key.lstrip("+~").split(".")[0] in GROUPS:
            said.append(argument)
        elif key == "runs" and value not in ("", "null") and not value.startswith("["):
            own.append(f"runs=[{','.join(map(literal, told_apart(value)))}]")
        else:
            own.append(argument)
    if not said:
        return own
    tests = [f"[{','.join(map(literal, overrides))}]" for overrides in combined(said)]
    return beside(own, [f"tests=[{','.join(tests)}]"])


def logged_at(arguments: Sequence[str]) -> list[str]:
    """Before what the command line says of W&B, what the jobs of its sweep say."""
    from denoiselab.sweep.dashboard import logged

    if named(arguments, "logger") != "wandb" or (sweep := named(arguments, "sweep")) is None:
        return []
    options = logged(home(sweep)) or {}
    return [f"logger.{key}={literal(options[key])}" for key in ("project", "entity", "group") if options.get(key)]


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
    logger: Mapping[str, Any],
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
    kind = plain["logger"]["name"]
    if kind not in ("none", "wandb") or (kind == "wandb" and plain["sweep"] is None):
        raise UserError(f"logger={kind}: what leaves a report is a sweep's dashboard, sweep=FOLDER logger=wandb")
    if plain["sweep"] is not None and plain["output"] is not None:
        raise UserError(f"output={plain['output']}: a sweep's report is written into its own folder: leave output away")
    if plain["sweep"] is None:
        of_runs(plain)
        return
    of_sweep(home(plain["sweep"]))
    if kind == "wandb":
        to_wandb(home(plain["sweep"]), plain["logger"])


def of_sweep(folder: Path) -> None:
    """A sweep's tables, plots and page, in its folder."""
    from denoiselab.report.plots import draw
    from denoiselab.sweep.leaderboard import leaderboard, write_tables
    from denoiselab.sweep.ledger import jobs
    from denoiselab.sweep.page import page
    from denoiselab.sweep.plots import places
    from denoiselab.web.report import write_page

    if not jobs(folder):
        raise UserError(f"sweep={folder}: there is no sweep here; train.py -m makes one and says where")
    write_tables(folder)
    plots = draw(places(folder), folder)
    write_page(page(folder), folder / PAGE)
    leaderboard(folder).print()
    for file in (*plots, folder / PAGE):
        print(f"written: {file}")


def to_wandb(folder: Path, options: Mapping[str, Any]) -> None:
    """A sweep's dashboard at Weights & Biases; options: those of the logger."""
    from denoiselab.sweep.dashboard import logged, publish, waiting
    from denoiselab.training.loggers import has_account

    if logged(folder) is None:
        raise UserError(f"logger=wandb: the jobs of {folder} aren't logged there; a sweep's own logger=wandb does it")
    if not has_account():
        raise UserError(f"logger=wandb: no W&B account here (wandb login): no dashboard; {PAGE} has the same plots")
    if runs := waiting(folder):
        print(f"note      {len(runs)} runs aren't uploaded: wandb sync {quote(str(folder))}/*/wandb/offline-run-*")
    print(f"dashboard: {publish(folder, options)}")


def of_runs(cfg: Mapping[str, Any]) -> None:
    """A comparison's tables, plots and page, in a folder of its own."""
    from denoiselab.metrics.lpips import weights_file
    from denoiselab.report.comparison import compare
    from denoiselab.report.grids import strips
    from denoiselab.report.plots import draw
    from denoiselab.report.standings import every_figure, noted, overview, places, shown, standing, titles
    from denoiselab.web.charts import charts
    from denoiselab.web.report import Page, Part, write_page
    from denoiselab.web.viewer import scene

    entrants = entered(cfg["runs"])
    contents = {name: opened(str(file))[1] for name, file in entrants.items()}
    recipes = {name: content["denoiselab"] for name, content in contents.items()}
    tests = tests_of(entrants, recipes, [tuple(test) for test in cfg["tests"] or [()]], cfg["seed"], trust=cfg["trust"])
    reference, models = next(iter(entrants)), {name: recipe["config"]["model"] for name, recipe in recipes.items()}
    if not (weights := weights_file()).is_file():
        print(f"note      LPIPS isn't measured: {weights.name}, torchvision's AlexNet, isn't in {weights.parent}")
    outcomes = [compare(test, contents, baselines=cfg["baselines"], trust=cfg["trust"]) for test in tests]
    folder = home(cfg["output"] or "outputs/report")
    remove_drawings(folder)
    table = overview(outcomes)
    table.to_csv(folder / "comparison.csv")
    table.to_markdown(folder / "comparison.md", noted(outcomes))
    every_figure(outcomes).to_csv(folder / "figures.csv")
    points = places(outcomes, models)
    plots = draw(points, folder)
    for number, outcome in enumerate(outcomes, 1):
        strips(shown(outcome), folder / f"pictures_{number}.png")
    parts = [
        Part(
            title=title, lead=one.protocol, notes=one.notes, table=standing(one, reference), folded=every_figure([one]),
            scenes=[scene(restored) for restored in one.restored if restored.pictures],
        )
        for title, one in zip(titles(outcomes), outcomes, strict=True)
    ]  # fmt: skip
    legend, first = LEGEND.format(reference), outcomes[0]
    drawn = charts(points, f"{first.pictures}, {first.scores.name}")
    write_page(
        Page(title="Denoisers compared", lead=LEAD, overview=table, legend=legend, charts=drawn, parts=parts),
        folder / PAGE,
    )
    for outcome in outcomes:
        print(*outcome.notes, sep="\n", end="\n" if outcome.notes else "")
        standing(outcome, reference).print()
    print(
        f"written to {folder}: {PAGE}, comparison.csv, comparison.md, figures.csv, pictures_*.png",
        *(f.name for f in plots),
        sep=", ",
    )


def remove_drawings(folder: Path) -> None:
    """Take away what an earlier report drew here: this one may draw less."""
    from denoiselab.report.plots import LABELS

    if (folder / PAGE).is_file():
        for old in (*folder.glob("pictures_[0-9]*.png"), *(folder / f"{name}.png" for name in LABELS)):
            old.unlink(missing_ok=True)


LEAD = "Every restorer saw the same pictures with the same noise. Columns sort; the slider goes from one to the other."
LEGEND = (
    "kMAC / pixel: thousand multiply-adds; s / Mpx and peak MiB: of the first picture, in float32, in a process of "
    "its own. Below, − reference is the mean over pictures of each one's PSNR minus that of {}, with its 95 % interval."
)


def tests_of(
    entrants: Mapping[str, Path],
    recipes: Mapping[str, Any],
    said: Sequence[tuple[str, ...]],
    seed: int,
    *,
    trust: bool,
) -> list[Test]:
    """The tests, each with those who are measured on the same pictures, noise and protocol in it.

    Raises:
        UserError: a run is to be measured twice in one test, or knows no such noise.
    """
    from denoiselab.config import build
    from denoiselab.report.comparison import Test

    tests = dict[str, Test]()
    for overrides in said:
        for name, file in entrants.items():
            try:
                label, config, everything = measured_on(recipes[name], overrides)
                build(config["noise"], "noise", trust=trust)
            except UserError as error:
                alike = any(word.startswith("noise=") for word in overrides)
                raise UserError(f"{name}: {error}" + ("" if alike else "; the same for all: noise=gaussian")) from error
            check_classes(recipes[name]["config"], config, trust=trust)
            config["seed"] = seed
            key = repr([label, pictures(config["data"], everything), config["noise"], config["protocol"]])
            test = tests.get(key) or Test(label, config, everything, {}, {})
            if name in test.entrants:
                again = f"{' '.join(overrides)}: {name} on {label} again"
                raise UserError(f"{again}: a report measures a run by one method")
            methods = {**test.methods, name: config["method"]}
            tests[key] = Test(label, test.config, everything, {**test.entrants, name: file}, methods)
    return list(tests.values())


def pictures(data: Mapping[str, Any], everything: bool) -> list[Any]:
    """What tells the test pictures of one configuration of `data` from another's.

    everything: all pictures are test pictures, however they would be shared out.
    """
    settled = everything or data.get("test") is not None
    trained = {*TRAINING, *(SHARES if settled else ())}
    return [everything, *place(data), {k: v for k, v in sorted(data.items()) if k not in (trained | {*PLACES})}]


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
