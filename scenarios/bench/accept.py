"""Makes baselines of results: only of committed sources, only of these sources, and only if nothing is broken."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from scenarios.bench.baseline import Baselines, ScenarioBaseline, TierBaseline, read_baselines, write_baselines
from scenarios.bench.calibrate import Calibrated, calibrate
from scenarios.bench.compare import find_results
from scenarios.bench.results import BenchResults, read_results
from scenarios.bench.tables import show_change
from scenarios.bench.tiers import Tier, load_tier, refuse_unknown
from scenarios.bench.tolerance import SECOND_LOOKS
from scenarios.bench.wording import plural
from scenarios.errors import BadInput
from scenarios.provenance import ROOT, origin
from scenarios.terminal import terminal


def accept(reference: str, only: list[str], out: Path, baselines: Path, root: Path = ROOT) -> int:
    """Derive baselines from results, print how they change, write them, and return the exit status 0.

    Args:
        reference: A tier or results, as in :func:`scenarios.bench.compare.find_results`.
        only: Scenarios whose baselines are written, whatever the others did; all that were ridden where none is named.
        out: Folder in which runs leave their results.
        baselines: Folder of the baselines.
        root: Folder of the sources.

    Raises:
        BadInput: The tree is dirty, or the results are of other sources, too few, or broken.
    """
    results = read_results(find_results(reference, out))
    tier = load_tier(results.tier)
    whole = f"these results of a part of {results.tier}" if results.only else f"the tier {results.tier}"
    refuse_unknown(only, results.only or tuple(tier.rides), whole)
    if only:
        results = results.part(only)
    refuse_dirty_tree(root, baselines)
    now = origin()
    _refuse_other_sources(results, now)
    old = read_baselines(baselines, new=True)
    calibrated = calibrate(results, tier, _comparisons_left_out(results, tier, old))
    chosen = {name: baseline.replaced(provenance=now) for name, baseline in calibrated.baselines.items()}
    console = terminal()
    keep_others = bool(results.only)
    kept = {} if keep_others else old
    show_change(console, results.tier, {name: old[name] for name in chosen if name in old} | dict(kept), chosen)
    _show_check(console, calibrated)
    write_baselines(baselines, merged(old, results.tier, chosen, keep_others=keep_others))
    stay = ", all others stay" if keep_others else ""
    written = plural(len(chosen), "baseline")
    console.print(f"{written} of {results.tier} accepted into {baselines}/{stay}; commit what is new", highlight=False)
    return 0


def merged(
    old: Mapping[str, ScenarioBaseline], tier: str, new: Mapping[str, TierBaseline], *, keep_others: bool
) -> dict[str, ScenarioBaseline]:
    """All baselines after new ones of a tier were accepted; those of other tiers stay.

    Args:
        old: All baselines before.
        tier: Whose baselines are new.
        new: By scenario.
        keep_others: Whether baselines of this tier stay whose scenario is not among the new ones.
    """
    names = dict.fromkeys((*old, *new))
    after: dict[str, ScenarioBaseline] = {}
    for name in names:
        tiers = dict(old[name].tiers) if name in old else {}
        if name in new:
            tiers[tier] = new[name]
        elif not keep_others:
            tiers.pop(tier, None)
        if tiers:
            after[name] = ScenarioBaseline(scenario=name, tiers=tiers)
    return after


def refuse_dirty_tree(root: Path, baselines: Path) -> None:
    """Refuse sources that no commit has. The baselines themselves may differ: they are what is being written.

    Args:
        root: Folder of the sources.
        baselines: Folder of the baselines.

    Raises:
        BadInput: Something is changed or untracked, or git cannot tell.
    """
    command = ["git", "-C", str(root), "status", "--porcelain", "--untracked-files=all", "--", "."]
    if baselines.resolve().is_relative_to(root.resolve()):
        command.append(f":(exclude){baselines.resolve().relative_to(root.resolve()).as_posix()}")
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        raise BadInput(
            f"git cannot say whether {root} is as committed; a baseline is accepted in a git repository alone"
        ) from None
    changed = [line[3:] for line in said.splitlines()]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise BadInput(f"the tree is dirty: {changed[0]}{more} is not committed; commit or stash, then accept again")


def _refuse_other_sources(results: BenchResults, now: Mapping[str, object]) -> None:
    """Refuse results of other sources or versions than are here.

    Raises:
        BadInput: They are.
    """
    for what in ("sources_sha256", "urdf_sha256", "versions"):
        if results.provenance.get(what) != now[what]:
            shown = what.removesuffix("_sha256")
            raise BadInput(f"the results were made with other {shown} than are here; ride again: {results.command}")


def _comparisons_left_out(results: BenchResults, tier: Tier, old: Baselines) -> int:
    """How many comparisons a run of the whole tier makes in rides that a part leaves out, by their baselines."""
    left_out = [old[name].tiers for name in tier.rides if name in old and not results.covers(name)]
    return sum(len(tiers[results.tier].metrics) for tiers in left_out if results.tier in tiers)


def _show_check(console: Console, calibrated: Calibrated) -> None:
    """Say what is left out, and how often the calibration would have made one look at it twice."""
    for sentence in calibrated.left_out:
        console.print(sentence, style="yellow", highlight=False, soft_wrap=True)
    check = calibrated.check
    if not check.comparisons:
        return
    for alarm in check.alarms:
        console.print(alarm, style="yellow", highlight=False, soft_wrap=True)
    console.print(
        f"each repetition judged by the others: {len(check.alarms)} of {check.comparisons} comparisons are outside; "
        f"a run of the tier would have to look twice with a probability of {SECOND_LOOKS:g} if all were normal",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
