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


def _complaint(field: str, detail: str) -> str:
    """The detail with the field in front, unless it begins with it or with its last part."""
    if not field or detail.startswith(field):
        return detail
    subject = detail.split(" ")[0]
    if field.endswith("." + subject):
        return field + detail[len(subject) :]
    return f"{field}: {detail}"


class ControlError(ModemError):
    """The control interface refused a request.

    `status` is that of HTTP; `field` names the member that is to blame ("params.ms"; empty where
    none is), `detail` says what is allowed.
    """

    def __init__(self, status: int, title: str, detail: str, field: str = "") -> None:
        super().__init__(_complaint(field, detail or title))
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field
