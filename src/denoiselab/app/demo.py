"""The verb `demo`: a local page to try a denoiser on."""

from __future__ import annotations

from typing import Any

LOCAL = ("127.0.0.1", "localhost", "::1")


def keys(*, ckpt: str | None, host: str, port: int, sigma: int, trust: bool) -> None:
    """The keys, with their types."""


def task(cfg: Any) -> None:
    """Serve the page until Ctrl-C."""
    import denoiselab
    from denoiselab.builtin import BUILTIN, WEIGHTS, is_builtin, spoken
    from denoiselab.config import check
    from denoiselab.methods.checkpoint import find_checkpoint
    from denoiselab.restore.candidates import at_hand
    from denoiselab.restore.doctor import Doctor
    from denoiselab.web.demo import Choose, Demo, always, server

    check(keys, dict(cfg), "", {})
    file = WEIGHTS if cfg.ckpt == BUILTIN else find_checkpoint(cfg.ckpt)
    by = spoken(file)
    if file == WEIGHTS:
        choose: Choose = Doctor(at_hand(WEIGHTS, trust=False)[0], lambda one: denoiselab.load(one.file)).chosen
        name = "the package's networks"
    else:
        choose = always(denoiselab.load(file, trust=cfg.trust))
        name = by if is_builtin(file) else file.absolute().parent.name
    demo = Demo(choose, name, cfg.sigma)
    with server(demo, cfg.host, cfg.port) as listening:
        if cfg.host not in LOCAL:
            print(f"WARNING   host={cfg.host}: whoever reaches this machine can use the page")
        host = f"[{cfg.host}]" if ":" in cfg.host else cfg.host
        print(f"http://{host}:{listening.server_address[1]} restores by {by}; Ctrl-C ends it", flush=True)
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    from denoiselab.app.cli import run

    run("demo")
