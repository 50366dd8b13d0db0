"""The terminal that commands print on, where a unit or a path in brackets is what it says and no markup."""

from rich.console import Console


def terminal(width: int = 160) -> Console:
    """The terminal, or something wide enough for a table where there is none.

    Args:
        width: Of the latter [characters].
    """
    console = Console(markup=False)
    return console if console.is_terminal else Console(markup=False, width=width)
