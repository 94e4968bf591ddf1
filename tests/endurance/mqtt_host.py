"""A host with MQTT clients, each of which comes back whenever its link has ended. It never sends
again what was not confirmed, so that whatever arrives twice was doubled on the way."""

import re
import time

from port import Port

WINDOW = 5  # publishes of a client that may wait for their end
PAUSE = 0.2  # seconds between two attempts to connect
URC = re.compile(r"\+(QMT\w+): (\d+),(.*)")
MESSAGE = re.compile(r'.*"(\d+)"')


class Client:
    def __init__(self, number, qos, topics):
        self.number = number
        self.qos = qos
        self.up, self.down = topics  # what it publishes, and what it subscribes to
        self.state = "down"
        self.again = 0.0
        self.links = 0
        self.is_subscribed = False
        self.message_id = 0
        self.in_flight = {}

    def next_id(self):
        self.message_id = self.message_id % 65535 + 1
        return self.message_id


class MqttHost:
    """`confirmed(client, number)` and `arrived(client, number)` are told what happens."""

    def __init__(self, path, clients, server, events):
        self._port = Port(path, self._hear)
        self._clients = clients
        self._server = server
        self._confirmed, self._arrived = events
        self.ends = 0
        self.heard_at = time.monotonic()
        self._port.boot()
        for client in clients:
            self._port.must(f'AT+QMTCFG="session",{client.number},0')

    def close(self):
        self._port.close()

    def all_up(self):
        return all(client.state == "up" for client in self._clients)

    def has_room(self, client):
        room = WINDOW if client.qos else 1  # what has no id cannot be told apart
        return client.state == "up" and len(client.in_flight) < room

    def publish(self, client, number):
        """False when the module refused it."""
        packet = client.next_id() if client.qos else 0
        payload = str(number).encode()
        client.in_flight[packet] = number
        is_taken = self._port.command(
            f'AT+QMTPUBEX={client.number},{packet},{client.qos},0,"{client.up}",{len(payload)}',
            payload) == "OK"
        if not is_taken:
            client.in_flight.pop(packet, None)
        return is_taken

    def probe(self):
        """Seconds that the module takes for an AT."""
        since = time.monotonic()
        self._port.must("AT")
        return time.monotonic() - since

    def step(self, seconds):
        """Does what the clients need, and hears what comes within so long."""
        for client in self._clients:
            self._go_on(client)
        self._port.pump(seconds)

    def _go_on(self, client):
        if client.state == "broken":
            self._port.command(f"AT+QMTCLOSE={client.number}")
            self._rest(client)
        elif client.state == "down" and time.monotonic() >= client.again:
            self._begin(client, f'AT+QMTOPEN={client.number},"{self._server[0]}",{self._server[1]}')
        elif client.state == "opened":
            self._begin(client, f'AT+QMTCONN={client.number},"modem{client.number}"')
        elif client.state == "connected" and client.is_subscribed:
            client.state = "up"
        elif client.state == "connected":
            self._begin(client, f'AT+QMTSUB={client.number},1,"{client.down}",{client.qos}')

    def _begin(self, client, command):
        client.state = "waiting"
        if self._port.command(command) != "OK":
            client.state = "broken"

    def _rest(self, client):
        client.state = "down"
        client.again = time.monotonic() + PAUSE

    def _hear(self, line):
        self.heard_at = time.monotonic()
        urc = URC.match(line)
        if not urc or int(urc[2]) >= len(self._clients):
            return
        client = self._clients[int(urc[2])]
        if urc[1] == "QMTRECV":
            self._arrived(client, int(MESSAGE.match(urc[3])[1]))
        elif urc[1] == "QMTSTAT":
            self.ends += 1
            client.in_flight.clear()
            self._rest(client)
        elif urc[1] in ("QMTPUB", "QMTPUBEX"):
            self._published(client, *map(int, urc[3].split(",")[:2]))
        elif client.state == "waiting":
            self._advance(client, urc[1], urc[3])

    def _published(self, client, packet, result):
        if result == 1:  # sent again
            return
        number = client.in_flight.pop(packet, None)
        if number is not None and result == 0:
            self._confirmed(client, number)

    @staticmethod
    def _advance(client, command, values):
        wanted = {"QMTOPEN": ("0", "opened"), "QMTCONN": ("0,0", "connected"),
                  "QMTSUB": (f"1,0,{client.qos}", "up")}.get(command)
        if not wanted:
            return
        client.state = wanted[1] if values == wanted[0] else "broken"
        if client.state == "up":
            client.is_subscribed = True
        if client.state == "connected":
            client.links += 1
