"""Bisection on a level whose success is a matter of chance."""

from collections.abc import Callable
from dataclasses import dataclass

from scenarios.study.binomial import belief_in, wilson


@dataclass(frozen=True, slots=True)
class Level:
    """What came of the trials at one level.

    Attributes:
        value: The level.
        successes: How many trials went well.
        trials: How many there were.
        low: Lower end of the probability's 95 % Wilson interval.
        high: Upper end.
        belief: How sure one may be that the probability is at least the share that is asked.
    """

    value: float
    successes: int
    trials: int
    low: float
    high: float
    belief: float

    @property
    def holds(self) -> bool:
        """Whether it is more likely than not that the share that is asked is reached."""
        return self.belief >= 0.5


@dataclass(frozen=True, slots=True)
class Bracket:
    """Where success begins, from below.

    Attributes:
        levels: Every level that was tried, in increasing order.
        fails: The highest level below the threshold that does not hold; None when even the lowest tried one holds.
        holds: The lowest level above the threshold that holds; None when even the highest tried one does not.
        surely_fails: The highest level that fails with the confidence that is asked, below every one that surely holds.
        surely_holds: The lowest level from which on no tried one fails, and which holds with that confidence.
    """

    levels: tuple[Level, ...]
    fails: float | None
    holds: float | None
    surely_fails: float | None
    surely_holds: float | None


def bisect_up(
    attempt: Callable[[float], tuple[int, int]],
    low: float,
    high: float,
    resolution: float,
    share: float,
    confidence: float,
) -> Bracket:
    """Find the lowest level at which at least a share of trials succeeds, where success grows with the level.

    Each level is decided by the posterior of its probability of success under Jeffreys' prior: it holds when it is more
    likely than not that the share is reached. A wrong decision sends the bisection to the wrong half; the two sure
    levels tell how far the answer may be trusted.

    Args:
        attempt: Gives successes and trials at a level; called once for each.
        low: Lowest level to try.
        high: Highest level to try.
        resolution: Ends when the bracket is no wider than this.
        share: Probability of success that is asked, between 0 and 1.
        confidence: Of the sure levels, above one half.

    Raises:
        ValueError: The levels are not in order, or a share, confidence or resolution makes no sense.
    """
    if not (low < high and resolution > 0 and 0 < share < 1 and 0.5 < confidence < 1):
        raise ValueError("bisection needs low < high, a positive resolution, and share and confidence below 1")
    tried: dict[float, Level] = {}

    def level(value: float) -> Level:
        successes, trials = attempt(value)
        tried[value] = Level(value, successes, trials, *wilson(successes, trials), belief_in(share, successes, trials))
        return tried[value]

    fails: float | None = None
    holds: float | None = None
    if not level(high).holds:
        fails = high
    elif level(low).holds:
        holds = low
    else:
        fails, holds = low, high
        while holds - fails > resolution * (1.0 + 1e-9):
            middle = 0.5 * (fails + holds)
            if level(middle).holds:
                holds = middle
            else:
                fails = middle
    levels = tuple(tried[value] for value in sorted(tried))
    return Bracket(levels, fails, holds, *_sure(levels, confidence))


def _sure(levels: tuple[Level, ...], confidence: float) -> tuple[float | None, float | None]:
    surely_holds: float | None = None
    for level in reversed(levels):
        if not level.holds:
            break
        if level.belief >= confidence:
            surely_holds = level.value
    surely_fails: float | None = None
    for level in levels:
        if level.holds:
            break
        if level.belief <= 1.0 - confidence:
            surely_fails = level.value
    return surely_fails, surely_holds
