"""How far several runs in several processes are: one small file, mapped into memory by all of them."""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np


class Stage(IntEnum):
    """What a run is doing."""

    waiting = 0
    riding = 1
    writing = 2
    filming = 3
    done = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one run is: its stage, the simulated time [s], and how many times faster than real time it goes."""

    stage: Stage
    simulated: float
    factor: float


@dataclass(frozen=True, slots=True)
class ProgressBoard:
    """One row for each run. The runs write, somebody else reads now and then; nobody waits for anybody.

    Attributes:
        file: The mapped file.
        runs: How many rows it has.
    """

    file: Path
    runs: int

    def clear(self) -> None:
        """Make the file, with every run waiting."""
        np.zeros((self.runs, 3)).tofile(self.file)

    def put(self, run: int, mark: Mark) -> None:
        """Write how far a run is."""
        self._rows("r+")[run] = (mark.stage, mark.simulated, mark.factor)

    def marks(self) -> list[Mark]:
        """Read how far all runs are."""
        return [Mark(Stage(int(stage)), float(time), float(factor)) for stage, time, factor in self._rows("r")]

    def _rows(self, mode: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.memmap(self.file, dtype=np.float64, mode=mode, shape=(self.runs, 3))  # type: ignore[call-overload]
