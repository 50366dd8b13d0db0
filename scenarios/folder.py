"""A folder of results that is there as a whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scenarios.errors import BadInput


@contextmanager
def atomic_folder(destination: Path) -> Iterator[Path]:
    """Fill a folder beside its destination and move it there at the end, in place of an older one.

    When the body fails, nothing is left: neither the half-filled folder nor the folders that were made for it.

    Yields:
        An empty folder to write into.

    Raises:
        BadInput: The destination cannot be written, or is no folder that can be put in place of as a whole, as the one
            in which this process works; raised on entering.
    """
    if Path.cwd().is_relative_to(destination.resolve()):
        raise BadInput(f"the output folder {destination} has the working folder in it; name another, such as one below")
    missing = [folder for folder in destination.parents if not folder.exists()]
    partial = destination.with_name(f".{destination.name}.{os.getpid()}.partial")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
    except OSError as error:
        _remove_empty(missing)
        raise BadInput(
            f"the output folder {destination.parent} cannot be written: {error.strerror}; name another with --out"
        ) from None
    try:
        yield partial
        _move(partial, destination)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        _remove_empty(missing)
        raise


def partial_file(file: Path) -> Path:
    """Where a file is written beside its place, to be moved there when it is whole.

    Raises:
        BadInput: The file is a folder.
    """
    if file.is_dir():
        raise BadInput(f"{file}: is a folder; name a file in it with --out")
    return file.with_name(f".{file.name}.partial")


def _move(partial: Path, destination: Path) -> None:
    """Put the folder in its place; an older one, or a link to one, steps aside first and is then removed."""
    if not os.path.lexists(destination):
        partial.rename(destination)
        return
    old = partial.with_suffix(".old")
    destination.rename(old)
    partial.rename(destination)
    shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return
