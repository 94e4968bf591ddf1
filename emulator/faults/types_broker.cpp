// Faults of the broker, and of who is at its place.
#include "emulator/faults/type_parts.hpp"

namespace emulator::faults {

std::vector<FaultType> broker_types() {
  return {
      {"broker",
       Moment::packet,
       "A packet of the broker is lost, late, repeated or wrong",
       {word("packet", "connack|puback|pubrec|pubcomp|suback|unsuback|pingresp", "which"),
        optional(word("mode", "withhold|late|twice|wrong-id|malformed",
                      "what becomes of it; needed without a code")),
        optional(ms("of late"), "1000"),
        optional(number("code", 0, 255, "its return code, of connack and suback"))}},
      {"broker-disconnect",
       Moment::at_once,
       "The broker closes established links",
       {},
       false,
       true},
      {"message-twice",
       Moment::packet,
       "A message of qos 1 comes once more, with DUP, as though its PUBACK had been lost",
       {}},
      {"message",
       Moment::at_once,
       "The broker sends a message that is hard to read; the answers to it do not reach the broker",
       {text("topic", 1, 1024, "where to, without wildcards"),
        word("payload", "quotes|crlf|ok|stat|binary",
             "what is in it: quotation marks, lines, an OK, a +QMTSTAT, every byte there is"),
        optional(number("qos", 0, 2, "its quality of service"), "0"),
        optional(word("dup", "no|yes", "whether it says that it is repeated"), "no")},
       false,
       true},
      {"retained-flood",
       Moment::packet,
       "Retained messages come behind a SUBACK",
       {number("count", 1, 1000, "how many"),
        optional(text("topic", 1, 1024, "where to; each has its number behind a / more"), "flood"),
        optional(number("bytes", 0, 16'384, "of each payload"), "16")}},
  };
}

std::vector<FaultType> tls_types() {
  return {
      {"tls",
       Moment::open,
       "Somebody stands between a client with TLS and its broker: the handshake meets a "
       "certificate that is "
       "wrong, is cut or comes to nothing; where the module does not mind, the bytes pass on",
       {word("mode", "expired|unknown-ca|wrong-name|stall|cut|version|suite",
             "expired, unknown-ca, wrong-name: the certificate; version, suite: none that the "
             "broker has; "
             "stall: no answer; cut: the end"),
        optional(number("at_byte", 0, longest_answer, "of cut: after so many bytes of the broker"),
                 "0")}},
  };
}

}  // namespace emulator::faults
