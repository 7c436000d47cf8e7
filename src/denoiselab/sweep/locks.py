"""Locks that the system takes back when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import getpass
import os
import socket
from pathlib import Path
from typing import IO


def take(file: Path) -> IO[str] | None:
    """Hold a file's lock until what is returned is closed or this process ends; None where somebody else holds it."""
    stream = _opened(file)
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.close()
        return None
    return _signed(stream)


def wait_for(file: Path) -> IO[str]:
    """The same, after everybody else."""
    stream = _opened(file)
    fcntl.flock(stream, fcntl.LOCK_EX)
    return _signed(stream)


def held(file: Path) -> bool:
    """Whether some process holds a file's lock."""
    try:
        with file.open(encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _opened(file: Path) -> IO[str]:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.open("a", encoding="utf-8")


def _signed(stream: IO[str]) -> IO[str]:
    """Say in the file who holds it."""
    stream.truncate(0)
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # nobody by that number
        user = f"user {os.getuid()}"
    stream.write(f"{user} on {socket.gethostname()}, process {os.getpid()}")
    stream.flush()
    return stream
