// What the routes of the control interface know of the program: its modems, by name. Implemented by
// the Emulator, and by tests.
#pragma once

#include "cellular/knobs.hpp"
#include "emulator/control/metrics.hpp"
#include "emulator/control/own_channels.hpp"
#include "emulator/control/route.hpp"
#include "emulator/faults/fault_injector.hpp"
#include "emulator/journal/journal.hpp"
#include "emulator/module/modem.hpp"
#include "emulator/pump.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace emulator::control {

/// A modem as the control interface sees it.
class ControlledModem {
 public:
  ControlledModem() = default;
  virtual ~ControlledModem() = default;
  ControlledModem(const ControlledModem&) = delete;
  ControlledModem& operator=(const ControlledModem&) = delete;

  [[nodiscard]] virtual std::string name() const = 0;   // "modem0"
  [[nodiscard]] virtual std::string model() const = 0;  // "EG916Q"
  [[nodiscard]] virtual std::string imei() const = 0;

  /// The loop that the modem is on; null when it is that of the control interface. What follows
  /// is touched there alone.
  [[nodiscard]] virtual boost::asio::io_context* other_loop() { return nullptr; }

  // Further ones only once the fleet is ready.

  /// Does something to the modem at the present moment of its time.
  virtual void run(const std::function<void()>& action) = 0;
  [[nodiscard]] virtual at::Timeline& timeline() = 0;
  /// What moves the time of all modems on the loop.
  [[nodiscard]] virtual Pump& pump() = 0;
  [[nodiscard]] virtual Modem& modem() = 0;
  [[nodiscard]] virtual journal::Journal& journal() = 0;
  [[nodiscard]] virtual faults::FaultInjector& injector() = 0;
  [[nodiscard]] virtual OwnChannels& own_channels() = 0;
  /// Whether a host has the port of that channel open.
  [[nodiscard]] virtual bool has_host(std::string_view channel) const = 0;
  [[nodiscard]] virtual const Metrics& metrics() const = 0;
  /// Bytes that wait for the host of a channel, and the most that ever did.
  struct Backlog {
    std::size_t now = 0;
    std::size_t most = 0;
  };
  [[nodiscard]] virtual Backlog backlog(std::string_view channel) const = 0;
  [[nodiscard]] virtual const device::FileSizes& files() const = 0;
  [[nodiscard]] virtual const cellular::Knobs& knobs() const = 0;
};

class Fleet {
 public:
  Fleet();
  virtual ~Fleet() = default;
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  /// Another one at each start of the program: who comes back finds out whether numbers and times
  /// go on.
  [[nodiscard]] const std::string& run_id() const { return run_id_; }

  /// The modems can be used.
  [[nodiscard]] virtual bool ready() const = 0;
  /// At least one, in order; they last as long as the fleet.
  [[nodiscard]] virtual std::vector<ControlledModem*> modems() const = 0;
  /// Does something on the loop of the control interface: at once where there is no other.
  virtual void come_home(std::function<void()> action) const { action(); }

 private:
  std::string run_id_;
};

/// Another name of the first modem.
inline constexpr std::string_view first_modem = "default";

/// The modem of that name; null when there is none.
[[nodiscard]] ControlledModem* find_modem(const Fleet& fleet, std::string_view name);

/// The parameter {modem} of a path.
[[nodiscard]] Parameter modem_parameter();

/// A route of one modem, behind its name.
[[nodiscard]] Route modem_route(Method method, const std::string& tail, std::string id,
                                std::string summary);

/// Does something on the loop of the modem: at once where that is this one.
void visit(ControlledModem& modem, std::function<void()> action);

/// Does `action` to each modem, in order and on its loop, and then `done` on the loop of the
/// control interface; all of it at once where there is no other loop.
void visit_all(const Fleet& fleet, std::function<void(ControlledModem& modem)> action,
               std::function<void()> done);

/// The journal of the modem tells of the request; the answer is the event's number.
std::uint64_t note(ControlledModem& modem, const Call& call, std::vector<journal::Field> more = {});

/// A handler for one modem, called on its loop: finds it by {modem}, answers 404 when there is none
/// of that name and 503 while it cannot be used yet.
[[nodiscard]] Handler for_modem(
    const Fleet& fleet,
    std::function<void(ControlledModem& modem, const Call& call, Responder responder)> handler);

}  // namespace emulator::control
