// --pace on in real time: the host gets bytes at the rate of AT+IPR.
#include "tests/integration/trouble/trouble.hpp"

using namespace support;

TEST_CASE("a paced port sends at the rate that is set, within 1 %") {
  const auto rate = GENERATE(9600, 115200);
  Session session({"--pace", "on"});
  session.host.command(fmt::format("AT+IPR={}", rate));
  // Every line of the answer, often enough for two seconds and more.
  std::string line = "AT+QCFG=?";
  while (line.size() < static_cast<std::size_t>(rate / 600)) line += ";+QCFG=?";
  session.host.send(line + "\r");
  session.host.expect("\r");
  const auto start = std::chrono::steady_clock::now();
  const auto text = session.host.read_until("\r\n\r\nOK\r\n", std::chrono::seconds(30));
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  CAPTURE(rate, text.size(), seconds);
  CHECK(static_cast<double>(text.size()) * 10 / seconds == Approx(rate).epsilon(0.01));
}
