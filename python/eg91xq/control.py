"""The control interface of a program that runs: JSON over HTTP, on TCP or a Unix socket.

Each request has a connection of its own, so that several threads may ask at once.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Optional
from urllib.parse import urlencode

from .errors import ControlError, ModemError

Json = dict[str, Any]

ANSWER_S = 30.0
"""Seconds that an ordinary request may take."""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: Optional[float]) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _hang_up(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is over already


class Stream:
    """JSON lines as they come, until the server or `stop` ends them."""

    def __init__(self, sock: socket.socket, response: http.client.HTTPResponse) -> None:
        self._sock = sock
        self._response = response

    def __iter__(self) -> Iterator[Json]:
        try:
            for line in self._response:
                yield json.loads(line)
        except (OSError, http.client.HTTPException, ValueError):
            return  # broken off

    def stop(self) -> None:
        """Ends the lines; from any thread, and more than once."""
        _hang_up(self._sock)


class Alarm:
    """A request whose answer tells that time is over. May be stopped from any thread."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        assert connection.sock is not None
        self._connection = connection
        self._sock: socket.socket = connection.sock
        self._answer: Optional[tuple[int, str, bytes]] = None

    def wait(self) -> None:
        """Returns with the answer, or when it is stopped."""
        try:
            response = self._connection.getresponse()
            self._answer = (response.status, response.reason, response.read())
        except (OSError, http.client.HTTPException):
            pass

    def check(self) -> None:
        """A ControlError if it was refused."""
        if self._answer is not None:
            _checked(*self._answer)

    def stop(self) -> None:
        _hang_up(self._sock)


class Control:
    """Requests to `address`: "http://HOST:PORT" or "unix:PATH"; `token` as of --control-token."""

    def __init__(self, address: str, token: Optional[str] = None) -> None:
        self.address = address
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def request(
        self,
        method: str,
        path: str,
        body: Optional[Json] = None,
        timeout: Optional[float] = ANSWER_S,
        **query: object,
    ) -> Json:
        """The body of the answer. A refusal is a ControlError, no answer a ModemError."""
        connection = self._connection(timeout)
        try:
            response = self._ask(connection, method, path, body, query, "application/json")
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise ModemError(f"no answer from {self.address}: {error!r}") from error
        finally:
            connection.close()
        return _checked(response.status, response.reason, text)

    @contextmanager
    def stream(self, path: str, **query: object) -> Iterator[Stream]:
        """What `path` says as lines of JSON, for as long as the context lasts."""
        connection = self._connection(None)
        try:
            connection.connect()
            # The response takes it away from the connection when it is to be closed at its end.
            sock = connection.sock
            response = self._ask(connection, "GET", path, None, query, "application/x-ndjson")
            if response.status != 200:
                _checked(response.status, response.reason, response.read())
            yield Stream(sock, response)
            response.close()
        except (OSError, http.client.HTTPException) as error:
            raise ModemError(f"no answer from {self.address}: {error!r}") from error
        finally:
            connection.close()

    @contextmanager
    def alarm(self, path: str, body: Json) -> Iterator[Alarm]:
        """A request that is answered some time, for as long as the context lasts."""
        connection = self._connection(None)
        try:
            connection.connect()
            self._send(connection, "POST", path, body, {}, "application/json")
            yield Alarm(connection)
        except OSError as error:
            raise ModemError(f"no answer from {self.address}: {error!r}") from error
        finally:
            connection.close()

    def _connection(self, timeout: Optional[float]) -> http.client.HTTPConnection:
        if self.address.startswith("unix:"):
            return _UnixConnection(self.address[len("unix:") :], timeout)
        return http.client.HTTPConnection(self.address[len("http://") :], timeout=timeout)

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: Optional[Json],
        query: dict[str, object],
        accept: str,
    ) -> http.client.HTTPResponse:
        self._send(connection, method, path, body, query, accept)
        return connection.getresponse()

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: Optional[Json],
        query: dict[str, object],
        accept: str,
    ) -> None:
        headers = {**self._headers, "Accept": accept}
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        given = {name: value for name, value in query.items() if value is not None}
        target = path + ("?" + urlencode(given) if given else "")
        connection.request(method, target, content, headers)


def _checked(status: int, reason: str, text: bytes) -> Json:
    try:
        answer = json.loads(text) if text else {}
    except ValueError:
        answer = {"detail": text.decode(errors="replace")}
    if status < 400:
        return dict(answer)
    detail, field = str(answer.get("detail", "")), str(answer.get("field", ""))
    raise ControlError(status, str(answer.get("title", reason)), detail, field)
