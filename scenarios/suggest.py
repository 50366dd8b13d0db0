"""Help for somebody who mistyped a name."""

import difflib
from collections.abc import Iterable


def suggestion(name: str, known: Iterable[str]) -> str:
    """Say what may have been meant, ``did you mean 'radius'?``, or else what there is."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=3)
    if close:
        return f"did you mean {' or '.join(repr(match) for match in close)}?"
    return f"there is: {', '.join(names)}"
