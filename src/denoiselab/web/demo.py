"""A local page to try a denoiser on: pictures in, before and after out; nothing is kept and nothing leaves."""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from denoiselab.degradations import Gaussian
from denoiselab.errors import UserError, memory_is_full
from denoiselab.io.read import picture_in
from denoiselab.metrics import psnr
from denoiselab.restore.doctor import bands_of
from denoiselab.streams import Streams, mix
from denoiselab.units import to_float, to_uint8
from denoiselab.web.render import picture_address, rendered

Choose = Callable[[Sequence[NDArray[np.float32]]], tuple[Callable[..., Tensor], str]]
MEBIBYTES, MEGAPIXELS = 64, 24
"""The largest file and picture that are taken."""


@dataclass(frozen=True)
class Demo:
    """What chooses a denoiser for a picture `(H, W, C)` in [0, 1] and says why; its name; what the page does with it.

    choose: see `always`, and `restore.doctor.Doctor.chosen`.
    """

    choose: Choose
    name: str
    sigma: float

    def page(self) -> str:
        """The page, whole."""
        return rendered("demo.html", demo=self, megapixels=MEGAPIXELS)

    def tried(self, file: bytes, sigma: float) -> dict[str, Any]:
        """A picture file -> its views, for the page's viewer, and a line; with noise of a sigma above 0 added first.

        Raises:
            UserError: no picture, a large one, or one that the network can't take.
        """
        clean = read(file)
        if sigma == 0:
            restored, said = self._restored(clean)
            return {"views": self._shown({"given": clean, "restored": restored}, None), "said": said}
        noise = Gaussian(sigma=sigma, clip=False)
        noisy = noise(clean, Streams([mix(0, "demo")])).value
        restored, said = self._restored(noisy)
        return {"views": self._shown({"clean": clean, "noisy": noisy, "restored": restored}, clean), "said": said}

    def _restored(self, noisy: Tensor) -> tuple[Tensor, str]:
        pixels = noisy[0].movedim(0, -1).numpy()
        denoise, said = self.choose([pixels[start:stop] for start, stop in bands_of(*pixels.shape[:2])])
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            restored = denoise(noisy, layout="NCHW", value_range=(0.0, 1.0))
        return restored, "; ".join(filter(None, [said, *(str(one.message) for one in warned)]))

    def _shown(self, pictures: Mapping[str, Tensor], clean: Tensor | None) -> dict[str, Any]:
        return {
            name: {
                "source": picture_address(to_uint8(picture)[0].expand(3, -1, -1).permute(1, 2, 0).numpy()),
                "figure": "" if clean is None or picture is clean else decibels(picture, clean),
            }
            for name, picture in pictures.items()
        }


def always(denoise: Callable[..., Tensor]) -> Choose:
    """Every picture by the same denoiser."""
    return lambda bands: (denoise, "")


def read(file: bytes) -> Tensor:
    """A picture file -> `(1, C, H, W)` in [0, 1]; transparency is left out."""
    pixels = picture_in(file, "the picture", MEGAPIXELS / 1000).pixels
    return to_float(torch.from_numpy(pixels)).movedim(-1, 0)[None]


def decibels(picture: Tensor, clean: Tensor) -> str:
    """The PSNR as the page tells it; of another size (super-resolution) there is none."""
    if picture.shape != clean.shape:
        return ""
    return f"{psnr(picture.clamp(0, 1), clean, peak=1.0).item():.2f} dB"


def server(demo: Demo, host: str, port: int) -> ThreadingHTTPServer:
    """A server that listens; `serve_forever()` starts it. Port 0 takes any that is free.

    Raises:
        UserError: the port is taken, or the host isn't this machine's.
    """
    busy = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/":
                self.answer(HTTPStatus.OK, "text/html; charset=utf-8", demo.page())
            else:
                self.answer(HTTPStatus.NOT_FOUND, "text/plain", "there is nothing here")

        def do_POST(self) -> None:
            status, result = self.result()
            self.answer(status, "application/json", json.dumps(result))

        def result(self) -> tuple[HTTPStatus, dict[str, Any]]:
            size = int(self.headers.get("Content-Length") or 0)
            if size > MEBIBYTES * 2**20:
                self.close_connection = True
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": f"files of up to {MEBIBYTES} MiB are taken"}
            file, query = self.rfile.read(size), parse_qs(urlsplit(self.path).query)
            try:
                sigma = float(query.get("sigma", ["0"])[0])
                with busy:
                    return HTTPStatus.OK, demo.tried(file, sigma)
            except (ValueError, MemoryError, RuntimeError) as error:
                if memory_is_full(error):
                    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "too large for the memory of this machine"}
                if isinstance(error, RuntimeError):
                    raise
                return HTTPStatus.BAD_REQUEST, {"error": str(error)}

        def answer(self, status: HTTPStatus, kind: str, text: str) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.send_header(
                "Content-Security-Policy",
                "default-src 'none'; img-src data: blob:; connect-src 'self'; "
                "style-src 'unsafe-inline'; script-src 'unsafe-inline'",
            )
            self.end_headers()
            with suppress(ConnectionError):  # a page that was closed before its answer came
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing: the page says what happened."""

    try:
        return ThreadingHTTPServer((host, port), Handler)
    except (OSError, OverflowError) as error:
        remedy, reason = "take another port, port=0 for any that is free", getattr(error, "strerror", None) or error
        raise UserError(f"host={host} port={port}: {reason}; {remedy}") from error
