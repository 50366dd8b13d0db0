"""`python -m urdf` writes the URDF files from their parameters; `--check` only says whether they are up to date.

A body that cannot be right is neither written nor found up to date.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from urdf import bicycle, humanoid
from urdf.guard import require_sound

FOLDER = Path(__file__).parent


def main() -> int:
    """Run the command; the exit status is 1 if a body is not sound or a checked file is not the generated one."""
    parser = argparse.ArgumentParser(prog="python -m urdf", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is out of date")
    check = parser.parse_args().check
    generated = {FOLDER / "humanoid.urdf": humanoid.build(), FOLDER / "bicycle.urdf": bicycle.build()}
    try:
        for path, text in generated.items():
            require_sound(text, f"urdf/{path.name}", path.parent)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    stale = [path for path, text in generated.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if not check:
        for path in stale:
            _replace(path, generated[path])
    elif stale:
        names = ", ".join(f"urdf/{path.name}" for path in stale)
        print(f"out of date: {names}; run `python -m urdf` and commit the result", file=sys.stderr)
        return 1
    return 0


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
        file.write(text)
    written = Path(file.name)
    written.chmod(0o644)
    written.replace(path)


if __name__ == "__main__":
    sys.exit(main())
