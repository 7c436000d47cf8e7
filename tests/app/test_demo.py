"""The verb demo: a real process that serves until Ctrl-C."""

import os
import signal
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any


def test_it_serves_until_it_is_ended(tiny_run: Path) -> None:
    command = [sys.executable, "-m", "denoiselab.app.demo", f"ckpt={tiny_run}", "port=0"]
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    # What is started in the background of a script ignores Ctrl-C, and so would its children.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=heard) as demo:
        assert demo.stdout
        said = demo.stdout.readline()
        assert str(tiny_run / "best.ckpt") in said
        with urllib.request.urlopen(said.split()[0]) as page:
            assert tiny_run.name.split()[0] in page.read().decode()
        demo.send_signal(signal.SIGINT)
        try:
            assert demo.wait(60) == 0
        finally:
            demo.kill()


def test_a_port_that_is_taken(shell: Any, tiny_run: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = shell("demo", f"ckpt={tiny_run}", f"port={port}")
    assert said.line.startswith(f"demo: host=127.0.0.1 port={port}: ") and "port=0" in said.line
