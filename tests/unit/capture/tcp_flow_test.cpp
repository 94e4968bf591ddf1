// The story of a connection, packet by packet.
#include "capture/tcp_flow.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace capture;

namespace {

using Lines = std::vector<std::string>;

std::uint32_t number(std::string_view packet, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t byte = 0; byte < 4; ++byte)
    value = (value << 8U) | static_cast<unsigned char>(packet[at + byte]);
  return value;
}

std::string flag_names(unsigned char flags) {
  std::string names;
  for (const auto& [bit, name] :
       {std::pair{0x02U, 'S'}, {0x01U, 'F'}, {0x04U, 'R'}, {0x08U, 'P'}, {0x10U, 'A'}})
    if ((flags & bit) != 0) names += name;
  return names;
}

/// A flow, and its IPv4 packets since they were last asked for: "near PA SEQUENCE ACK LENGTH".
struct Bench {
  explicit Bench(Side opener = Side::near, std::uint32_t near_start = 0x10000000,
                 std::uint32_t far_start = 0x20000000) {
    flow.emplace(
        TcpFlow::Ends{.near = Endpoint::v4({10, 0, 0, 2}, 0xC001),
                      .far = Endpoint::v4({10, 0, 0, 1}, 1883),
                      .opener = opener,
                      .near_start = near_start,
                      .far_start = far_start},
        [this](Direction direction, const std::string& packet) { take(direction, packet); });
  }

  void take(Direction direction, std::string_view packet) {
    constexpr std::size_t ip = 20;
    const bool is_near = direction == Direction::sent;
    CHECK(packet[15] == (is_near ? 2 : 1));
    CHECK(packet[19] == (is_near ? 1 : 2));
    CHECK(internet_checksum(packet.substr(12),
                            static_cast<std::uint32_t>(6 + packet.size() - ip)) == 0);
    const std::size_t header = (static_cast<unsigned char>(packet[ip + 12]) >> 4U) * 4U;
    const auto bytes = packet.substr(ip + header);
    lines.push_back(fmt::format("{} {} {:08X} {:08X} {}", is_near ? "near" : "far",
                                flag_names(static_cast<unsigned char>(packet[ip + 13])),
                                number(packet, ip + 4), number(packet, ip + 8), bytes.size()));
    data += bytes;
  }

  Lines told() { return std::exchange(lines, {}); }

  Lines lines;
  std::string data;
  std::optional<TcpFlow> flow;
};

}  // namespace

TEST_CASE("a connection that the module opens") {
  Bench bench;
  CHECK(bench.told() == Lines{"near S 10000000 00000000 0", "far SA 20000000 10000001 0",
                              "near A 10000001 20000001 0"});
  CHECK_FALSE(bench.flow->is_over());
}

TEST_CASE("a connection that the other side opens") {
  Bench bench(Side::far);
  CHECK(bench.told() == Lines{"far S 20000000 00000000 0", "near SA 10000000 20000001 0",
                              "far A 20000001 10000001 0"});
}

TEST_CASE("data is acknowledged, both ways") {
  Bench bench;
  bench.told();
  bench.flow->passed(Direction::sent, "hello");
  bench.flow->passed(Direction::received, "hi\n");
  bench.flow->passed(Direction::received, "");
  bench.flow->passed(Direction::sent, "x");
  CHECK(bench.told() == Lines{"near PA 10000001 20000001 5", "far A 20000001 10000006 0",
                              "far PA 20000001 10000006 3", "near A 10000006 20000004 0",
                              "near PA 10000006 20000004 1", "far A 20000004 10000007 0"});
  CHECK(bench.data == "hellohi\nx");
}

TEST_CASE("much data is cut, and each piece acknowledged") {
  Bench bench;
  bench.told();
  std::string bytes;
  while (bytes.size() < 2 * TcpFlow::max_segment + 1)
    bytes += static_cast<char>(bytes.size() % 251);
  bench.flow->passed(Direction::received, bytes);
  CHECK(bench.told() == Lines{"far PA 20000001 10000001 16384", "near A 10000001 20004001 0",
                              "far PA 20004001 10000001 16384", "near A 10000001 20008001 0",
                              "far PA 20008001 10000001 1", "near A 10000001 20008002 0"});
  CHECK(bench.data == bytes);
}

