// What one channel shows the trace: lines and answers as they are, contents of files as length and
// checksum. Behind a command that takes a file everything counts as content, also when the command
// was refused, up to a line of commands that the module knows: Base64 has its "AT" too. Owned by
// the emulator, one for each channel.
#pragma once

#include "at_engine/observer.hpp"
#include "emulator/trace.hpp"

#include <string>
#include <string_view>

namespace emulator {

class ChannelTrace : public at::Observer {
 public:
  /// Most of a file's content that is kept before it is written down, in bytes.
  static constexpr std::size_t max_kept = std::size_t{512} << 10U;

  /// `trace` outlives it. `name` is the channel's in the trace.
  ChannelTrace(Trace& trace, std::string name);

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;

 private:
  void on(const at::event::HostBytesArrived&) {}
  void on(const at::event::HostBytes& event);
  void on(const at::event::HostBytesLost& event);
  void on(const at::event::LineEnded& event);
  void on(const at::event::CommandBegun& event);
  void on(const at::event::CommandEnded&) {}
  void on(const at::event::HostLeft&) {}
  void on(const at::event::DataEnded&) { write_file(); }
  void on(const at::event::Echo& event);
  void on(const at::event::Reply& event) { said(event.bytes, event.files); }
  void on(const at::event::Prompted& event) { said(event.bytes, event.files); }
  void on(const at::event::Transmitted& event) { said(event.bytes, {}); }
  void on(const at::event::Unsolicited& event) { said(event.bytes, {}); }
  void on(const at::event::TimerSet&) {}
  void on(const at::event::TimerFired&) {}

  void said(std::string_view bytes, const at::event::FileSpans& files);
  void write_file();

  Trace& trace_;
  std::string name_;
  bool file_expected_ = false;
  bool echo_of_file_ = false;
  std::string file_;  // heard since, not written down yet
};

}  // namespace emulator
