"""What it takes to get the same run again: versions, bodies, the commit, the seed and what was overridden."""

import platform
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BODIES = ROOT / "urdf"
_PACKAGES = {"draisine": "draisine", "pybullet": "pybullet", "pinocchio": "pin", "numpy": "numpy"}


def provenance(state_hash: str, seed: int, overrides: Sequence[str]) -> dict[str, object]:
    """Collect where a run came from.

    Args:
        state_hash: Hash of the log's truth.
        seed: Seed of the run.
        overrides: Changes to the scenario, ``key=value`` each.
    """
    return {"state_hash": state_hash, "seed": seed, "overrides": list(overrides), **origin()}


def origin() -> dict[str, object]:
    """Versions, platform, bodies and commit."""
    versions = {name: _version(package) for name, package in _PACKAGES.items()}
    return {
        "versions": {**versions, "python": platform.python_version()},
        "platform": f"{platform.system()} {platform.machine()}",
        "urdf_sha256": {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(BODIES.glob("*.urdf"))},
        "git_commit": _commit(),
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
