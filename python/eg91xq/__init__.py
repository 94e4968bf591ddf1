"""The modem emulator eg91xq from Python: start it, look at it, and make trouble on cue."""

from .errors import ControlError, ModemError, StartError
from .fault import Fault
from .modem import Modem
from .program import Broker, Port, Service

__all__ = [
    "Broker",
    "ControlError",
    "Fault",
    "Modem",
    "ModemError",
    "Port",
    "Service",
    "StartError",
]
