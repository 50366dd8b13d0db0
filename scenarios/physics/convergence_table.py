"""The table of convergence: whole rides at several resolutions, side by side."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

from scenarios.folder import atomic_folder
from scenarios.metrics import METRICS
from scenarios.physics.convergence import BANDS, REFERENCE, RIDES, SOLVER, STEPS, Resolution, differences, trial_of
from scenarios.provenance import origin
from scenarios.terminal import terminal
from scenarios.trials import attempt_all

RESOLUTIONS = (REFERENCE, *STEPS, *SOLVER)
Found = Mapping[tuple[str, Resolution], Mapping[str, float]]


def convergence(out: Path, seconds: float | None, seed: int, processes: int | None) -> int:
    """Ride at every resolution and write ``convergence.json`` and ``convergence.md``; returns the exit status.

    A ride that breaks down is named and left out, and the status is 1, as it is when one is outside of its band.

    Args:
        out: Folder for results; they go into ``out/convergence``.
        seconds: How much of each ride is ridden [s]; all of it where none is given.
        seed: Of jitter and noise.
        processes: How many processes at most; None for as many as there are cores.

    Raises:
        BadInput: The folder cannot be written, or no process lives long enough to begin a ride.
    """
    keys = [(name, resolution) for name in RIDES for resolution in RESOLUTIONS]
    with atomic_folder(out / "convergence") as folder:
        trials = {key: trial_of(*key, seconds, seed) for key in keys}
        done = {result.name: result for result in attempt_all(list(trials.values()), processes)}
        results = {key: done[trial.name] for key, trial in trials.items()}
        found = {key: result.metrics for key, result in results.items() if not result.problem}
        broken = [f"{result.name}: {result.problem}" for result in results.values() if result.problem]
        outside = [
            finding
            for name, resolution in found
            if (name, REFERENCE) in found
            for finding in differences(name, found[name, resolution], found[name, REFERENCE], resolution.label)
            if not finding.passed
        ]
        page = _page(found, [finding.what for finding in outside], broken)
        (folder / "convergence.md").write_text(page, encoding="utf-8")
        document = {
            "seed": seed,
            "seconds": seconds,
            "outside": [finding.what for finding in outside],
            "broken": broken,
            "rides": [
                {
                    "ride": name,
                    "step": resolution.step,
                    "iterations": resolution.iterations,
                    "residual": resolution.residual,
                    "metrics": results[name, resolution].metrics,
                }
                for name, resolution in keys
            ],
            "provenance": origin(),
        }
        (folder / "convergence.json").write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    terminal().print(page, highlight=False, soft_wrap=True)
    return 1 if outside or broken else 0


def _page(found: Found, outside: Sequence[str], broken: Sequence[str]) -> str:
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
            values = [
                f"{found[name, resolution][band.metric]:.3g}" if (name, resolution) in found else "–"
                for resolution in RESOLUTIONS
            ]
            lines.append(f"| `{name}` | " + " | ".join(values) + " |")
        lines.append("")
    lines.append(f"Outside: {', '.join(outside)}." if outside else "" if broken else "All within their bands.")
    lines += [f"Broke down: {problem}" for problem in broken]
    return "\n".join(lines) + "\n"
