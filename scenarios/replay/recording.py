"""A run as it stands in its folder: what was asked, and its log."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from mcap.exceptions import McapError
from mcap.reader import McapReader, make_reader
from zstandard import ZstdError

from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.schema import Scenario


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a log: its channel, the row, the time [s], and the bytes of its JSON."""

    topic: str
    row: int
    time: float
    data: bytes

    @property
    def values(self) -> dict[str, Any]:
        """What it says, by column; None is not a number.

        Raises:
            BadInput: It is damaged.
        """
        try:
            values: dict[str, Any] = orjson.loads(self.data)
        except orjson.JSONDecodeError as error:
            raise BadInput(f"the log is damaged in row {self.row}, in {self.topic}: {error}") from None
        return values


@dataclass(frozen=True, slots=True)
class Recording:
    """A run's folder.

    Attributes:
        folder: Where it is.
        scenario: Name of what was run.
        seed: Its seed.
        overrides: What was changed in it.
        state_hash: Of its truth.
    """

    folder: Path
    scenario: str
    seed: int
    overrides: tuple[str, ...]
    state_hash: str

    @classmethod
    def open(cls, folder: Path) -> Recording:
        """Open a run.

        Raises:
            BadInput: The folder is none of a run.
        """
        try:
            document = orjson.loads((folder / "metrics.json").read_bytes())
            origin = document["provenance"]
            found = cls(
                folder, document["scenario"], document["seed"], tuple(origin["overrides"]), origin["state_hash"]
            )
        except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
            raise BadInput(
                f"{folder} is no run: name a folder that 'draisine run' has written, with metrics.json and run.mcap"
            ) from None
        if not (folder / "run.mcap").is_file():
            raise BadInput(f"{folder} has no log: run.mcap is not there")
        return found

    @classmethod
    def open_all(cls, folders: Sequence[Path]) -> list[Recording]:
        """Open runs, named one by one or by the folder that they are in, where what is none is left out.

        A folder that another command is just filling, or that has no metrics, is none.

        Raises:
            BadInput: A folder neither is a run nor has one in it.
        """
        found = []
        for folder in folders:
            inside = sorted(
                log.parent
                for log in folder.glob("*/run.mcap")
                if not log.parent.name.startswith(".") and (log.parent / "metrics.json").exists()
            )
            found += [cls.open(run) for run in inside or [folder]]
        return found

    def load(self) -> Scenario:
        """What was run, as the library has it today.

        Raises:
            BadInput: It is not in the library.
        """
        return load(self.scenario, self.overrides)

    def messages(self, topics: Sequence[str] | None = None, every: int = 1) -> Iterator[Message]:
        """The log's messages in order, those of every so-manieth row.

        Raises:
            BadInput: The log cannot be read.
        """
        with self.reader() as reader:
            for _, channel, message in reader.iter_messages(topics=topics):
                if message.sequence % every == 0:
                    yield Message(channel.topic, message.sequence, message.log_time * 1e-9, message.data)

    @contextmanager
    def reader(self) -> Iterator[McapReader]:
        """A reader of the log, which is looked at while the context lasts.

        Raises:
            BadInput: The log cannot be read, or turns out to be cut off or damaged.
        """
        file = self.folder / "run.mcap"
        try:
            with file.open("rb") as stream:
                yield make_reader(stream)
        except OSError as error:
            raise BadInput(f"the log {file} cannot be read: {error.strerror or error}") from None
        except (McapError, ZstdError, struct.error, ValueError) as error:
            raise BadInput(f"the log {file} is cut off or damaged ({str(error) or type(error).__name__})") from None
