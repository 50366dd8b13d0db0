"""What a count of successes says about their probability."""

from scipy.stats import beta, binomtest

CONFIDENCE = 0.95
"""Of every interval that a study gives."""


def wilson(successes: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Score interval of a probability (Wilson 1927), which stays sensible for none and for all of a few.

    Raises:
        ValueError: There is no trial, or there are more successes than trials.
    """
    interval = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def belief_in(share: float, successes: int, trials: int) -> float:
    """How sure one may be that the probability is at least a share: posterior under Jeffreys' prior, Beta(½, ½)."""
    return float(beta.sf(share, successes + 0.5, trials - successes + 0.5))
