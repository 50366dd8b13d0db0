"""Runs that were done, looked at again: on a page, against each other, and through the controller once more."""
