"""The matrix of faults: what is to happen when something goes wrong, and what does."""
