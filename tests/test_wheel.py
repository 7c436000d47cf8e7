"""The wheel: conf/ lies inside the package, and the verbs work from any folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the build back end is not installed")
SMOKE = (
    "budget=smoke", "data.train=[chelsea.png]", "data.val=[]", "data.test=[]", "data.crop_size=16", "callbacks=none",
    "model=dncnn", "model.depth=1", "model.num_features=4", "trainer=cpu", "hydra.run.dir=a run",
)  # fmt: skip


@pytest.mark.slow
def test_installed_from_a_wheel(root: Path, workdir: Path) -> None:
    build = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "-q", "--no-deps"]
    subprocess.run([*build, "--no-build-isolation", "--wheel-dir", "dist", root], check=True, timeout=300)
    (wheel,) = Path("dist").glob("denoiselab-*.whl")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", "site", wheel]
    subprocess.run(install, check=True, timeout=300)
    environment = {**os.environ, "PYTHONPATH": str(workdir / "site")}

    def said(*arguments: str) -> str:
        code = "import sys; from denoiselab.app.cli import main; sys.argv[0] = 'denoiselab'; main()"
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments], env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "denoiselab evaluate ckpt='a run'" in said("train", *SMOKE)
    assert Path("a run/last.ckpt").is_file()
    (workdir / "in").mkdir()
    from PIL import Image

    Image.new("RGB", (20, 30)).save("in/black.png")
    said("denoise", "ckpt=a run", "input=in", "output=out")
    with Image.open("out/black.png") as restored:
        assert (restored.size, restored.mode) == ((20, 30), "RGB")
    said("denoise", "input=in", "output=by the package's own")
    assert Path("by the package's own/black.png").is_file()
    assert "denoiselab train" in said("train", "--help")
