"""The table of a sweep: a row for each sample, one Parquet file that depends on nothing but what was asked."""

import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from scenarios.errors import BadInput
from scenarios.metric import Metric
from scenarios.metrics import METRICS
from scenarios.sweep.journal import Entry

_ABOUT = "draisine"
"""Key of the file's metadata under which its provenance is, as JSON."""


def build_table(
    entries: Sequence[Entry],
    units: Mapping[str, str],
    provenance: Mapping[str, object],
    metrics: Mapping[str, Metric] = METRICS,
) -> "pa.Table":
    """Gather samples in a table, by number.

    Columns: sample, seed, what was drawn (by key), end, survived, passed, seconds [s], every metric, state_hash,
    problem. A column's metadata tell its unit. What a ride does not have is null.

    Args:
        entries: Samples that are done.
        units: SI unit of each key that was drawn.
        provenance: What it takes to get the same table again.
        metrics: Those that its kind of run has.
    """
    rows = sorted(entries, key=lambda entry: entry.sample)
    results = [row.result for row in rows]
    columns: list[tuple[pa.Field, list[object]]] = [
        (_field("sample", pa.int64(), "1"), [row.sample for row in rows]),
        (_field("seed", pa.int64(), "1"), [result.seed for result in results]),
    ]
    for key in dict.fromkeys(key for row in rows for key in row.values):
        values = [row.values.get(key) for row in rows]
        text = any(isinstance(value, str) for value in values)
        kind, unit = (pa.string(), "") if text else (pa.float64(), units.get(key) or "1")
        columns.append((_field(key, kind, unit), [str(value) if text else value for value in values]))
    columns += [
        (_field("end", pa.string(), ""), [result.end for result in results]),
        (_field("survived", pa.bool_(), ""), [result.survived for result in results]),
        (_field("passed", pa.bool_(), ""), [result.passed for result in results]),
        (_field("seconds", pa.float64(), "s"), [None if result.problem else result.seconds for result in results]),
    ]
    for name, metric in metrics.items():
        found = [result.metrics.get(name, math.nan) for result in results]
        columns.append((_field(name, pa.float64(), metric.unit), [None if math.isnan(x) else x for x in found]))
    columns += [
        (_field("state_hash", pa.string(), ""), [result.state_hash or None for result in results]),
        (_field("problem", pa.string(), ""), [result.problem or None for result in results]),
    ]
    about = json.dumps(provenance, ensure_ascii=False, sort_keys=True)
    schema = pa.schema([field for field, _ in columns], {_ABOUT: about})
    arrays = [pa.array(values, field.type) for field, values in columns]
    return pa.Table.from_arrays(arrays, schema=schema)


def write_table(file: Path, table: "pa.Table") -> None:
    """Write a table as a whole or not at all.

    Raises:
        BadInput: The file cannot be written.
    """
    partial = file.with_name(f".{file.name}.partial")
    try:
        pq.write_table(table, partial, compression="zstd")
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise BadInput(f"{file}: cannot be written: {error.strerror}") from None


def _field(name: str, kind: "pa.DataType", unit: str) -> "pa.Field":
    return pa.field(name, kind, metadata={"unit": unit} if unit else None)
