"""Folders of clean pictures: a person's own, or a standard set in its usual layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from denoiselab.data.holding import checked, draw_names, hold_out, too_few
from denoiselab.data.picture_files import PictureFiles
from denoiselab.data.store import PictureStore
from denoiselab.errors import UserError
from denoiselab.io import picture_files


class FolderPictures(PictureFiles):
    """Clean pictures below `root`.

    root: the set's own folder, or one that holds it under a name in `within`. By default the
        environment variable DENOISELAB_DATA.
    within: where below `root` the set may lie, tried in order; then `root` itself.
    train, val, test: the folder of each split; `a|b` is the first of the two that exists, `a+b` both,
        `.` the whole, `a?` a if it exists; null: there is none. What is named for val or test is never trained on.
    held_out: part of the training pictures kept back, by picture, for each split without a folder.
    """

    layer: ClassVar[str] = "clean"

    def __init__(
        self,
        *,
        root: str | None,
        within: Sequence[str],
        train: str | None,
        val: str | None,
        test: str | None,
        held_out: float,
        **shared: Any,
    ) -> None:
        super().__init__(**shared)
        if root is None:
            known = " (or set DENOISELAB_DATA)" if within else ""
            raise UserError(f"root is not set: name a folder of pictures, data.root=FOLDER{known}")
        if not Path(root).expanduser().is_dir():
            raise UserError(f"root={root}: there is no such folder")
        self.root, self.within, self.held_out = Path(root).expanduser(), within, held_out
        self.splits = {"train": train, "val": val, "test": test}

    def load(self, split: str) -> PictureStore | None:
        scenes = [{self.layer: file} for file in self.files(split)]
        if split == "train":
            self.notes += self._too_few()
        return self.read(scenes, skip_broken=split == "train")

    def take_all(self) -> None:
        if self._named("test") is None:
            self.splits["test"] = "test|."

    def files(self, split: str) -> list[Path]:
        """The picture files of a split, in the order of their names."""
        own = self._named(split)
        if own is not None and split != "train":
            return own
        everything, spare = self._shared()
        shares = hold_out(draw_names(everything, self.root), self.held_out, spare)
        return [file for file, share in zip(everything, shares, strict=True) if share == split]

    def _shared(self) -> tuple[list[Path], list[str]]:
        """The files that training shares with the splits that have none of their own, and these splits."""
        others = {name: self._named(name) for name in ("val", "test")}
        kept = {file for files in others.values() for file in files or []}
        everything = [file for file in self._named("train") or [] if file not in kept]
        spare = [name for name, files in others.items() if files is None]
        checked(self.held_out, splits=len(spare))
        return everything, spare

    def _too_few(self) -> list[str]:
        everything, spare = self._shared()
        folders = " ".join(f"data.{name}=FOLDER" for name in spare)
        return [f"{note}, or name {folders}" for note in too_few(len(everything), self.held_out, spare)]

    def _named(self, split: str) -> list[Path] | None:
        """The files of the folders that the configuration names for a split; None where it names none."""
        folders = self.splits[split]
        if folders is None or (folders.endswith("?") and self._find(folders[:-1]) is None):
            return None
        found = [self._folder(part) for part in folders.removesuffix("?").split("+")]
        return self.kept([file for folder in found for file in picture_files(folder)])

    def _folder(self, choices: str) -> Path:
        if (found := self._find(choices)) is None:
            said = choices.replace("|", " or ")
            raise UserError(f"root={self.root}: it holds no folder {said}: name the one that does")
        return found

    def _find(self, choices: str) -> Path | None:
        homes = [self.root / name for name in self.within if (self.root / name).is_dir()] + [self.root]
        found = (home / choice for home in homes for choice in choices.split("|") if (home / choice).is_dir())
        return next(found, None)


class NoisyPictures(FolderPictures):
    """Noisy pictures below `root`, one of each scene, none of which has a clean one."""

    layer: ClassVar[str] = "shot0"
