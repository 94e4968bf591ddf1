"""What can go wrong with a modem, aside from what a test expects of it."""

from __future__ import annotations


class ModemError(Exception):
    """The program is not there, does not answer, or ended by itself with an error."""


class StartError(ModemError):
    """The program did not start.

    `exit_code` is None when it did not end but was not ready in time; `stderr` is what it said.
    """

    def __init__(self, what: str, exit_code: int | None, stderr: str) -> None:
        super().__init__(f"{what}: {stderr.strip()}" if stderr.strip() else what)
        self.exit_code = exit_code
        self.stderr = stderr


class ControlError(ModemError):
    """The control interface refused a request.

    `status` is that of HTTP; `field` names the member that is to blame ("params.ms"; empty where
    none is), `detail` says what is allowed.
    """

    def __init__(self, status: int, title: str, detail: str, field: str = "") -> None:
        super().__init__(f"{field}: {detail}" if field else detail or title)
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field
