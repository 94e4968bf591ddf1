"""The clock that all modems of a program share."""

from __future__ import annotations

from typing import Optional

from .control import ANSWER_S, Json


class Clock:
    """What a modem's test does to time."""

    def time(self, scale: Optional[float] = None) -> Json:
        """The clock of all modems of the program: `now` (virtual seconds), `scale`, `paused` and
        `skip`; `scale` (virtual seconds in a real one) changes it."""
        return self._clock("GET") if scale is None else self._clock("PATCH", {"scale": scale})

    def pause(self, paused: bool = True) -> Json:
        """The clock stands, or goes on with `pause(False)`. Brokers do not notice."""
        return self._clock("PATCH", {"paused": paused})

    def skip(self, skip: bool = True) -> Json:
        """While ports, sockets and the control interface are quiet and no answer is under way, the
        clock leaps to the next timer."""
        return self._clock("PATCH", {"skip": skip})

    def advance(self, by: Optional[float] = None, until: Optional[str] = None) -> Json:
        """While it is paused, the clock goes on `by` virtual seconds, or until it is "idle": no
        timer is left but those that renew themselves. Returns what time is then."""
        wanted = {"by": by, "until": until}
        body = {name: value for name, value in wanted.items() if value is not None}
        return self._request("POST", "/v1/time/advance", body, None)

    def _clock(self, method: str, wanted: Optional[Json] = None) -> Json:
        return self._request(method, "/v1/time", wanted)

    def _request(
        self,
        method: str,
        path: str,
        body: Optional[Json] = None,
        timeout: Optional[float] = ANSWER_S,
        **query: object,
    ) -> Json:
        raise NotImplementedError
