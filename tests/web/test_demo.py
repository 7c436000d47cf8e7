"""The demo's server, asked as its page asks it."""

import io
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

import denoiselab
from denoiselab.builtin import WEIGHTS
from denoiselab.errors import UserError
from denoiselab.networks.padding import Restore
from denoiselab.networks.signature import Signature
from denoiselab.restore import ArrayDenoiser
from denoiselab.restore.candidates import at_hand
from denoiselab.restore.doctor import Doctor
from denoiselab.web.demo import MEBIBYTES, Demo, always, server


@pytest.fixture
def address() -> Iterator[str]:
    """A denoiser that darkens to a half."""
    with served(lambda tile: tile / 2) as place:
        yield place


@contextmanager
def served(function: Restore) -> Iterator[str]:
    """The page of a denoiser."""
    denoise = ArrayDenoiser(function=function, signature=Signature(radius=0), channels=3, device=torch.device("cpu"))
    with server(Demo(always(denoise), "half <b>", 25), "127.0.0.1", 0) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()


def file_of(pixels: np.ndarray, kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def asked(address: str, file: bytes, query: str = "") -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(f"{address}/restore{query}", data=file)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def pixels_of(view: dict[str, str]) -> np.ndarray:
    with urllib.request.urlopen(view["source"]) as file, Image.open(io.BytesIO(file.read())) as picture:
        return np.asarray(picture)


def test_too_little_memory_is_told() -> None:
    with served(lambda tile: tile.new_empty(2**50)) as address:
        status, answer = asked(address, file_of(np.zeros((9, 9, 3), np.uint8), "PNG"))
    assert (status, answer["error"]) == (413, "too large for the memory of this machine")


def test_a_port_that_is_none() -> None:
    with pytest.raises(UserError, match=r"port=99999: .* take another port"):
        server(Demo(always(lambda picture: picture), "", 25), "127.0.0.1", 99999)


def test_a_picture_comes_back_restored(address: str) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)
    status, answer = asked(address, file_of(pixels, "PNG"))
    views = answer["views"]
    assert status == 200 and list(views) == ["given", "restored"] and answer["said"] == ""
    assert np.array_equal(pixels_of(views["given"]), pixels)
    assert np.abs(pixels_of(views["restored"]) - pixels / 2).max() <= 0.5


def test_noise_is_added_and_told(address: str) -> None:
    gray = np.full((64, 64), 128, np.uint8)
    status, answer = asked(address, file_of(gray, "TIFF"), "?sigma=20")
    views = answer["views"]
    assert status == 200 and list(views) == ["clean", "noisy", "restored"]
    assert answer["said"].startswith("gray pictures: repeated to the network's 3 channels")
    assert float(views["noisy"]["figure"].removesuffix(" dB")) == pytest.approx(-20 * np.log10(20 / 255), abs=0.4)
    assert pixels_of(views["noisy"])[..., 0].std() == pytest.approx(20, rel=0.05)


@pytest.mark.parametrize(
    ("file", "query", "said"),
    [
        (b"no picture", "", "the picture: can't be read as a picture (of no known format)"),
        (file_of(np.zeros((1, 1), np.uint8), "PNG"), "?sigma=-1", "sigma"),
        (file_of(np.zeros((1, 1), np.uint8), "PNG"), "?sigma=much", "could not convert"),
        (file_of(np.zeros((5000, 5000), np.uint8), "PNG"), "", "5000x5000 is more than 0.024 gigapixels"),
    ],
)
def test_bad_input_is_named(address: str, file: bytes, query: str, said: str) -> None:
    status, answer = asked(address, file, query)
    assert status == 400 and said in answer["error"]


def test_a_file_that_is_too_large_is_not_read(address: str) -> None:
    request = urllib.request.Request(f"{address}/restore", data=b"", headers={"Content-Length": str(2**30)})
    with pytest.raises(urllib.error.HTTPError, match="413") as told:
        urllib.request.urlopen(request)
    assert json.load(told.value)["error"] == f"files of up to {MEBIBYTES} MiB are taken"


def test_the_page_is_whole(address: str) -> None:
    with urllib.request.urlopen(address) as answer:
        page, policy = answer.read().decode(), answer.headers["Content-Security-Policy"]
    assert "half &lt;b&gt;" in page and "https://" not in page and "default-src 'none'" in policy
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{address}/etc/passwd")


def test_the_package_chooses_for_each_picture_and_says_so() -> None:
    doctor = Doctor(at_hand(WEIGHTS, trust=False)[0], lambda one: denoiselab.load(one.file))
    demo = Demo(doctor.chosen, "builtin", 25)
    clean = data.astronaut()[:128, 150:278]
    answer = demo.tried(file_of(clean, "PNG"), sigma=30)
    assert "; by builtin/rgb (Gaussian" in answer["said"] and answer["said"].startswith("noise of sigma 2")
    noisy, restored = (float(answer["views"][name]["figure"].removesuffix(" dB")) for name in ("noisy", "restored"))
    assert restored > noisy + 8
    assert "by builtin/gray" in demo.tried(file_of(clean[..., 0], "PNG"), sigma=30)["said"]