TEST_CASE("sequence numbers go round") {
  SECTION("within data") {
    Bench bench(Side::near, 0xFFFFFFFC, 0xFFFFFFFF);
    bench.flow->passed(Direction::sent, "12345");
    bench.flow->passed(Direction::received, "123");
    bench.flow->ended(Ending::finished_by_near);
    CHECK(bench.told() == Lines{"near S FFFFFFFC 00000000 0", "far SA FFFFFFFF FFFFFFFD 0",
                                "near A FFFFFFFD 00000000 0", "near PA FFFFFFFD 00000000 5",
                                "far A 00000000 00000002 0", "far PA 00000000 00000002 3",
                                "near A 00000002 00000003 0", "near FA 00000002 00000003 0",
                                "far A 00000003 00000003 0"});
  }
  SECTION("with a FIN") {
    Bench bench(Side::near, 0xFFFFFFFD);
    bench.flow->passed(Direction::sent, "1");
    bench.told();
    bench.flow->ended(Ending::finished_by_near);
    CHECK(bench.told() == Lines{"near FA FFFFFFFF 20000001 0", "far A 20000001 00000000 0"});
  }
}

TEST_CASE("both sides finish, in either order") {
  const bool is_near_first = GENERATE(true, false);
  const auto near = Ending::finished_by_near;
  const auto far = Ending::finished_by_far;
  Bench bench;
  bench.told();
  bench.flow->ended(is_near_first ? near : far);
  CHECK_FALSE(bench.flow->is_over());
  bench.flow->ended(is_near_first ? far : near);
  CHECK(bench.flow->is_over());
  if (is_near_first)
    CHECK(bench.told() == Lines{"near FA 10000001 20000001 0", "far A 20000001 10000002 0",
                                "far FA 20000001 10000002 0", "near A 10000002 20000002 0"});
  else
    CHECK(bench.told() == Lines{"far FA 20000001 10000001 0", "near A 10000001 20000002 0",
                                "near FA 10000001 20000002 0", "far A 20000002 10000002 0"});
}

TEST_CASE("the other side may still send to one that has finished") {
  Bench bench;
  bench.flow->ended(Ending::finished_by_near);
  bench.told();
  bench.flow->passed(Direction::sent, "too late");
  bench.flow->ended(Ending::finished_by_near);
  CHECK(bench.told().empty());
  bench.flow->passed(Direction::received, "rest");
  CHECK(bench.told() == Lines{"far PA 20000001 10000002 4", "near A 10000002 20000005 0"});
}

TEST_CASE("a reset ends it at once") {
  const auto [ending, line] = GENERATE(table<Ending, std::string>({
      {Ending::reset_by_near, "near RA 10000003 20000001 0"},
      {Ending::reset_by_far, "far RA 20000001 10000003 0"},
  }));
  Bench bench;
  bench.flow->passed(Direction::sent, "ab");
  bench.told();
  bench.flow->ended(ending);
  CHECK(bench.told() == Lines{line});
  CHECK(bench.flow->is_over());
}

TEST_CASE("a reset may follow one side's finish") {
  Bench bench;
  bench.flow->ended(Ending::finished_by_far);
  bench.told();
  bench.flow->ended(Ending::reset_by_near);
  CHECK(bench.told() == Lines{"near RA 10000001 20000002 0"});
}

TEST_CASE("nothing is told of a connection that is over") {
  const bool is_reset = GENERATE(true, false);
  Bench bench;
  if (is_reset) {
    bench.flow->ended(Ending::reset_by_far);
  } else {
    bench.flow->ended(Ending::finished_by_far);
    bench.flow->ended(Ending::finished_by_near);
  }
  bench.told();
  for (const auto direction : {Direction::sent, Direction::received})
    bench.flow->passed(direction, "late");
  for (const auto ending : {Ending::finished_by_near, Ending::finished_by_far,
                            Ending::reset_by_near, Ending::reset_by_far})
    bench.flow->ended(ending);
  CHECK(bench.told().empty());
}
