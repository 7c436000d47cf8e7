"""Bursts on disk: several noisy shots of each scene."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from denoiselab.data.burst_store import PICTURE, BurstStore
from denoiselab.data.holding import checked, hold_out, too_few
from denoiselab.data.matching import by_scene, is_clean
from denoiselab.data.picture_files import PictureFiles
from denoiselab.data.reading import Files
from denoiselab.errors import UserError
from denoiselab.io import picture_files


class BurstFolders(PictureFiles):
    """Every folder below `root` that holds pictures is a scene, every picture in it a shot.

    A folder may also hold the shots of several scenes, `7_shot1.png`, `7_shot2.png` (see `matching.by_scene`).
    A picture whose name ends in a word for it (`clean`, `mean`, `gt`, `truth`, `reference`) is the scene's clean one;
    either all scenes have one or none has. Scenes may have different numbers of shots: a scene is drawn as often as
    any other, and two of its own shots each time, all of them equally likely.

    root: the folder of the scenes.
    held_out: part of the scenes kept back for validation, and the same for the test; measured are their first shots.
    """

    def __init__(self, *, root: str | None, held_out: float, **shared: Any) -> None:
        super().__init__(**shared)
        if root is None or not Path(root).expanduser().is_dir():
            raise UserError(f"root={root}: name a folder that holds a folder of shots for each scene, data.root=FOLDER")
        checked(held_out, splits=2)
        self.root, self.held_out, self.all_are_test = Path(root).expanduser(), held_out, False

    def take_all(self) -> None:
        self.all_are_test = True

    def scenes(self) -> dict[str, Files]:
        """The files of every scene by its name, in the order of their folders.

        Raises:
            UserError: too few shots of a scene, or no clean picture of it where others have one.
        """
        scenes = {
            name: layers(files) for name, files in by_scene(self.root, self.kept(picture_files(self.root))).items()
        }
        needed, clean = self.supervision.shots_needed, any("clean" in scene for scene in scenes.values())
        for name, scene in scenes.items():
            if (shots := len(scene) - ("clean" in scene)) < needed:
                raise UserError(
                    f"{self.root / name}: {shots} of {needed} noisy shots that are needed: add more, or move it away"
                )
            if clean and "clean" not in scene:
                raise UserError(
                    f"{self.root / name}: no clean picture here, as other scenes have: add clean.png, or move it away"
                )
        return scenes

    def load(self, split: str) -> BurstStore | None:
        scenes = self.scenes()
        if split == "train":
            self.notes += too_few(len(scenes), self.held_out, ("val", "test"))
        shares = hold_out(list(scenes), self.held_out, ("val", "test"))
        shares = ["test"] * len(scenes) if self.all_are_test else shares
        named = {name: scenes[name] for name, share in zip(scenes, shares, strict=True) if share == split}
        mine = list(named.values())
        bursts = [[file for layer, file in scene.items() if layer != "clean"] for scene in mine]
        clean = [scene["clean"] for scene in mine if "clean" in scene]
        files = [file for burst in bursts for file in burst] + clean
        pictures = self.read([{PICTURE: file} for file in files], skip_broken=False)
        counts = [len(burst) for burst in bursts]
        return BurstStore(list(named), counts, pictures, clean=bool(clean)) if pictures else None


def layers(files: list[Path]) -> Files:
    """The layers of a scene from its files: the clean one, if there is one, and the shots in their order.

    Raises:
        UserError: two of them are the clean one.
    """
    clean, shots = [f for f in files if is_clean(f.stem)], [f for f in files if not is_clean(f.stem)]
    if len(clean) > 1:
        raise UserError(f"{clean[0]} and {clean[1]} are both the clean picture of their scene: keep one of them")
    return {**({"clean": clean[0]} if clean else {}), **{f"shot{i}": file for i, file in enumerate(shots)}}
