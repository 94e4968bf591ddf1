"""What the firmware makes of a modem that misbehaves on cue.

pip install ./python && pytest examples/pytest
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from eg91xq import Modem
from firmware import Firmware

PUBLISHED = {"kind": "packet", "type": "publish", "topic": "^plant/1$"}
ARRIVED = {"kind": "urc", "line": r"^\+QMTPUBEX: 0,1,0$"}


@pytest.fixture
def firmware(modem: Modem) -> Iterator[Firmware]:
    firmware = Firmware(modem.port)
    yield firmware
    firmware.close()


def test_a_reading_arrives(modem: Modem, firmware: Firmware) -> None:
    assert firmware.publish("21.5")
    modem.expect(PUBLISHED, ARRIVED, ordered=True, none={"kind": "lint"})
    assert firmware.attempts == 1


def test_a_reset_in_mid_publish(modem: Modem, firmware: Firmware) -> None:
    modem.fault("reset", command="^\\+QMTPUBEX", count=1, of="data", at_byte=3)
    assert firmware.publish("21.5")
    modem.expect({"kind": "fault", "type": "reset"}, "^RDY$", PUBLISHED, ARRIVED, ordered=True)
    assert firmware.attempts == 2


def test_a_slow_reply(modem: Modem, firmware: Firmware) -> None:
    slow = modem.fault("reply-delay", command="^\\+QMTPUBEX", ms=300)
    assert firmware.publish("21.5")
    assert (slow.applied, firmware.attempts) == (1, 1)
    modem.expect(ARRIVED)


def test_a_lost_registration(modem: Modem, firmware: Firmware) -> None:
    modem.fault("registration", mode="lost")
    assert not firmware.publish("21.5", attempts=1)
    modem.expect({"kind": "device", "what": "registration", "value": "searching|none"})
    modem.clear_faults()
    modem.expect({"kind": "device", "what": "registration", "value": "home"})
    assert firmware.publish("21.5")
    modem.expect(ARRIVED)
