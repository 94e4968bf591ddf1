#!/usr/bin/env python3
"""Stands between clients and their broker: relay.py PORT. Prints the port that it listens at. Lines
on standard input: `reset` or `close` ends all links that way, `doubled` asks for what the broker
itself has doubled, as JSON. Ends with its standard input."""

import contextlib
import json
import socket
import struct
import sys
import threading
from collections import Counter, defaultdict

CONNECT, PUBLISH, PUBREL = 1, 3, 6


def string_at(packet, offset):
    size = int.from_bytes(packet[offset:offset + 2], "big")
    return packet[offset + 2:offset + 2 + size]


class Packets:
    """A way of a link, packet by packet: first byte and what is behind the length."""

    def __init__(self):
        self._bytes = b""

    def add(self, data):
        self._bytes += data
        while (found := self._next()) is not None:
            yield found

    def _next(self):
        size = shift = 0
        for at, byte in enumerate(self._bytes[1:5], 2):
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                if len(self._bytes) < at + size:
                    return None
                packet = self._bytes[0], self._bytes[at:at + size]
                self._bytes = self._bytes[at + size:]
                return packet
        return None


class Witness:
    """A PUBLISH of qos 2 that comes again behind its PUBREL is the broker's doing (forbidden by
    MQTT-4.3.3), and no receiver can know it for the same one. Mosquitto 2.0.11 does it when a link
    ends twice, or when it is restarted, before the PUBCOMP."""

    def __init__(self):
        self._exchanges = defaultdict(dict)
        self.doubled = Counter()

    def saw(self, client, head, body):
        exchanges = self._exchanges[client]
        if head >> 4 == PUBLISH and head >> 1 & 3 == 2:
            topic = string_at(body, 0)
            packet = body[2 + len(topic):4 + len(topic)]
            message = f"{topic.decode()} {body[4 + len(topic):].decode()}"
            if exchanges.get(packet) == (message, True):
                self.doubled[message] += 1
            exchanges[packet] = (message, False)
        elif head >> 4 == PUBREL and body in exchanges:
            exchanges[body] = (exchanges[body][0], True)


class Link:
    def __init__(self, client, broker, witness):
        self._ends = (client, broker)
        self._witness = witness
        self._name = b""
        for end in self._ends:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for way in ((client, broker, self._asked), (broker, client, self._told)):
            threading.Thread(target=self._pass, args=way, daemon=True).start()

    def cut(self, resets=False):
        for end in self._ends:
            with contextlib.suppress(OSError):  # it may have ended by itself
                if resets:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # A thread that waits in recv() keeps a socket open that is only closed.
                end.shutdown(socket.SHUT_RD)
            end.close()

    def _pass(self, source, sink, note):
        packets = Packets()
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                for head, body in packets.add(data):
                    note(head, body)
                sink.sendall(data)
        self.cut()

    def _asked(self, head, body):
        if head >> 4 == CONNECT:
            self._name = string_at(body, 10)

    def _told(self, head, body):
        self._witness.saw(self._name, head, body)


class Relay:
    def __init__(self, broker):
        self._broker = broker
        self._links = []
        self.witness = Witness()
        self._listener = socket.create_server(("127.0.0.1", 0))
        print(self._listener.getsockname()[1], flush=True)
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, resets):
        links, self._links = self._links, []
        for link in links:
            link.cut(resets)

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            try:
                broker = socket.create_connection(("127.0.0.1", self._broker))
            except OSError:
                client.close()
                continue
            self._links.append(Link(client, broker, self.witness))


if __name__ == "__main__":
    relay = Relay(int(sys.argv[1]))
    for line in sys.stdin:
        if line.strip() == "doubled":
            print(json.dumps(relay.witness.doubled), flush=True)
        else:
            relay.cut(line.strip() == "reset")
