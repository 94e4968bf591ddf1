#include "storm/member.hpp"

#include "storm/device_port.hpp"
#include "storm/tcp_port.hpp"

#include <utility>
#include <variant>

namespace storm {
namespace {

std::unique_ptr<HostPort> make_port(boost::asio::io_context& loop, PortListener& listener,
                                    const PortPlace& place) {
  if (const auto* device = std::get_if<DevicePlace>(&place))
    return std::make_unique<DevicePort>(loop, listener, device->path);
  return std::make_unique<TcpPort>(loop, listener, std::get<TcpPlace>(place));
}

}  // namespace

Member::Member(const Plan& plan, const Host::Place& place, const ModemPlace& modem, Tally& tally,
               const Surroundings& around)
    : around_(around),
      name_(modem.name),
      port_(make_port(around.loop, *this, modem.port)),
      host_(plan, place, *port_, tally),
      timer_(around.loop) {}

void Member::finish() {
  host_.finish(now());
  watch();
}

void Member::abandon() {
  host_.abandon();
  watch();
}

void Member::opened() {
  host_.port_opened(now());
  watch();
}

void Member::closed(const std::string& why) {
  around_.port_trouble(name_, why);
  host_.port_closed(now());
  watch();
}

void Member::heard(std::string_view bytes) {
  host_.heard(bytes, now());
  watch();
}

Time Member::now() const { return std::chrono::duration_cast<Time>(Clock::now() - around_.begun); }

/// After whatever may have changed when the host wants to be called.
void Member::watch() {
  if (host_.is_done()) {
    timer_.cancel();
    if (!std::exchange(told_done_, true)) around_.done();
    return;
  }
  const auto next = host_.deadline();
  if (next == alarm_) return;
  timer_.cancel();
  alarm_ = next;
  if (!next) return;
  timer_.expires_at(around_.begun + *next);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled) return;
    alarm_.reset();
    host_.tick(now());
    watch();
  });
}

}  // namespace storm
