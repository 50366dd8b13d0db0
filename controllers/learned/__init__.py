"""A learned policy as one more controller: what it sees, what it changes, and how it is put behind the interface."""
