"""Pairs of pictures on disk: noisy and clean, or two noisy shots of each scene."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from denoiselab.data.holding import hold_out
from denoiselab.data.matching import match
from denoiselab.data.pictures import PictureData
from denoiselab.data.reading import Files, read_store
from denoiselab.data.store import PictureStore
from denoiselab.errors import UserError
from denoiselab.io import picture_files


class PairedFolders(PictureData):
    """Two folders, or two kinds of files in one, matched by name.

    input: folder of the noisy pictures, or a pattern for their names in a folder, `FOLDER/*_real.png`.
    target: folder or pattern of what they are held against.
    target_is: `clean`, or `noisy` for a second shot of the scene (then supervision=noise2noise).
    held_out: part of the pairs kept back for validation, and the same for the test.
    """

    def __init__(
        self,
        *,
        input: str | None,
        target: str | None,
        target_is: Literal["clean", "noisy"],
        held_out: float,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        for key, folder in {"input": input, "target": target}.items():
            if folder is None or not (is_pattern(folder) or Path(folder).expanduser().is_dir()):
                raise UserError(f"{key}={folder}: name a folder of pictures, data.{key}=FOLDER")
        if Path(str(input)).expanduser().resolve() == Path(str(target)).expanduser().resolve():
            raise UserError(
                f"target={target}: it is the input too; where one folder holds both, name patterns: "
                f"data.input='FOLDER/*_noisy.*' data.target='FOLDER/*_clean.*'"
            )
        if not 0 <= held_out <= 1 / 3:
            raise UserError(f"held_out={held_out}: a part from 0 up to 1/3 is needed")
        self.input, self.target = Path(str(input)).expanduser(), Path(str(target)).expanduser()
        self.held_out, self.all_are_test = held_out, False
        self.layers = ("shot0", "clean" if target_is == "clean" else "shot1")
        if target_is == "clean" and self.supervision.shots_needed > 1:
            raise UserError("target_is=clean: supervision=noise2noise needs a second noisy shot, data.target_is=noisy")

    def take_all(self) -> None:
        self.all_are_test = True

    def scenes(self) -> list[Files]:
        """All pairs, in the order of the input's names."""
        pairs = match(files_of(self.input), files_of(self.target))
        return [dict(zip(self.layers, pair, strict=True)) for pair in pairs]

    def load(self, split: str) -> PictureStore | None:
        scenes = self.scenes()
        if split == "train":
            shown = ", ".join(f"{s['shot0'].name} with {s[self.layers[1]].name}" for s in scenes[:3])
            self.notes.append(f"{len(scenes)} pairs matched by name: {shown}{', …' if len(scenes) > 3 else ''}")
        if self.all_are_test:
            return read_store(scenes, self.channels, self.notes, skip_broken=False) if split == "test" else None
        shares = hold_out([scene["shot0"].name for scene in scenes], self.held_out, ("val", "test"))
        mine = [scene for scene, share in zip(scenes, shares, strict=True) if share == split]
        return read_store(mine, self.channels, self.notes, skip_broken=split == "train") if mine else None


def is_pattern(place: str | Path) -> bool:
    """Whether a place is a folder and a pattern for names in it; a folder of that very name goes before."""
    return bool({*"*?["} & {*Path(place).name}) and not Path(place).expanduser().is_dir()


def files_of(place: Path) -> list[Path]:
    """The pictures below a folder, or those in a folder whose names fit a pattern."""
    if not is_pattern(place):
        return picture_files(place)
    found = {file for file in place.parent.glob(place.name) if file.is_file()}
    if not found:
        raise UserError(f"{place}: no file's name fits this pattern")
    return [file for file in picture_files(place.parent) if file in found]
