#include "conformance/compare/record.hpp"

#include "conformance/compare/host_port.hpp"
#include "conformance/compare/session.hpp"
#include "conformance/report/output_file.hpp"
#include "conformance/run/unit.hpp"

#include <array>
#include <ctime>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace conformance {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// One direction of the tunnel.
class Direction {
 public:
  using Stream = asio::posix::stream_descriptor;

  Direction(Stream& from, Stream& to, std::function<void(const std::string&)> seen)
      : from_(from), to_(to), seen_(std::move(seen)) {
    pass();
  }

  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void pass() {
    from_.async_read_some(asio::buffer(buffer_), [this](error_code error, std::size_t size) {
      if (error) {
        ended_ = true;
        return;
      }
      seen_({buffer_.data(), size});
      asio::async_write(to_, asio::buffer(buffer_.data(), size),
                        [this](error_code failed, std::size_t) {
                          if (failed)
                            ended_ = true;
                          else
                            pass();
                        });
    });
  }

  Stream& from_;
  Stream& to_;
  std::function<void(const std::string&)> seen_;
  std::array<char, 4096> buffer_{};
  bool ended_ = false;
};

Session heard(const Recording& wanted) {
  Loop loop;
  Session session;
  asio::posix::stream_descriptor unit(loop.io(), open_port(wanted.unit));
  try {
    HostPort host(loop, wanted.through);
    const auto start = Clock::now();
    const auto note = [&](bool from_host) {
      return [&, from_host](const std::string& bytes) {
        session.add(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start),
                    from_host, bytes);
      };
    };
    const Direction down(host.stream(), unit, note(true));
    const Direction up(unit, host.stream(), note(false));
    constexpr auto look = std::chrono::hours(1);
    while (!loop.wait(look, [&] { return down.ended() || up.ended(); })) {
    }
  } catch (const Interrupted&) {
    // The usual way to end a recording.
  }
  return session;
}

}  // namespace

int record(const Recording& wanted) {
  const OutputFile file(wanted.file);
  const auto session = heard(wanted);
  const auto title = fmt::format("Session with {} of {:%Y-%m-%d %H:%M}", wanted.unit_name,
                                 fmt::localtime(std::time(nullptr)));
  file.write(session.as_case(title));
  fmt::print("recorded {}\n", wanted.file.string());
  return 0;
}

}  // namespace conformance
