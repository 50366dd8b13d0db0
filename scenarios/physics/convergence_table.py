"""The table of convergence: whole rides at several resolutions, side by side."""

from collections.abc import Sequence
from pathlib import Path

import orjson
from joblib import Parallel, cpu_count, delayed
from rich.console import Console

from scenarios.folder import atomic_folder
from scenarios.metrics import METRICS
from scenarios.physics.convergence import BANDS, REFERENCE, RIDES, SOLVER, STEPS, Resolution, differences, measure
from scenarios.provenance import origin

RESOLUTIONS = (REFERENCE, *STEPS, *SOLVER)
Found = dict[tuple[str, Resolution], dict[str, float]]


def convergence(out: Path, seconds: float | None, seed: int, processes: int | None) -> int:
    """Ride at every resolution and write ``convergence.json`` and ``convergence.md``; returns the exit status.

    Args:
        out: Folder for results; they go into ``out/convergence``.
        seconds: How much of each ride is ridden [s]; all of it where none is given.
        seed: Of jitter and noise.
        processes: How many processes at most; None for as many as there are cores.

    Raises:
        BadInput: The folder cannot be written.
    """
    keys = [(name, resolution) for name in RIDES for resolution in RESOLUTIONS]
    with atomic_folder(out / "convergence") as folder:
        done = Parallel(n_jobs=processes or cpu_count(), backend="loky", batch_size=1)(
            delayed(measure)(name, resolution, seconds, seed) for name, resolution in keys
        )
        found: Found = dict(zip(keys, done, strict=True))
        outside = [
            finding
            for name, resolution in keys
            for finding in differences(name, found[name, resolution], found[name, REFERENCE], resolution.label)
            if not finding.passed
        ]
        page = _page(found, [finding.what for finding in outside])
        (folder / "convergence.md").write_text(page, encoding="utf-8")
        document = {
            "seed": seed,
            "seconds": seconds,
            "outside": [finding.what for finding in outside],
            "rides": [
                {
                    "ride": name,
                    "step": resolution.step,
                    "iterations": resolution.iterations,
                    "residual": resolution.residual,
                    "metrics": found[name, resolution],
                }
                for name, resolution in keys
            ],
            "provenance": origin(),
        }
        (folder / "convergence.json").write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    Console(width=160).print(page, highlight=False)
    return 1 if outside else 0


def _page(found: Found, outside: Sequence[str]) -> str:
    """A table for each metric that has a band: rides down, resolutions across."""
    lines = []
    for band in BANDS:
        unit = METRICS[band.metric].unit
        limit = band.tolerance if band.scale is None else band.tolerance * band.scale
        allowed = f"{100 * limit:g} %" if band.scale is None else f"{limit:g} {unit}"
        lines += [
            f"`{band.metric}` [{unit}], allowed to differ by {allowed}:",
            "",
            "| ride | " + " | ".join(resolution.label for resolution in RESOLUTIONS) + " |",
            "|---" * (len(RESOLUTIONS) + 1) + "|",
        ]
        for name in RIDES:
            values = [f"{found[name, resolution][band.metric]:.3g}" for resolution in RESOLUTIONS]
            lines.append(f"| `{name}` | " + " | ".join(values) + " |")
        lines.append("")
    lines.append("All within their bands." if not outside else f"Outside: {', '.join(outside)}.")
    return "\n".join(lines) + "\n"
