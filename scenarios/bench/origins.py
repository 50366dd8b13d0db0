"""Where results and their baselines come from: what is not the same, for whoever wonders why the motion changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from scenarios.bench.baseline import Baselines
from scenarios.bench.results import BenchResults

_ASKED = ("versions", "platform", "cpu", "urdf_sha256", "sources_sha256")


def changed_origin(results: BenchResults, baselines: Baselines) -> tuple[str, ...]:
    """How the provenance of results differs from that of the baselines that judge them, a sentence each, each once.

    Args:
        results: What was measured.
        baselines: What is expected, by scenario.
    """
    sentences: dict[str, None] = {}
    for name, baseline in baselines.items():
        if results.tier in baseline.tiers and results.covers(name):
            was = baseline.tiers[results.tier].provenance
            for what in _ASKED:
                sentences |= dict.fromkeys(_differences(what, results.provenance.get(what), was.get(what)))
    return tuple(sentences)


def _differences(what: str, now: Any, was: Any) -> Iterator[str]:
    if now == was:
        return
    if isinstance(now, Mapping) and isinstance(was, Mapping):
        for key in dict.fromkeys((*now, *was)):
            yield from _differences(f"{what}.{key}", now.get(key), was.get(key))
    elif "sha256" in what:
        yield f"{what.replace('_sha256', '')}: not the same as those of the baselines"
    else:
        yield f"{what}: {_shown(now)}; of the baselines: {_shown(was)}"


def _shown(value: Any) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)
