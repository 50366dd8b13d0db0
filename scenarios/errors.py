"""The one error that a user can cause and can mend."""


class BadInput(Exception):
    """What was asked cannot be done: a wrong scenario file, key, value, folder or set-up.

    Its message is one line that says what was wrong, where, and what would be right; the command line prints it and
    exits with status 2.
    """

    def __init__(self, message: str) -> None:
        """Fold the message into one line."""
        super().__init__(" ".join(message.split()))
