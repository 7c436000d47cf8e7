"""Pictures for a page's viewer: one scene as several restorers show it, to slide between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from denoiselab.report.grids import displayable
from denoiselab.report.results import Restored, caption
from denoiselab.units import to_uint8
from denoiselab.web.render import picture_address


@dataclass(frozen=True)
class Scene:
    """Views of one scene.

    views: uint8 pictures `(H, W, 3)` of one size, by what they show; where one is `clean`, errors can be seen.
    figures: what stands under some of them.
    """

    name: str
    views: Mapping[str, Tensor]
    figures: Mapping[str, str]

    def content(self) -> dict[str, Any]:
        """What the viewer's script reads: the pictures as addresses that hold them."""
        return {
            "name": self.name,
            "views": {
                name: {"source": picture_address(picture.numpy()), "figure": self.figures.get(name, "")}
                for name, picture in self.views.items()
            },
        }


def scene(one: Restored) -> Scene:
    """A test picture by every restorer, with their PSNR."""
    views = {name: to_uint8(displayable(picture)).permute(1, 2, 0) for name, picture in one.pictures.items()}
    return Scene(one.name, views, {name: caption(figures) for name, figures in one.figures.items()})
