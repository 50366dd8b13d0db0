"""The entry of the command line: one clear line and status 2 for whatever the user can mend."""

import os
import select
import sys

from scenarios.errors import BadInput

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> None:
    """Run ``draisine`` and exit: 0 passed, 1 a criterion failed, 2 bad input or set-up, 130 interrupted."""
    for variable in _THREADS:  # small matrices only: more threads cost time, and the order of their sums
        os.environ.setdefault(variable, "1")
    try:
        from scenarios.commands import run_command_line

        status = run_command_line()
    except BadInput as error:
        status = _complain(str(error))
    except ModuleNotFoundError as error:
        status = _complain(f"the package {error.name!r} is missing; run: pip install 'draisine[sim,video,web]'")
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _nobody_reads():
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            status = 2
        else:
            status = _complain(f"{error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _nobody_reads() -> bool:
    """Whether the other end of the standard output is closed."""
    output = select.poll()
    output.register(1, 0)
    return bool(output.poll(0))


def _complain(message: str) -> int:
    print(f"draisine: {message}", file=sys.stderr)
    return 2
