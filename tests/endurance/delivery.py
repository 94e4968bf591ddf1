#!/usr/bin/env python3
"""What was confirmed arrives: messages from the modem's port to a second client of the broker and
back, while links are cut and the broker is restarted. delivery.py EG91XQ [--cuts N] [--restarts N]
[MESSAGES]; scripts/delivery says more."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from mqtt_host import Client, MqttHost
from programs import MOSQUITTO, PATIENCE, Broker, Modem, Words, skip

try:
    from paho.mqtt.client import Client as Paho
except ModuleNotFoundError:
    skip("there is no python3-paho-mqtt")

QUALITIES = (1, 2)
OUTSTANDING = 40  # messages of a course that the second client may be ahead of the modem


class Course:
    """Messages of one qos in one direction, by number."""

    def __init__(self, name, qos, share):
        self.name = name
        self.qos = qos
        self.share = share
        self.sent = 0
        self.confirmed = set()
        self.arrived = Counter()
        self.doubled_by_broker = Counter()

    def next(self):
        self.sent += 1
        return self.sent

    def lost(self):
        return len(self.confirmed - self.arrived.keys())

    def doubled(self):
        return sum(count - 1 for count in self.arrived.values())

    def doubled_on_the_way(self):
        """Without what the broker sent as two messages."""
        return sum(max(0, count - 1 - self.doubled_by_broker[number])
                   for number, count in self.arrived.items())

    def is_broken(self):
        return self.lost() > 0 or (self.qos == 2 and self.doubled_on_the_way() > 0)

    def __str__(self):
        text = (f"{self.name}, qos {self.qos}: {len(self.confirmed)} confirmed of {self.sent}, "
                f"{self.lost()} lost, {self.doubled()} doubled")
        if self.qos == 2 and self.doubled():
            text += f", {self.doubled() - self.doubled_on_the_way()} of them by the broker"
        return text


class Peer:
    """The second client. Its library sends again what was not confirmed."""

    def __init__(self, port, ups, downs):
        self._ups = {f"up/{course.qos}": course for course in ups}
        self._downs = downs
        self._pending = {}
        self._published = deque()
        self._paho = Paho("peer", clean_session=False)
        self._paho.max_queued_messages_set(0)
        self._paho.reconnect_delay_set(0.2, 0.2)
        self._paho.on_connect = self._subscribe
        self._paho.on_message = self._hear
        self._paho.on_publish = lambda _paho, _data, packet: self._published.append(packet)
        self.is_subscribed = False
        self._paho.on_subscribe = self._note_subscription
        self._paho.connect("127.0.0.1", port)
        self._paho.loop_start()

    def close(self):
        self._paho.disconnect()
        self._paho.loop_stop()

    def feed(self):
        """Publishes what there is room for, and notes what was confirmed."""
        while self._published:
            course, number = self._pending.pop(self._published.popleft())
            course.confirmed.add(number)
        for course in self._downs:
            while (course.sent < course.share
                   and course.sent - len(course.arrived) < OUTSTANDING):
                number = course.next()
                sent = self._paho.publish(f"down/{course.qos}", str(number), course.qos)
                self._pending[sent.mid] = (course, number)

    def _subscribe(self, _paho, _data, _flags, _code):
        if not self.is_subscribed:
            self._paho.subscribe("up/+", 2)

    def _note_subscription(self, _paho, _data, _packet, _granted):
        self.is_subscribed = True

    def _hear(self, _paho, _data, message):
        self._ups[message.topic].arrived[int(message.payload)] += 1


class Relay:
    """Links that can be cut, and a witness of what passes on them."""

    def __init__(self, broker):
        script = Path(__file__).with_name("relay.py")
        self._process = subprocess.Popen([sys.executable, script, str(broker)], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self._process.stdout.readline())

    def tell(self, what):
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()

    def doubled(self):
        """Messages ("TOPIC NUMBER") that the broker itself has doubled."""
        self.tell("doubled")
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()


class Delivery:
    """All of it. What it starts ends with `ends`."""

    def __init__(self, options, directory, ends):
        share = options.messages // (2 * len(QUALITIES))
        self.ups = [Course("to the broker", qos, share) for qos in QUALITIES]
        self.downs = [Course("to the modem", qos, share) for qos in QUALITIES]
        self.courses = self.ups + self.downs
        # Mosquitto 2.0.11 never takes what a link's end left half confirmed out of its window.
        self.broker = Broker(directory, persistent=True, lines=["max_inflight_messages 0"])
        ends.callback(self.broker.end)
        self.relays = [Relay(self.broker.port) for _ in range(2)]
        for relay in self.relays:
            ends.callback(relay.close)
        journal = ["--journal", directory / "journal"] if options.keep else []
        self.modem = Modem(options.program, directory, "--demo-broker", "off", *journal)
        ends.callback(self.modem.end)
        self.clients = [Client(number, qos, (f"up/{qos}", f"down/{qos}"))
                        for number, qos in enumerate(QUALITIES)]
        self.host = MqttHost(self.modem.port, self.clients, ("127.0.0.1", self.relays[0].port),
                             (self._confirmed, self._arrived))
        ends.callback(self.host.close)
        self.peer = Peer(self.relays[1].port, self.ups, self.downs)
        ends.callback(self.peer.close)
        self.cuts = self.restarts = 0

    def _confirmed(self, client, number):
        self.ups[client.number].confirmed.add(number)

    def _arrived(self, client, number):
        self.downs[client.number].arrived[number] += 1

    def cut(self):
        self.relays[0].tell(("reset", "close")[self.cuts % 2])
        self.cuts += 1

    def restart(self):
        self.broker.end(signal.SIGTERM)
        self.broker.start()
        self.restarts += 1

    def hear_witnesses(self):
        topics = {f"{way}/{course.qos}": course for way, courses in
                  (("up", self.ups), ("down", self.downs)) for course in courses}
        for relay in self.relays:
            for message, count in relay.doubled().items():
                topic, number = message.split()
                topics[topic].doubled_by_broker[int(number)] += count

    def progress(self):
        return sum(course.sent for course in self.courses)

    def step(self):
        is_busy = False
        for client, course in zip(self.clients, self.ups):
            if course.sent < course.share and self.host.has_room(client):
                is_busy = self.host.publish(client, course.next())
        self.peer.feed()
        self.host.step(0 if is_busy else 0.02)

    def is_sent(self):
        return (all(course.sent == course.share for course in self.courses)
                and not any(client.in_flight for client in self.clients)
                and all(len(course.confirmed) == course.sent for course in self.downs))

    def run(self, troubles):
        """`troubles`: what is done at which share of all messages."""
        total = sum(course.share for course in self.courses)
        ticker = Ticker(total)
        while not (self.host.all_up() and self.peer.is_subscribed):
            self.host.step(0.02)
        while not self.is_sent():
            self.step()
            if troubles and self.progress() >= troubles[0][0] * total and self.host.all_up():
                troubles.pop(0)[1]()
            ticker.tick(self)
        moved = time.monotonic()
        seen = None
        while any(course.lost() for course in self.courses):
            self.step()
            ticker.tick(self)
            now_seen = [len(course.arrived) for course in self.courses]
            if now_seen != seen:
                seen, moved = now_seen, time.monotonic()
            if time.monotonic() - moved > PATIENCE:
                return


class Ticker:
    """A line of progress every two seconds; without any progress, the end."""

    def __init__(self, total):
        self._total = total
        self._start = self._last = self._moved = time.monotonic()
        self._seen = None

    def tick(self, delivery):
        now = time.monotonic()
        if now - self._last < 2:
            return
        self._last = now
        confirmed = sum(len(course.confirmed) for course in delivery.courses)
        if confirmed != self._seen:
            self._seen, self._moved = confirmed, now
        if now - self._moved > PATIENCE:
            raise AssertionError(f"nothing was confirmed for {PATIENCE} s")
        print(f"{now - self._start:5.0f} s: {confirmed} of {self._total} confirmed, "
              f"{delivery.cuts} cuts, {delivery.restarts} restarts", flush=True)


def troubles_of(delivery, options):
    def spread(count, action):
        return [((turn + 0.5) / count, action) for turn in range(count)]

    cuts = max(2, options.messages // 4000) if options.cuts is None else options.cuts
    return sorted(spread(cuts, delivery.cut) + spread(options.restarts, delivery.restart),
                  key=lambda trouble: trouble[0])


def read_words():
    parser = Words(prog="delivery")
    parser.add_argument("program")
    parser.add_argument("messages", nargs="?", type=int, default=100_000)
    parser.add_argument("--cuts", type=int, help="of the modem's links (one for 4000 messages)")
    parser.add_argument("--restarts", type=int, default=5, help="of the broker")
    parser.add_argument("--keep", metavar="DIRECTORY", help="for logs and the modem's journal")
    options = parser.parse_intermixed_args()
    if options.messages < 2 * len(QUALITIES):
        parser.error(f"at least {2 * len(QUALITIES)} messages")
    return options


def main():
    options = read_words()
    start = time.monotonic()
    with ExitStack() as ends:
        directory = options.keep or ends.enter_context(
            tempfile.TemporaryDirectory(prefix="eg91xq-delivery-"))
        directory = Path(directory)
        directory.mkdir(exist_ok=True)
        delivery = Delivery(options, directory, ends)
        delivery.run(troubles_of(delivery, options))
        delivery.hear_witnesses()
    seconds = time.monotonic() - start
    for course in delivery.courses:
        print(course)
    confirmed = sum(len(course.confirmed) for course in delivery.courses)
    lost = sum(course.lost() for course in delivery.courses)
    print(f"{confirmed} confirmed in {seconds:.0f} s ({confirmed / seconds:.0f}/s), {lost} lost, "
          f"{delivery.cuts} cuts, {delivery.restarts} restarts, {delivery.host.ends} links ended")
    return 1 if any(course.is_broken() for course in delivery.courses) else 0


if __name__ == "__main__":
    if not MOSQUITTO:
        skip("there is no mosquitto")
    sys.exit(main())
