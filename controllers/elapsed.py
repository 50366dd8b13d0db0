"""How long it is since the state before, where a host that was late has lost some."""


def elapsed_periods(time: float, before: float, period: float) -> int:
    """Number of control periods from one state to the next, usually one.

    Args:
        time: Of a state [s].
        before: Of the state before [s].
        period: Of control [s].
    """
    periods = (time - before) / period
    return round(periods) if 1.5 <= periods < 1e6 else 1  # and so it is one where a time is no number
