"""A leg for tests of who tells it where to go."""

from controllers.riding.free_leg import Place


class Leg:
    """A leg that is where it was told to go, at once, and remembers what it was told."""

    def __init__(self, side=0):
        self.side = side
        self.behind, self.stretch = -0.05, 0.1
        self.orders = []
        self.reset()

    def reset(self):
        self.where, self.begun = Place.PEDAL, float("-inf")

    @property
    def on_pedal(self):
        return self.where is Place.PEDAL

    def since(self, time):
        return time - self.begun

    def go(self, where, time):
        self.where, self.begun = where, time

    def leave(self, time, *, calmly=False, quickly=False, briskly=False):
        self.orders.append("quickly" if quickly else "calmly" if calmly else "out")
        self.go(Place.BESIDE, time)

    def stand(self, time):
        self.go(Place.GROUND, time)

    def pick_up(self, time, *, calmly=False, briskly=False):
        self.orders.append("up")
        self.go(Place.BACK, time)
