"""Runs as a LeRobotDataset, version 3.0: what policies of Hugging Face's LeRobot learn from, films too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from scenarios.common_schema import CONTROL_PERIOD
from scenarios.context import RunContext
from scenarios.data.rebuilt import context_of, log_of
from scenarios.errors import BadInput
from scenarios.folder import atomic_folder
from scenarios.replay.recording import Recording
from scenarios.run_log import RunLog

Array = NDArray[np.float64]

FPS = 25
"""Frames a second; whole ticks lie between two of them."""
VIDEO = "observation.images.beside"
"""Name of the camera that goes along beside the body."""
_SIZE = (640, 360)
_FILE = "chunk-{chunk_index:03d}/file-{file_index:03d}"
_QUANTILES = (0.01, 0.10, 0.50, 0.90, 0.99)
_SAMPLED = 32
"""Frames of a film of which its statistics are made."""
_COUNTS = {
    "timestamp": "float32", "frame_index": "int64", "episode_index": "int64", "index": "int64", "task_index": "int64",
}  # fmt: skip
"""What every frame has besides."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A run as it is written.

    Attributes:
        state: What the robot felt, shape (t, k).
        action: What its drives were asked, shape (t, n) [rad].
        task: What was asked, in words.
        film: Statistics of its film; None without.
    """

    state: NDArray[np.float32]
    action: NDArray[np.float32]
    task: str
    film: dict[str, Any] | None


def write_lerobot(recordings: Sequence[Recording], folder: Path, *, video: bool = False) -> int:
    """Write runs, each as an episode; gives the number of frames.

    `observation.state` has positions, velocities and torques of the joints and the pelvis IMU, `action` the positions
    that the joints were asked, `task` the scenario's summary. The layout is that of LeRobot 0.4 (codebase v3.0).

    Args:
        recordings: The runs, all of one body.
        folder: Where to; it must not be there yet, and is written as a whole or not at all.
        video: Whether each run is filmed.

    Raises:
        BadInput: The folder is there, the runs are of other bodies, or one cannot be read.
    """
    if folder.exists():
        raise BadInput(f"{folder} is there already: name a folder that is not, or remove it")
    contexts = [context_of(recording) for recording in recordings]
    names = contexts[0].joint_names
    for recording, context in zip(recordings, contexts, strict=True):
        if context.joint_names != names:
            raise BadInput(f"{recording.folder} is of another body than {recordings[0].folder}: export them apart")
    with atomic_folder(folder) as out:
        episodes = []
        for number, (recording, context) in enumerate(zip(recordings, contexts, strict=True)):
            log = log_of(recording, context)
            film = _film(out, number, log, context) if video else None
            every = round(1.0 / (FPS * CONTROL_PERIOD))
            state = np.column_stack([log[column][::every] for column, _ in _state(names)])
            action = log["command_position"][::every].copy()
            last = np.isnan(action[:, 0])
            action[last] = log["command_position"][-2]  # of a run's last tick there is no command
            task = recording.load().summary
            episodes.append(Episode(state.astype(np.float32), action.astype(np.float32), task, film))
        return _write(out, episodes, names)


def _state(joints: Sequence[str]) -> tuple[tuple[str, list[str]], ...]:
    """Columns of the log that make up a state, and a name for each of their numbers."""
    return (
        ("joint_position", [f"{joint}.pos" for joint in joints]),
        ("joint_velocity", [f"{joint}.vel" for joint in joints]),
        ("joint_torque", [f"{joint}.torque" for joint in joints]),
        ("pelvis_orientation", [f"pelvis_imu.q{axis}" for axis in "xyzw"]),
        ("pelvis_angular_velocity", [f"pelvis_imu.rate_{axis}" for axis in "xyz"]),
        ("pelvis_specific_force", [f"pelvis_imu.force_{axis}" for axis in "xyz"]),
    )


def _film(out: Path, number: int, log: RunLog, context: RunContext) -> dict[str, Any]:
    """Film an episode, and give the statistics of its colours."""
    from imageio_ffmpeg import read_frames

    from scenarios.video import film

    file = out / "videos" / VIDEO / f"{_FILE.format(chunk_index=0, file_index=number)}.mp4"
    file.parent.mkdir(parents=True, exist_ok=True)
    film(file, log, context, lambda *_: None, size=_SIZE, rate=FPS)
    frames = read_frames(str(file))
    count = round(next(frames)["duration"] * FPS)
    every = max(count // _SAMPLED, 1)
    seen = [np.frombuffer(frame, np.uint8).reshape(-1, 3) for place, frame in enumerate(frames) if place % every == 0]
    pixels = np.concatenate(seen) / 255.0
    found = _statistics(pixels, len(seen))
    return {name: values if name == "count" else [[[value]] for value in values] for name, values in found.items()}


def _statistics(values: Array, count: int) -> dict[str, Any]:
    """Of each number of rows, shape (t, k)."""
    table = {
        "min": values.min(axis=0), "max": values.max(axis=0), "mean": values.mean(axis=0), "std": values.std(axis=0),
        **{f"q{round(100 * share):02d}": np.quantile(values, share, axis=0) for share in _QUANTILES},
    }  # fmt: skip
    return {name: row.tolist() for name, row in table.items()} | {"count": [count]}


def _write(out: Path, episodes: Sequence[Episode], joints: Sequence[str]) -> int:
    tasks = list(dict.fromkeys(episode.task for episode in episodes))
    named = [name for _, names in _state(joints) for name in names]
    features: dict[str, Any] = {
        "observation.state": {"dtype": "float32", "shape": [len(named)], "names": named},
        "action": {"dtype": "float32", "shape": [len(joints)], "names": [f"{joint}.pos" for joint in joints]},
        **{name: {"dtype": kind, "shape": [1], "names": None} for name, kind in _COUNTS.items()},
    }
    filmed = episodes[0].film is not None
    if filmed:
        features[VIDEO] = {
            "dtype": "video", "shape": [_SIZE[1], _SIZE[0], 3], "names": ["height", "width", "channels"],
            "info": {
                "video.height": _SIZE[1], "video.width": _SIZE[0], "video.codec": "h264", "video.pix_fmt": "yuv420p",
                "video.is_depth_map": False, "video.fps": FPS, "video.channels": 3, "has_audio": False,
            },
        }  # fmt: skip
    total = sum(len(episode.state) for episode in episodes)
    info = {
        "codebase_version": "v3.0", "robot_type": "draisine", "total_episodes": len(episodes), "total_frames": total,
        "total_tasks": len(tasks), "chunks_size": 1000, "data_files_size_in_mb": 100, "video_files_size_in_mb": 200,
        "fps": FPS, "splits": {"train": f"0:{len(episodes)}"}, "data_path": f"data/{_FILE}.parquet",
        "video_path": f"videos/{{video_key}}/{_FILE}.mp4" if filmed else None, "features": features,
    }  # fmt: skip
    frames = [_frames(number, episode, tasks) for number, episode in enumerate(episodes)]
    start = 0
    about = []
    for number, (episode, table) in enumerate(zip(episodes, frames, strict=True)):
        table["index"] = start + table["frame_index"]
        length = len(episode.state)
        statistics = {name: _statistics(_column(table[name]), length) for name in table}
        if episode.film is not None:
            statistics[VIDEO] = episode.film
        about.append(
            {
                "episode_index": number, "tasks": [episode.task], "length": length, "dataset_from_index": start,
                "dataset_to_index": start + length, "data/chunk_index": 0, "data/file_index": 0,
                "meta/episodes/chunk_index": 0, "meta/episodes/file_index": 0,
                **(
                    {
                        f"videos/{VIDEO}/chunk_index": 0, f"videos/{VIDEO}/file_index": number,
                        f"videos/{VIDEO}/from_timestamp": 0.0, f"videos/{VIDEO}/to_timestamp": length / FPS,
                    }
                    if filmed
                    else {}
                ),
                **{
                    f"stats/{feature}/{name}": value
                    for feature, one in statistics.items()
                    for name, value in one.items()
                },
            }
        )  # fmt: skip
        start += length
    whole = {name: np.concatenate([table[name] for table in frames]) for name in frames[0]}
    _save(out / "data" / f"{_FILE.format(chunk_index=0, file_index=0)}.parquet", _table(whole))
    _save(
        out / "meta" / "episodes" / f"{_FILE.format(chunk_index=0, file_index=0)}.parquet", pa.Table.from_pylist(about)
    )
    _save(out / "meta" / "tasks.parquet", _tasks(tasks))
    statistics = {name: _statistics(_column(values), total) for name, values in whole.items()}
    if filmed:
        statistics[VIDEO] = _together([episode.film for episode in episodes if episode.film is not None])
    for name, document in (("info", info), ("stats", statistics)):
        text = json.dumps(document, indent=4, ensure_ascii=False) + "\n"
        (out / "meta" / f"{name}.json").write_text(text, encoding="utf-8")
    return total


def _frames(number: int, episode: Episode, tasks: Sequence[str]) -> dict[str, NDArray[Any]]:
    count = np.arange(len(episode.state))
    return {
        "observation.state": episode.state, "action": episode.action,
        "timestamp": (count / FPS).astype(np.float32), "frame_index": count,
        "episode_index": np.full(count.size, number), "index": count,
        "task_index": np.full(count.size, tasks.index(episode.task)),
    }  # fmt: skip


def _column(values: NDArray[Any]) -> Array:
    return values.reshape(len(values), -1).astype(np.float64)


def _table(columns: dict[str, NDArray[Any]]) -> pa.Table:
    arrays = {}
    for name, values in columns.items():
        flat = pa.array(values.reshape(-1))
        arrays[name] = flat if values.ndim == 1 else pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
    return pa.table(arrays)


def _tasks(tasks: Sequence[str]) -> pa.Table:
    """The tasks as pandas writes a frame whose index they are; LeRobot reads it with pandas."""
    index = "__index_level_0__"
    said = [
        {"name": name, "field_name": field, "pandas_type": kind, "numpy_type": numpy, "metadata": None}
        for name, field, kind, numpy in (
            ("task_index", "task_index", "int64", "int64"), (None, index, "unicode", "object"),
        )
    ]  # fmt: skip
    heading = {
        "name": None, "field_name": None, "pandas_type": "unicode", "numpy_type": "object",
        "metadata": {"encoding": "UTF-8"},
    }  # fmt: skip
    metadata = {"index_columns": [index], "column_indexes": [heading], "columns": said, "pandas_version": "2.0.0"}
    table = pa.table({"task_index": pa.array(range(len(tasks)), pa.int64()), index: pa.array(list(tasks))})
    return table.replace_schema_metadata({"pandas": json.dumps(metadata)})


def _together(films: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Statistics of all films from those of each, as LeRobot takes them together."""
    weights = np.array([one["count"][0] for one in films], dtype=np.float64)
    stacked = {name: np.array([one[name] for one in films]) for name in films[0] if name != "count"}
    mean = np.average(stacked["mean"], axis=0, weights=weights)
    spread = stacked["std"] ** 2 + (stacked["mean"] - mean) ** 2
    found = {name: np.average(values, axis=0, weights=weights) for name, values in stacked.items()}
    found |= {
        "min": stacked["min"].min(axis=0), "max": stacked["max"].max(axis=0), "mean": mean,
        "std": np.sqrt(np.average(spread, axis=0, weights=weights)),
    }  # fmt: skip
    return {name: values.tolist() for name, values in found.items()} | {"count": [int(weights.sum())]}


def _save(file: Path, table: pa.Table) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, file)
