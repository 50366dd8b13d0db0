"""What it takes to get the same run again: versions, bodies, sources, processor, commit, seed, what was overridden."""

import platform
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BODIES = ROOT / "urdf"
_PACKAGES = {
    "draisine": "draisine",
    "pybullet": "pybullet",
    "pinocchio": "pin",
    "numpy": "numpy",
    "scipy": "scipy",
    "daqp": "daqp",
}

_MOTION_ROOMS = ("controllers", "robot", "sim", "urdf", "scenarios")
_MOTION_FILES = (".py", ".toml", ".urdf")
_NO_MOTION_FOLDERS = (
    "sim/experiments/",
    *(
        f"scenarios/{folder}/"
        for folder in ("bench", "baselines", "data", "gym", "live", "physics", "replay", "study", "sweep")
    ),
)
_NO_MOTION_FILES = frozenset(
    f"scenarios/{name}.py"
    for name in (
        "__main__", "batch", "bounds", "cli", "commands", "complaint", "display", "doctor", "film", "folder", "jobs",
        "mcap_file", "outputs", "plan", "plots", "plots_foot", "plots_page", "progress_board", "provenance", "suggest",
        "summary", "terminal", "trials", "trials_local", "trials_ray", "video",
    )
)  # fmt: skip
"""Folders and files that are asked after a ride, or show it, and cannot change it."""
_SIMD = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512vl", "asimd", "sve")
"""Instructions by which libraries of linear algebra choose their kernels, and so the bits of their sums."""


def provenance(
    state_hash: str, seed: int, overrides: Sequence[str], robot: Sequence[Path] = (), policy: Path | None = None
) -> dict[str, object]:
    """Collect where a run came from.

    Args:
        state_hash: Hash of the log's truth.
        seed: Seed of the run.
        overrides: Changes to the scenario, ``key=value`` each.
        robot: The files of another body than the project's own.
        policy: The file of a learned policy.
    """
    found = {"state_hash": state_hash, "seed": seed, "overrides": list(overrides), **origin()}
    if robot:
        found["robot_sha256"] = hashes(robot)
    if policy is not None:
        found["policy_sha256"] = hashes([policy])
    return found


def hashes(files: Iterable[Path]) -> dict[str, str]:
    """Hash of each file, by its name.

    Raises:
        OSError: One of them cannot be read.
    """
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


def origin() -> dict[str, object]:
    """Versions, platform, processor, bodies, sources and commit."""
    versions = {name: _version(package) for name, package in _PACKAGES.items()}
    return {
        "versions": {**versions, "python": platform.python_version()},
        "platform": f"{platform.system()} {platform.machine()}",
        "cpu": processor(),
        "urdf_sha256": hashes(sorted(BODIES.glob("*.urdf"))),
        "sources_sha256": sources_sha256(),
        "git_commit": _commit(),
    }


@cache
def sources_sha256(root: Path = ROOT) -> str:
    """Hash of every file that decides how a ride goes and what is measured of it: bodies, rooms and the library.

    Documents, tests, the command line and what only shows or judges results are not in it.

    Args:
        root: Folder of the rooms.
    """
    digest = sha256()
    for file in _motion_sources(root):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _motion_sources(root: Path) -> Iterator[Path]:
    for room in _MOTION_ROOMS:
        for file in sorted((root / room).rglob("*")):
            path = file.relative_to(root).as_posix()
            moves = path not in _NO_MOTION_FILES and not path.startswith(_NO_MOTION_FOLDERS)
            if file.suffix in _MOTION_FILES and moves:
                yield file


@cache
def processor() -> dict[str, object]:
    """Model of the processor, and which of the instructions it has that numerical libraries choose by; Linux tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {"model": platform.processor() or platform.machine(), "simd": []}
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in reversed(lines))}
    flags = fields.get("flags", fields.get("Features", "")).split()
    return {
        "model": fields.get("model name", platform.machine()),
        "simd": [flag for flag in _SIMD if flag in flags],
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The commit of the source tree, with ``-dirty`` when it was changed since; None outside a repository."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip()
