"""What is asked of the body: scenarios, the runner, metrics, and the command line."""

import os

# The matrices of a ride are small: BLAS threads would only wait for each other. Must come before numpy is imported.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
