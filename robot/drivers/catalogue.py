"""The models of drives that there are: where a wiring file's `model` is looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from robot import parameter_file
from robot.drivers import dialect_file
from robot.drivers.dialect import DriveModel


class DriveCatalogue(Mapping[str, DriveModel]):
    """All models of a dialect file: a mapping from a name to the model with its usual firmware."""

    def __init__(self, models: Mapping[tuple[str, str], DriveModel]) -> None:
        """Hold these models, by name and firmware."""
        self._models = dict(models)

    @classmethod
    def parse(cls, text: str) -> DriveCatalogue:
        """Read the TOML text of a dialect file.

        Raises:
            ValueError: It is no TOML, or something in it is missing, unknown or makes no sense.
        """
        return cls(dialect_file.read(parameter_file.parse(text, "dialect file")))

    def find(self, name: str, firmware: str | None = None) -> DriveModel:
        """The model of a name, with its usual firmware if none is named.

        Raises:
            ValueError: There is none; the message has the name that comes closest, or the firmwares that there are.
        """
        if name not in self:
            close = get_close_matches(name, list(self), 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(self)}"
            raise ValueError(f"there is no drive model {name!r}; {hint}")
        model = self._models.get((name, firmware or ""))
        if model is None:
            known = ", ".join(repr(other) for other in self.firmwares(name)) or "none but the usual one"
            raise ValueError(f"drive model {name!r} has no firmware {firmware!r}; there are {known}")
        return model

    def firmwares(self, name: str) -> list[str]:
        """The firmwares of a model besides its usual one."""
        return [firmware for known, firmware in self._models if known == name and firmware]

    @property
    def all(self) -> tuple[DriveModel, ...]:
        """Every model with every firmware, in the order of the file."""
        return tuple(self._models.values())

    def __getitem__(self, name: str) -> DriveModel:
        return self._models[name, ""]

    def __iter__(self) -> Iterator[str]:
        return (name for name, firmware in self._models if not firmware)

    def __len__(self) -> int:
        return sum(1 for _ in self)
