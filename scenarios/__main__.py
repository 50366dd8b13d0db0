"""``python -m scenarios`` is ``draisine``."""

from scenarios.cli import main

if __name__ == "__main__":
    main()
