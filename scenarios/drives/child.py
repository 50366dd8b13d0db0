"""A process of its own, which says over a pipe how it is."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from time import monotonic_ns
from typing import Self

from scenarios.errors import BadInput

_PATIENCE = 60.0
"""How long a process may take until it says something [s]."""


class Child:
    """A process of its own, which says how it is over a pipe; it does not outlive its block."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        """Prepare it.

        Args:
            work: What it does: a function of a module; it gets the arguments, and its end of the pipe as the last one.
            arguments: Those that can be pickled.
        """
        context = get_context("spawn")
        self._pipe, self._theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=work, args=(*arguments, self._theirs), daemon=True)

    def start(self) -> None:
        """Start it."""
        self._process.start()
        self._theirs.close()

    def close(self) -> None:
        """End it, if it is there still; closing twice does nothing."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def expect(self, word: str) -> None:
        """Wait until it says that.

        Raises:
            BadInput: It says something else, or nothing.
        """
        said = self._hear()
        if said != word:
            raise BadInput(str(said))

    def kill(self) -> tuple[int, int]:
        """Send SIGKILL; gives CLOCK_MONOTONIC when it is over [ns], and what it ended by."""
        os.kill(self._process.pid or 0, signal.SIGKILL)
        self._process.join()
        return monotonic_ns(), -(self._process.exitcode or 0)

    def ask(self, question: object) -> object:
        """Have its answer."""
        self._pipe.send(question)
        return self._hear()

    def _hear(self) -> object:
        try:
            if self._pipe.poll(_PATIENCE):
                return self._pipe.recv()
        except EOFError:
            return f"a process ended by itself, status {self._process.exitcode}"
        return f"a process said nothing for {_PATIENCE:g} s"
