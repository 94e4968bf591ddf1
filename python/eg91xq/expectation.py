"""What a test expects to find among the events of a journal, decided event by event."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional, Union

#: The kinds of events that a journal has.
KINDS = (
    "rx tx command result urc prompt data link packet client stat device fault lint control time"
    " timer wire"
).split()

Event = dict[str, Any]
Pattern = Union[str, Mapping[str, Any]]

NEAREST = 3
"""Misses that are told, for each pattern."""

_BYTES = ("rx", "tx", "wire")
_HIDDEN = ("seq", "t", "kind", "bytes", "channel")


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def as_text(event: Event) -> str:
    """An event in one line, for people: number, virtual seconds, kind, and what it says."""
    said = [
        str(value) if name in ("line", "text") else f"{name}={_plain(value)}"
        for name, value in sorted(event.items(), key=lambda item: item[0] not in ("line", "text"))
        if name not in _HIDDEN or (name == "bytes" and "text" not in event)
    ]
    where = event.get("channel", "")
    return f"#{event['seq']:<5} {event['t']:11.6f}  {event['kind']:<8} {where:<6} {' '.join(said)}"


def _texts(event: Event) -> Iterable[str]:
    for name in ("line", "topic", "text"):
        if isinstance(event.get(name), str):
            yield event[name]


class Wanted:
    """One event that is wanted: a regular expression, or the members that it has.

    The expression is searched in `line`, `topic` and `text` of any event but what the test itself
    asked of the control interface. Of members a text is an expression too, others have to be equal.
    """

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        if isinstance(pattern, str):
            self._expression = re.compile(pattern)
            return
        if not isinstance(pattern.get("kind"), str):
            raise ValueError(f"a pattern needs the kind of event: {dict(pattern)!r}")
        self._members = {
            name: re.compile(value) if isinstance(value, str) else value
            for name, value in pattern.items()
            if name != "kind"
        }

    def misfits(self, event: Event) -> Optional[list[str]]:
        """Why the event is not it, member by member; None when it cannot be meant."""
        if isinstance(self.pattern, str):
            texts = [] if event["kind"] == "control" else list(_texts(event))
            if not texts:
                return None
            return [] if any(self._expression.search(text) for text in texts) else ["no match"]
        if event["kind"] != self.pattern["kind"]:
            return None
        return [
            f"{name} is {event[name]!r}" if name in event else f"it has no {name}"
            for name, value in self._members.items()
            if name not in event or not self._is(value, event[name])
        ]

    @staticmethod
    def _is(wanted: Any, value: Any) -> bool:
        if isinstance(wanted, re.Pattern):
            return wanted.search(_plain(value)) is not None
        return bool(wanted == value) and isinstance(wanted, bool) == isinstance(value, bool)

    def fits(self, event: Event) -> bool:
        return self.misfits(event) == []

    def nearest(self, events: Iterable[Event]) -> list[tuple[Event, str]]:
        """The events that come nearest, the best first, with what is wrong with each."""
        misses = []
        for event in events:
            misfits = self.misfits(event)
            if not misfits:
                continue
            likeness = 0.0
            if isinstance(self.pattern, str):
                plain = re.sub(r"\\(.)", r"\1", self.pattern)
                likeness = max(
                    difflib.SequenceMatcher(None, plain, text).ratio() for text in _texts(event)
                )
            misses.append((len(misfits), -likeness, -event["seq"], event, ", ".join(misfits)))
        misses.sort(key=lambda miss: miss[:3])
        return [(event, why) for _, _, _, event, why in misses[:NEAREST]]


class Expectation:
    """Is shown events in their order. One event satisfies at most one pattern, the first that is
    still open; with `ordered` only the next one's turn has come.

    What goes over a port is in the journal twice, as bytes and as a line. An expression takes the
    line; it takes bytes only where no line has it (a payload, half an answer): see `in_bytes`.
    """

    def __init__(
        self, patterns: Sequence[Pattern], ordered: bool = False, none: Sequence[Pattern] = ()
    ) -> None:
        self._all = [Wanted(pattern) for pattern in patterns]
        self._none = [Wanted(pattern) for pattern in none]
        self._none_patterns = none
        self._ordered = ordered
        self._matched: list[Optional[Event]] = [None] * len(self._all)
        self._in_bytes: set[int] = set()
        self._offence: Optional[tuple[Event, Pattern]] = None
        self.events: list[Event] = []
        self.lost = 0  # events that nobody can be shown any more

    @property
    def decided(self) -> bool:
        return self._offence is not None or (bool(self._all) and self.complete)

    @property
    def complete(self) -> bool:
        """Whether all came, and nothing that should not have."""
        return self._offence is None and None not in self._matched

    @property
    def matched(self) -> list[Event]:
        """The events that came, in the order of the patterns."""
        return [event for event in self._matched if event is not None]

    def see(self, event: Event) -> None:
        if self.decided:
            return
        self.events.append(event)
        for wanted in self._none:
            if wanted.fits(event):
                self._offence = (event, wanted.pattern)
                return
        for i, wanted in enumerate(self._all):
            if self._matched[i] is not None:
                continue
            if self._may_be(i, event) and wanted.fits(event):
                self._matched[i] = event
                return
            if self._ordered:
                return

    def _may_be(self, i: int, event: Event) -> bool:
        by_line = isinstance(self._all[i].pattern, str) and i not in self._in_bytes
        return not (by_line and event["kind"] in _BYTES)

    def in_bytes(self) -> Expectation:
        """The same over again, once nothing more comes: expressions that no line has are looked
        for in the bytes of the port."""
        again = Expectation([w.pattern for w in self._all], self._ordered, self._none_patterns)
        lines = [event for event in self.events if event["kind"] not in _BYTES]
        again._in_bytes = {
            i for i, wanted in enumerate(self._all) if not any(map(wanted.fits, lines))
        }
        again.lost = self.lost
        for event in self.events:
            again.see(event)
        return again

    def miss(self, within: float) -> str:
        """What is missing, with the nearest misses, to be read by people."""
        lines = []
        if self._offence is not None:
            event, pattern = self._offence
            lines += [f"this was not to come: {pattern!r}", f"    {as_text(event)}"]
        else:
            missing = self._matched.count(None)
            lines.append(f"{missing} of {len(self._all)} did not come within {within:g} s:")
        for wanted, came in zip(self._all, self._matched):
            if came is not None:
                lines += [f"  came: {wanted.pattern!r}", f"    {as_text(came)}"]
                continue
            lines.append(f"  missing: {wanted.pattern!r}")
            near = wanted.nearest(e for e in self.events if e not in self.matched)
            lines += [f"    {as_text(event)}  ({why})" for event, why in near]
            if not near:
                lines.append("    nothing of that kind came")
        return "\n".join(lines)
