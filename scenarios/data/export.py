"""Logs as one Parquet table: a row for each tick of each run, a column for each column of the log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scenarios.errors import BadInput
from scenarios.folder import partial_file
from scenarios.replay.recording import Recording

_ROWS = 4000
"""Rows that are written at a time."""
_UNIT = re.compile(r"^(.*) \[([^\]]*)\]$", re.DOTALL)


def export(recordings: Sequence[Recording], file: Path) -> int:
    """Write runs into a Parquet file, as a whole or not at all; gives the number of rows.

    First columns are `episode` (the run's place in the list) and `row`, then those of the log. A column's metadata has
    its unit and what it is, the file's metadata (key `draisine`) scenario, seed, changes and state hash of each run.
    What is no number is null.

    Raises:
        BadInput: The runs have other columns than the first, one is damaged, or the file cannot be written.
    """
    schema = _schema(recordings[0])
    about = [
        {"scenario": r.scenario, "seed": r.seed, "overrides": r.overrides, "state_hash": r.state_hash}
        for r in recordings
    ]
    schema = schema.with_metadata({"draisine": json.dumps(about, ensure_ascii=False)})
    partial, count = partial_file(file), 0
    try:
        with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
            for episode, recording in enumerate(recordings):
                if _schema(recording).names != schema.names:
                    other = recordings[0].folder
                    raise BadInput(f"{recording.folder} has other columns than {other}: export them apart")
                for batch in _batches(rows(recording), episode, schema):
                    writer.write_batch(batch)
                    count += batch.num_rows
        partial.replace(file)
    except OSError as error:
        raise BadInput(f"{file}: cannot be written: {error.strerror or error}") from None
    finally:
        partial.unlink(missing_ok=True)
    return count


def rows(recording: Recording, every: int = 1) -> Iterator[dict[str, Any]]:
    """What a log says at each tick, or at every so-manieth one, of all channels together."""
    row: dict[str, Any] = {}
    for message in recording.messages(every=every):
        if row and message.row != row["row"]:
            yield row
            row = {}
        row |= {"row": message.row, "time": message.time} | message.values
    if row:
        yield row


def _batches(given: Iterator[dict[str, Any]], episode: int, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    waiting: list[dict[str, Any]] = []
    for row in given:
        waiting.append(row | {"episode": episode})
        if len(waiting) == _ROWS:
            yield pa.RecordBatch.from_pylist(waiting, schema)
            waiting = []
    if waiting:
        yield pa.RecordBatch.from_pylist(waiting, schema)


def _schema(recording: Recording) -> pa.Schema:
    """Columns by what the log's own schemas say, those of the state in double precision as they are logged."""
    fields = [
        pa.field("episode", pa.int32(), metadata={"about": "the run's place in the list"}),
        pa.field("row", pa.int32(), metadata={"about": "tick of the run, counted from 0"}),
    ]
    for topic, properties in _columns(recording).items():
        number = pa.float64() if topic == "/robot_state" else pa.float32()
        for name, says in properties.items():
            told = _UNIT.match(says.get("description", ""))
            metadata = {"about": told[1], "unit": told[2]} if told else {}
            kind = pa.list_(number) if says.get("type") == "array" else number
            fields.append(pa.field(name, pa.float64() if name == "time" else kind, metadata=metadata))
    return pa.schema(fields)


def _columns(recording: Recording) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """What each channel's messages have, by the schema in the log."""
    with recording.reader() as reader:
        summary = reader.get_summary()
        if summary is None:
            raise BadInput(f"the log of {recording.folder} has no end: the run was cut off")
        return {
            channel.topic: json.loads(summary.schemas[channel.schema_id].data)["properties"]
            for channel in summary.channels.values()
        }
