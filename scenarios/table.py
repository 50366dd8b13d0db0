"""What every table of a scenario file has in common: it cannot be changed, and it knows all of its keys."""

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from scenarios.suggest import suggestion


class Table(BaseModel):
    """A frozen table of a scenario file; quantities are in SI."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: object) -> object:
        """Refuse a key that does not exist, and suggest the one that may have been meant."""
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    hint = suggestion(str(key), cls.model_fields)
                    raise PydanticCustomError(
                        "unknown_key", "unknown key {key}; {hint}", {"key": str(key), "hint": hint}
                    )
        return data

    def replaced(self, **changes: object) -> Self:
        """Give a copy in which some fields differ."""
        return self.model_copy(update=changes)
