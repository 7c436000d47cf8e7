"""Mitsuba 3: a scene as plain data -> radiance, albedo and normal of each pixel."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from denoiselab.errors import UserError
from denoiselab.rendering.surfaces import Tree

Layers = dict[str, NDArray[np.float32]]
LAYERS = ("radiance", "albedo", "normal")
DEPTH = 8
"""Bounces of a path at most."""
FAST, SAFE = "llvm_ad_rgb", "scalar_rgb"
PROBE = f"import mitsuba as mi; mi.set_variant('{FAST}'); mi.render(mi.load_dict(mi.cornell_box()), spp=1)"


def render(scene: Tree, size: int, samples: int, seed: int) -> Layers:
    """A picture of a scene by path tracing, `(size, size, 3)` each, linear and unclipped.

    samples: paths a pixel. Their mean is unbiased, and independent from pixel to pixel: the box filter counts each
        path for one pixel.
    seed: below 2³². Different seeds are independent draws.

    albedo is the diffuse reflectance, normal the direction of the surface in the world; both are means over the same
    paths' first hits, 0 where there is none.
    """
    mi = mitsuba()
    film = {"type": "hdrfilm", "width": size, "height": size, "pixel_format": "rgb", "rfilter": {"type": "box"}}
    inner = {"type": "path", "max_depth": DEPTH}
    integrator = {"type": "aov", "aovs": "albedo:albedo,normal:sh_normal", "radiance": inner}
    whole = {**scene, "integrator": integrator}
    whole["camera"] = {**scene["camera"], "film": film, "sampler": {"type": "independent"}}
    pixels = np.array(mi.render(mi.load_dict(translated(whole, mi)), spp=samples, seed=seed), np.float32)
    return {name: pixels[..., 3 * i : 3 * i + 3] for i, name in enumerate(LAYERS)}


@cache
def mitsuba() -> Any:
    """The module with its variant chosen: compiled by LLVM where that works, which is faster, else scalar."""
    if find_spec("mitsuba") is None:
        raise UserError(
            "data=renders: scenes are rendered by Mitsuba, which is missing; pip install 'denoiselab[render]'"
        )
    import mitsuba as mi

    mi.set_variant(FAST if works() else SAFE)
    mi.set_log_level(mi.LogLevel.Error)
    return mi


def works() -> bool:
    """Whether Mitsuba compiles here; with an older LLVM it aborts the process, which nothing could catch."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run([sys.executable, "-c", PROBE], env=dict(os.environ), **quiet).returncode == 0  # type: ignore


def translated(node: Any, mi: Any) -> Any:
    """Plain data -> what `load_dict` takes: matrices, bitmaps and meshes are Mitsuba's own objects."""
    if not isinstance(node, dict):
        return node
    tree = {key: translated(value, mi) for key, value in node.items()}
    if "to_world" in tree:
        tree["to_world"] = mi.ScalarTransform4f(tree["to_world"])
    match tree["type"]:
        case "bitmap":
            return bitmap(tree, mi)
        case "rgb":
            return {"type": "rgb", "value": [float(v) for v in tree["value"]]}
        case "perspective":
            return aimed(tree, mi)
        case "sky":
            upright = mi.ScalarTransform4f().rotate([1, 0, 0], 90)
            return {"type": "envmap", "bitmap": mi.Bitmap(tree["pixels"].astype(np.float32)), "to_world": upright}
        case "curved":
            return mesh(tree, mi)
    return tree


def bitmap(tree: Tree, mi: Any) -> Tree:
    """A texture of linear values, repeated."""
    pixels = mi.Bitmap(tree["pixels"].astype(np.float32) / 255)
    return {"type": "bitmap", "bitmap": pixels, "raw": True, "to_uv": mi.ScalarTransform4f().scale(tree["repeat"])}


def aimed(tree: Tree, mi: Any) -> Tree:
    """A camera at `origin` that looks at `target`."""
    place = {key: [float(v) for v in tree.pop(key)] for key in ("origin", "target")}
    return {**tree, "to_world": mi.ScalarTransform4f().look_at(**place, up=[0, 0, 1])}


def mesh(tree: Tree, mi: Any) -> Any:
    """A curved form as triangles with smooth normals."""
    vertices, faces, places = triangles(tree["points"], tree["capped"])
    vertices = vertices @ np.array(tree["to_world"].matrix)[:3, :3].T + np.array(tree["to_world"].matrix)[:3, 3]
    given = mi.Properties()
    given["bsdf"] = mi.load_dict(tree["bsdf"])
    made = mi.Mesh("curved", len(vertices), len(faces), has_vertex_normals=True, has_vertex_texcoords=True, props=given)
    parts = mi.traverse(made)
    parts["vertex_positions"], parts["vertex_texcoords"] = vertices.ravel(), places.ravel()
    parts["faces"] = faces.ravel()
    parts.update()
    made.recompute_vertex_normals()
    return made


def triangles(points: NDArray[Any], capped: bool) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Points `(M, N, 3)` that run round in N -> vertices `(V, 3)`, faces `(F, 3)` and places `(V, 2)` on the texture.

    The seams have vertices of their own, or the texture would run back over the last strip. capped: the ends in M get
    a middle point each; else M runs round too.
    """
    points = np.concatenate([points, points[:, :1]], 1)
    if capped:
        ends = [np.broadcast_to(points[i, :-1].mean(0), points[i].shape) for i in (0, -1)]
        points = np.stack([ends[0], *points, ends[1]])
    else:
        points = np.concatenate([points, points[:1]])
    m, n = points.shape[:2]
    i, j = np.meshgrid(np.arange(m - 1), np.arange(n - 1), indexing="ij")
    a, b = (i * n + j).ravel(), ((i + 1) * n + j).ravel()
    faces = np.concatenate([np.stack([a, a + 1, b], -1), np.stack([a + 1, b + 1, b], -1)])
    down, across = np.meshgrid(np.linspace(0, 1, m), np.linspace(0, 1, n), indexing="ij")
    vertices, corners = points.reshape(-1, 3), points.reshape(-1, 3)[faces]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=-1)
    return vertices, faces[areas > 1e-9], np.stack([across, down], -1).reshape(-1, 2)
