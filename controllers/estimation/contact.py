"""Whether a foot stands, from the load on it and from what was planned."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactParameters:
    """Vertical loads [N], but for the last.

    Attributes:
        lift: A foot that stands has left the ground below this load.
        touch: A foot that is planned to stand has touched down above this load.
        touch_early: A foot that is planned to swing has, above this one.
        sure: Above this load on top of `lift` a standing foot is trusted in full.
        given: Time from the start for which a foot stands whatever it bears: the drives' torques only begin [s].
    """

    lift: float = 20.0
    touch: float = 40.0
    touch_early: float = 220.0
    sure: float = 40.0
    given: float = 0.05


class Contact:
    """The contact of one foot: a switch with hysteresis, and how sure it is.

    Attributes:
        stands: Whether the foot is on the ground.
        confidence: 0 for a foot in the air, up to 1 for one that bears a good load.
    """

    def __init__(self, period: float, parameters: ContactParameters) -> None:
        """Prepare for loads that come every `period` [s]."""
        self._parameters = parameters
        self._first = round(parameters.given / period)
        self.reset()

    def reset(self) -> None:
        """Stand."""
        self._given = self._first
        self.stands, self.confidence = True, 1.0

    def update(self, load: float, planned: bool) -> None:
        """Take in the load on the foot [N], and whether it is planned to stand."""
        p = self._parameters
        if self._given > 0:
            self._given -= 1
            return
        if self.stands:
            self.stands = load > p.lift
        else:
            self.stands = load > (p.touch if planned else p.touch_early)
        self.confidence = min(1.0, max(0.0, (load - p.lift) / p.sure)) if self.stands else 0.0
