"""Files of Whipple parameters: lines of ``name = value``, as flat TOML and the BicycleParameters package have them."""

from __future__ import annotations

import re
from pathlib import Path

from urdf.whipple_parameters import BENCHMARK, WhippleParameters

_LINE = re.compile(r"(?P<name>\w+)\s*=\s*(?P<value>[^#]*?)\s*(#.*)?")
_PARTS_OF_THE_FRONT_FRAME = re.compile(r"[xzm][GS]|I[GS](xx|yy|zz|xz)")
"""Where handlebar G and fork S were measured one by one, the package lists them beside H, which is both."""


def parse(text: str) -> dict[str, float]:
    """The values of a file by their names.

    A value may have an uncertainty, ``1.02+/-0.002``, which is left out. What follows ``#`` is a comment.

    Raises:
        ValueError: A line is no ``name = value``, or gives a name again; the message says which.
    """
    values: dict[str, float] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.partition("#")[0].strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"line {number}: {line.strip()!r} is wrong; write name = value, such as w = 1.02")
        name, value = match["name"], match["value"]
        if name in values:
            raise ValueError(f"line {number}: {name} is given a second time; keep one of both")
        try:
            values[name] = float(value.partition("+/-")[0])
        except ValueError:
            raise ValueError(f"line {number}: {name} = {value!r} is not a number; write one in SI units") from None
    return {name: value for name, value in values.items() if not _PARTS_OF_THE_FRONT_FRAME.fullmatch(name)}


def load_whipple(path: Path = BENCHMARK) -> WhippleParameters:
    """Read a parameter file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not such a file, or what it describes is no bicycle.
    """
    return WhippleParameters.model_validate(parse(path.read_text(encoding="utf-8")))
