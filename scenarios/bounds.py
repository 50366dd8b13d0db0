"""What the command line takes at most, for a slip of the finger to cost a line and not the machine's memory."""

HIGHEST_SEED = 2**32 - 1
"""As the seeds that sweeps draw."""
MOST_RUNS = 100_000
"""Of one command."""
