"""Shows the figures of a sweep."""

from rich.console import Console
from rich.table import Table

from scenarios.sweep.digest import Digest, Share

_PARAMETERS = 8
"""So many parameters are shown."""


def show(console: Console, found: Digest) -> None:
    """Print the figures."""
    survived = f"survived: {_share(found.survived)}; every criterion met: {_share(found.passed)}"
    console.print(survived, highlight=False, soft_wrap=True)
    if found.broke_down:
        why = f"samples that broke down: {found.broke_down}; the table's column 'problem' says why"
        console.print(why, style="bold red", highlight=False, soft_wrap=True)
    if found.metrics:
        table = _table("over the survivors", "median", "5 %", "95 %", "unit")
        for metric in found.metrics:
            figures = (f"{value:.3g}" for value in (metric.median, metric.lower, metric.upper))
            table.add_row(metric.metric, *figures, metric.unit)
        console.print(table, highlight=False)
    if found.parameters:
        against = found.parameters[0].against
        table = _table("parameter", f"rank correlation with {against}", "p")
        for parameter in found.parameters[:_PARAMETERS]:
            table.add_row(parameter.parameter, f"{parameter.correlation:+.2f}", f"{parameter.p_value:.2g}")
        console.print(table, highlight=False)


def _share(share: Share) -> str:
    return (
        f"{share.count} of {share.of} ({100 * share.count / share.of:.0f} %, "
        f"95 % interval {100 * share.lower:.0f} to {100 * share.upper:.0f} %)"
    )


def _table(first: str, *titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for title in titles:
        table.add_column(title, justify="right", no_wrap=True)
    return table
