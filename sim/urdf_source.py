"""Where the physics gets a body from: a file, or a text that was made for one ride."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class UrdfText:
    """A URDF that stands in no file.

    Attributes:
        text: The URDF.
        name: What messages call it.
        folder: Where its mesh files are looked for.
    """

    text: str
    name: str
    folder: Path

    @classmethod
    def of(cls, source: UrdfSource) -> UrdfText:
        """The text of a source, read if it is a file."""
        if isinstance(source, UrdfText):
            return source
        return cls(source.read_text(encoding="utf-8"), str(source), source.parent)


UrdfSource = Path | UrdfText
