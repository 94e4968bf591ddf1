"""A fault that is set."""

from __future__ import annotations

from urllib.parse import quote

from .control import Control


class Fault:
    """One thing that goes wrong, until it is removed or has acted as often as it should."""

    def __init__(self, control: Control, path: str, name: str, type: str) -> None:
        self._control = control
        self._path = f"{path}/{quote(name, safe='')}"
        self.name = name
        """By which it is found again, and shown in the journal."""
        self.type = type

    @property
    def applied(self) -> int:
        """How often it has acted so far."""
        return int(self._control.request("GET", self._path)["applied"])

    def remove(self) -> None:
        """It acts no more. One that is gone is a ControlError with status 404."""
        self._control.request("DELETE", self._path)

    def __repr__(self) -> str:
        return f"Fault({self.type!r}, name={self.name!r})"
