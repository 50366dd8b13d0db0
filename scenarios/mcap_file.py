"""The log as an MCAP file: channels of JSON messages at the full rate, which Foxglove and the mcap tools read."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import orjson
from mcap.writer import CompressionType, Writer

from scenarios.columns import Column, Layout
from scenarios.run_log import RunLog

_EXACT = ("/robot_state",)
"""Channels in double precision, so that a controller can be fed them again; the others are in single precision."""
_CHUNK = 8 << 20  # bytes before compression


def channels_of(layout: Layout) -> dict[str, tuple[Column, ...]]:
    """The columns of each channel, by its topic."""
    return {
        "/robot_state": layout.state,
        "/joint_command": layout.command,
        "/estimate": layout.estimate,
        "/truth": layout.truth + layout.derived,
        **({"/safety": layout.safety} if layout.safety else {}),
        **({"/loop": layout.loop} if layout.loop else {}),
    }


def write_mcap(file: Path, log: RunLog) -> None:
    """Write every row of a log, one message a channel and row; NaN becomes null.

    Raises:
        OSError: The file cannot be written.
    """
    stamps = np.rint(log["time"] * 1e9).astype(np.int64).tolist()
    with file.open("wb") as stream:
        writer = Writer(stream, chunk_size=_CHUNK, compression=CompressionType.ZSTD, enable_crcs=False)
        writer.start(profile="", library="draisine")
        channels = []
        for topic, columns in channels_of(log.layout).items():
            if not columns:
                continue
            schema = writer.register_schema(topic.strip("/"), "jsonschema", orjson.dumps(_json_schema(topic, columns)))
            precision = np.float64 if topic in _EXACT else np.float32
            arrays = [np.ascontiguousarray(log[column.name], dtype=precision) for column in columns]
            channels.append((writer.register_channel(topic, "json", schema), [c.name for c in columns], arrays))
        for row, stamp in enumerate(stamps):
            for channel, names, arrays in channels:
                message = dict(zip(names, [array[row] for array in arrays], strict=True))
                data = orjson.dumps(message, option=orjson.OPT_SERIALIZE_NUMPY)
                writer.add_message(channel, log_time=stamp, publish_time=stamp, sequence=row, data=data)
        writer.finish()  # type: ignore[no-untyped-call]


def _json_schema(topic: str, columns: Iterable[Column]) -> dict[str, object]:
    """Describe the messages of a channel."""
    number = {"type": ["number", "null"]}
    properties = {
        column.name: {
            **(number if column.width == 1 else {"type": "array", "items": number}),
            "description": f"{column.about} [{column.unit}]",
        }
        for column in columns
    }
    return {"type": "object", "title": topic.strip("/"), "properties": properties}
