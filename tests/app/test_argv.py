import random
import sys
from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from denoiselab.app.argv import PATHS, beside, command, literal, named, only_shows, plain, quoted

NAMES = ["my photo (1).png", "a,b", "x=1,y=2", "it's", "Übung #3", "$5", "[a]{b}", "-dash", "~tilde", "a\\", "3"]
LETTERS = [*"ab 1.,=()[]{}'\"\\#$~+-:;!?*&|<>%@^`/\tüÄ日", "\\'", "null", "\\\\", "'a'"]
PARSER = OverridesParser.create()


def read(argument: str) -> object:
    """What Hydra makes of an override."""
    return PARSER.parse_override(argument).value()


@pytest.mark.parametrize("key", PATHS)
def test_names_arrive_as_typed(key: str, workdir: Path) -> None:
    for name in NAMES:
        (argument,) = quoted([f"{key}={name}"])
        assert read(argument) == (str(workdir / name) if name[0] == "~" else name)


def test_any_text_survives_hydra_and_a_second_quoting() -> None:
    chance = random.Random(0)
    for _ in range(400):
        text = "".join(chance.choices(LETTERS, k=chance.randint(1, 9)))
        assert read(f"ckpt={literal(text)}") == text == plain(literal(text))
        once = quoted([f"ckpt={text}"])
        assert quoted(once) == once


def test_existing_files_win_over_grammar(workdir: Path) -> None:
    for name in ("'quoted'", "a,b", "${now:x}", "~me"):
        (workdir / name).mkdir()
    assert read(quoted(["ckpt='quoted'"])[0]) == "'quoted'"
    assert read(quoted(["-m", "ckpt=a,b"])[1]) == "a,b"
    assert read(quoted(["ckpt=${now:x}"])[0]) == "\\${now:x}"  # OmegaConf takes the backslash away
    assert read(quoted(["ckpt=~me"])[0]) == str(workdir / "~me")


def test_home_and_interpolations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert read(quoted(["hydra.run.dir=~/x y"])[0]) == "/home/me/x y"
    assert quoted(["hydra.run.dir=out/${now:%Y}"]) == ["hydra.run.dir=out/${now:%Y}"]
    assert quoted(["ckpt=null", "input="]) == ["ckpt=null", "input="]


def test_other_arguments_stay() -> None:
    arguments = ["model=dncnn", "noise.sigma=[0, 55]", "--help", "+x=(1)"]
    assert quoted(arguments) == arguments


def test_sweeps_keep_their_lists() -> None:
    flag, roots = quoted(["data.root=my photos,b (2)", "--multirun"])
    assert flag == "-m"
    assert roots == "data.root='my photos','b (2)'"
    assert quoted([flag, roots]) == [flag, roots]
    assert quoted(["-m", "weights=a b,null"]) == ["-m", "weights='a b',null"]


def test_named_reads_as_hydra_does() -> None:
    assert named(quoted(["ckpt=a", "ckpt=it's (1)"]), "ckpt") == "it's (1)"
    assert named(["ckpt=null"], "ckpt") is None
    assert named(["x=1"], "ckpt") is None


def test_only_shows() -> None:
    assert only_shows(["--cfg", "job"])
    assert only_shows(["-h"])
    assert not only_shows(["-m", "ckpt=x"])


def test_command_is_the_one_that_runs(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    own = root / "src" / "denoiselab" / "app" / "train.py"
    scripts = {"train.py": "python evaluate.py", "../my repo/train.py": "python '../my repo/evaluate.py'",
               str(own): "denoiselab evaluate", "-c": "python evaluate.py"}  # fmt: skip
    for script, said in scripts.items():
        monkeypatch.setattr(sys, "argv", [script])
        assert command("evaluate") == said


def test_further_overrides_stand_in_the_stretch_of_the_typed_ones() -> None:
    assert beside(["--cfg", "job", "ckpt=R", "seed=1"], ["a=b"]) == ["--cfg", "job", "a=b", "ckpt=R", "seed=1"]
    assert beside(["ckpt=R", "--cfg", "job"], ["a=b"]) == ["a=b", "ckpt=R", "--cfg", "job"]
    assert beside(["--help"], []) == ["--help"]
