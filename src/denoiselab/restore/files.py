"""Restoring files: one picture or a folder of them, written as they came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from glob import has_magic
from itertools import takewhile
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from denoiselab.errors import UserError, memory_is_full
from denoiselab.io import SUFFIXES, Page, dead_links, opened_pages, other_files, picture_files, write_pages
from denoiselab.restore.picture import FileDenoiser, restored_page, rules

Bands = Iterator[NDArray[Any]]
Choose = Callable[[Sequence[Page]], tuple[FileDenoiser, str]]
"""The denoiser for a file's pages, and a line on why; empty where there is nothing to say."""


@dataclass
class Report:
    """What became of the files: those written, and a line for each that was not."""

    written: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def denoise_files(
    choose: Choose,
    inputs: Path,
    output: Path,
    *,
    device: torch.device | str = "cpu",
    console: Console | None = None,
) -> Report:
    """Restore a file or all pictures below a folder, each written with its own name, mode, depth and alpha.

    choose: which denoiser a file is restored by; see `always`, and `doctor.Doctor`.
    inputs, output: a file and the file or folder to write to; a folder, or a pattern (`SHOTS/**/*_raw.tif`), and the
        folder to mirror it in.
    console: where progress and messages go; stderr by default.

    Integers are clamped and rounded to their depth, a float TIFF and an EXR are written unclamped, a TIFF of several
    pages page by page. A TIFF that is uncompressed or in Deflate is read and written in bands of rows, in the memory of
    a row of tiles. A file that can't be read, restored or written is named in the report and the rest goes on. No input
    is ever written over.
    """
    root, sources = found(Path(inputs))
    pairs = paired(root, sources, Path(inputs), Path(output))
    report = Report()
    with Progress(console=console or Console(stderr=True)) as progress:
        say, task = Messages(progress.console), progress.add_task("denoise", total=len(pairs))
        others = other_files(inputs)
        named = ", ".join(f"{many} x {suffix}" for suffix, many in others.items())
        say.once(f"passed over, no pictures of a known kind: {named}" if named else "")
        for number, (source, target) in enumerate(pairs, 1):
            try:
                refuse_link(source, root)
                with opened_pages(source) as pages:
                    denoiser, reason = choose(pages)
                    say.once(f"{source}: {reason}" if reason else "")
                    for page in pages:
                        for line in rules(page, denoiser):
                            say.once(line)
                    advance = partial(progress.advance, task)
                    restored = [restored_page(denoiser, page, device) for page in pages]
                    write_pages(target, [(page, counted(bands, page, len(pages), advance)) for page, bands in restored])
                report.written.append(target)
            except (OSError, ValueError, MemoryError, RuntimeError) as error:
                if isinstance(error, RuntimeError) and not memory_is_full(error):
                    raise
                report.failed.append(line_of(error, source))
                say.always(report.failed[-1])
            progress.update(task, completed=number)
    return report


def always(denoiser: FileDenoiser) -> Choose:
    """Every file by the same denoiser."""
    return lambda pages: (denoiser, "")


def counted(bands: Bands, page: Page, pages: int, advance: Callable[[float], None]) -> Bands:
    """The same rows, telling with each band what part it is of a file of so many pages."""
    for band in bands:
        yield band
        advance(len(band) / page.height / pages)


def paired(root: Path, sources: list[Path], inputs: Path, output: Path) -> list[tuple[Path, Path]]:
    """Every input with where it goes; refused at once if anything would write over an input."""
    if inputs.is_dir() and (output.is_file() or output.resolve().is_relative_to(inputs.resolve())):
        raise UserError(f"output={output}: lies in the input, {inputs}; name a folder outside of it")
    if output.is_file() and not is_file_name(output):
        raise UserError(f"{output}: is a file, and no picture; name a folder")
    if root.is_file():
        targets = [output if is_file_name(output) else output / inputs.name]
    else:
        targets = [output / source.relative_to(root) for source in sources]
    taken = {source.resolve() for source in sources}
    for target in targets:
        if target.resolve() in taken:
            raise UserError(f"{target}: is an input, which is never written over; name another output folder")
    if root.is_file() and (beside := targets[0]).exists() and beside.parent.samefile(root.parent):
        raise UserError(f"{beside}: is there already, beside the input; remove it, or name another file or folder")
    return list(zip(sources, targets, strict=True))


def found(inputs: Path) -> tuple[Path, list[Path]]:
    """A file or folder and the pictures in it; or the folder that a pattern begins in, and the pictures that match."""
    whole = inputs.exists() or not any(map(has_magic, inputs.parts))
    fixed = list(takewhile(lambda part: not has_magic(part), inputs.parts))
    root = inputs if whole else Path(*fixed)
    sources = sorted([*picture_files(root), *dead_links(root)])
    if not whole:
        named = set(root.glob(str(Path(*inputs.parts[len(fixed) :]))))
        sources = [source for source in sources if source in named]
    if not sources:
        raise UserError(f"input={inputs}: no picture matches; name an existing file, a folder or another pattern")
    return root, sources


def refuse_link(source: Path, root: Path) -> None:
    """Refuse what only seems to lie in the folder."""
    if root.is_dir() and not source.resolve().is_relative_to(root.resolve()):
        raise UserError(f"{source}: is a link out of {root}; take it away, or name the file itself")


def is_file_name(output: Path) -> bool:
    """Whether an output is meant as a file: it ends like a picture and is no folder."""
    return output.suffix.lower() in SUFFIXES and not output.is_dir()


def line_of(error: BaseException, source: Path) -> str:
    """One line that names the file, what is wrong and what to do."""
    if memory_is_full(error):
        return f"{source}: not enough memory; name a smaller tile, tile=128"
    if isinstance(error, FileNotFoundError) and not source.exists():
        return f"{source}: is gone, or a link to nothing"
    text = " ".join(str(error).split())
    return text if str(source) in text else f"{source}: {text}"


class Messages:
    """Lines above a progress bar, unwrapped and as they are."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.said: set[str] = set()

    def always(self, line: str) -> None:
        """Say a line."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def once(self, line: str) -> None:
        """Say a line unless it is empty or was said."""
        if line and line not in self.said:
            self.said.add(line)
            self.always(line)
