"""A timer whose time passes only when somebody works or sleeps, for clocks and loops without waiting."""


class FakeTimer:
    """Monotonic time from a number of its own, and the time of day, which can be set; sleeps end late when told so."""

    def __init__(self):
        self.time, self.day, self.late, self.sleeps = 5_000_000_000, 1_795_000_000_000_000_000, 0, []

    def monotonic_ns(self):
        return self.time

    def wall_ns(self):
        return self.day + self.time

    def sleep_until_ns(self, time):
        self.sleeps.append(time)
        self.time = max(self.time, time) + self.late

    def work(self, seconds):
        self.time += round(seconds * 1e9)

    @property
    def stamp(self):
        """What python-can would stamp a message with now [s]."""
        return self.wall_ns() * 1e-9
