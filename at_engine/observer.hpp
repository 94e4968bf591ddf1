// Who looks on at a channel: trace, journal, page. Events are typed and carry what happened, bytes
// and all; what must not be shown is the onlooker's business. Implemented outside of the engine; a
// terminal works without one and then spends nothing on it.
#pragma once

#include "at_engine/call.hpp"
#include "at_engine/outcome.hpp"
#include "at_engine/timeline.hpp"

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace at {

/// The timers of a terminal: of data that a prompt waits for, and of a command that answers later.
enum class TimerName { prompt, command };

constexpr std::string_view name_of(TimerName timer) {
  return timer == TimerName::prompt ? "prompt" : "command";
}

namespace event {

/// So many bytes of the host have come, in command state or for a prompt; they are taken in behind
/// the `waiting` ones that came before them.
struct HostBytesArrived {
  std::size_t size;
  std::size_t waiting;
};
/// Bytes of the host, in the order in which the terminal took them in.
struct HostBytes {
  std::string_view bytes;
};
/// Bytes of the host that nothing looks at.
struct HostBytesLost {
  enum class Why { module_is_off, module_sleeps, command_aborted, no_room };
  std::string_view bytes;
  Why why;
};
/// A line is complete: the last `size` bytes of the host, its "AT" and its end included. `known`:
/// it holds commands of this module and nothing else.
struct LineEnded {
  bool known;
  std::size_t size;
};
/// A command is about to run. `line`: as it was typed, its name in capitals. `takes_file`: what the
/// host sends behind it is the content of a file.
struct CommandBegun {
  std::string_view name;
  std::string_view line;
  Duration limit;
  bool takes_file;
};
/// It is answered, or asks for data, or answers later. `why`: what was wrong with the line.
struct CommandEnded {
  std::string_view name;
  Outcome::Kind kind;
  int code;
  std::string_view why;
};
/// The host has closed the port.
struct HostLeft {};
/// The data that a prompt asked for is complete, or given up.
struct DataEnded {};
/// Bytes of the host said back to it.
struct Echo {
  std::string_view bytes;
};
/// Where contents of files are in an answer, and how long.
using FileSpans = std::vector<std::pair<std::size_t, std::size_t>>;
/// An answer with its result, as written. `asks_for_data`: what the host sends next is data, as
/// behind the CONNECT of +QFUPL.
struct Reply {
  std::string_view bytes;
  FileSpans files;
  bool asks_for_data = false;
};
/// Bytes of whoever is online on the channel.
struct Transmitted {
  std::string_view bytes;
};
/// A prompt for up to `wanted` bytes, and the answers that stand before it.
struct Prompted {
  std::string_view bytes;
  FileSpans files;
  std::size_t wanted;
};
struct Unsolicited {
  std::string_view bytes;
};
/// A timer runs, from now on; it may have been running. An answer or the data stops it.
struct TimerSet {
  TimerName timer;
  Duration delay;
};
/// It ran out.
struct TimerFired {
  TimerName timer;
};

}  // namespace event

using Event =
    std::variant<event::HostBytesArrived, event::HostBytes, event::HostBytesLost, event::LineEnded,
                 event::CommandBegun, event::CommandEnded, event::HostLeft, event::DataEnded,
                 event::Echo, event::Reply, event::Transmitted, event::Prompted, event::Unsolicited,
                 event::TimerSet, event::TimerFired>;

class Observer {
 public:
  virtual ~Observer() = default;

  /// Views in `event` hold for the length of the call. Must not call back into the module.
  virtual void saw(Time at, Asker channel, const Event& event) = 0;
};

}  // namespace at
