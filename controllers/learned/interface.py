"""What a policy sees and moves, as data: it stands in the file of a policy, and is checked when it is read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Literal, get_args

Action = Literal["residual", "position"]
"""What an action changes: the positions that the controller below asks for, or those that it asked for at the start."""


@dataclass(frozen=True, slots=True)
class PolicyInterface:
    """What a policy sees, what it moves, and how often it is asked.

    Attributes:
        kind: Of run that it was made for, `ride` or `foot`.
        action: What it changes: with `residual` it adds to what the controller below commands, gains and torques
            included; with `position` joints are held, by the gains of the start, around where they were then.
        joints: Names of the joints that it moves, one for each number of an action.
        reach: By how much an action of 1 moves each of them [rad].
        hold: Control ticks from one action to the next; on the way a joint goes evenly from one to the other.
        senses: Fields of its observation, in order: names in :data:`controllers.learned.observation.FIELDS`.
    """

    kind: str
    action: Action
    joints: tuple[str, ...]
    reach: tuple[float, ...]
    hold: int
    senses: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: The message says what.
        """
        if self.action not in get_args(Action):
            raise ValueError(f"policy: there is no action {self.action!r}; there are {', '.join(get_args(Action))}")
        if not self.joints or len(set(self.joints)) != len(self.joints):
            raise ValueError("policy: it moves no joint, or one of them twice")
        if len(self.reach) != len(self.joints):
            raise ValueError(f"policy: {len(self.reach)} numbers of reach for {len(self.joints)} joints")
        if not all(isfinite(one) and one > 0.0 for one in self.reach):
            raise ValueError(f"policy: its reach must be above 0 rad, and finite: {self.reach}")
        if self.hold < 1:
            raise ValueError(f"policy: an action holds for {self.hold} ticks; at least one")

    def to_json(self) -> str:
        """As text, for the file of a policy."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> PolicyInterface:
        """From such a text.

        Raises:
            ValueError: It is no such text; the message says what is wrong with it.
        """
        try:
            found = json.loads(text)
            return cls(
                str(found["kind"]), found["action"], tuple(map(str, found["joints"])),
                tuple(float(one) for one in found["reach"]), int(found["hold"]), tuple(map(str, found["senses"])),
            )  # fmt: skip
        except json.JSONDecodeError as error:
            raise ValueError(f"policy: what it says of itself is no JSON: {error}") from None
        except (KeyError, TypeError) as error:
            raise ValueError(f"policy: what it says of itself is not complete: {error}") from None
