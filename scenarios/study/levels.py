"""Levels as they are written on the command line."""

import math

from scenarios.errors import BadInput

_MOST = 100


def parse_levels(text: str, option: str) -> tuple[float, ...]:
    """Read positive levels such as ``10:60:10`` (both ends belong to it) or ``10,25,40``, in increasing order.

    Args:
        text: What was written.
        option: Where, for messages.

    Raises:
        BadInput: It does not read like that, a level is not positive, or there are more than a hundred.
    """
    wrong = BadInput(f"{option} {text!r}: write positive levels such as 10:60:10 (from:to:step) or 10,25,40")
    parts = text.split(":")
    try:
        numbers = [float(part) for part in (parts if len(parts) == 3 else text.split(","))]
    except ValueError:
        raise wrong from None
    if not all(math.isfinite(number) and number > 0 for number in numbers) or len(parts) not in (1, 3):
        raise wrong
    if len(parts) == 3:
        first, last, step = numbers
        count = math.floor((last - first) / step + 1e-9) + 1
        if not 1 <= count <= _MOST:
            raise wrong
        numbers = [round(first + index * step, 9) for index in range(count)]
    if len(numbers) > _MOST:
        raise wrong
    return tuple(sorted(set(numbers)))
