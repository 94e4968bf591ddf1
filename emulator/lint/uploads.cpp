#include "emulator/lint/uploads.hpp"

#include "at_engine/args.hpp"
#include "emulator/lint/command_text.hpp"

#include <utility>

#include <fmt/format.h>

namespace emulator::lint {
namespace {

constexpr std::string_view command = "+QFUPL=";
constexpr std::string_view result = "+QFUPL: ";
constexpr std::int64_t default_size = 10240;

std::int64_t announced(std::string_view line) {
  const auto args = at::split_args(line.substr(command.size()));
  if (!args || args->size() < 2) return default_size;
  return at::parse_number((*args)[1].text).value_or(default_size);
}

/// How many bytes the module has taken, in its own words.
std::string_view arrived(std::string_view answer) {
  const auto place = answer.find(result);
  if (place == std::string_view::npos) return "fewer";
  const auto start = place + result.size();
  return answer.substr(start, answer.find(',', start) - start);
}

}  // namespace

void Uploads::saw(at::Time at, at::Asker channel, const at::Event& event) {
  if (const auto* begun = std::get_if<at::event::CommandBegun>(&event)) {
    uploads_[channel.channel] = {
        begun->line.substr(0, command.size()) == command ? std::string(begun->line) : std::string(),
        false};
    return;
  }
  const auto found = uploads_.find(channel.channel);
  if (found == uploads_.end() || found->second.line.empty()) return;
  auto& upload = found->second;
  const auto* fired = std::get_if<at::event::TimerFired>(&event);
  if (fired != nullptr && fired->timer == at::TimerName::prompt) upload.expired = true;
  const auto* reply = std::get_if<at::event::Reply>(&event);
  if (reply == nullptr || !std::exchange(upload.expired, false)) return;
  report({Rule::short_upload,
          at,
          channel,
          {},
          fmt::format("AT+QFUPL announced {} bytes, and {} came before its time-out",
                      announced(upload.line), arrived(reply->bytes)),
          shown_command(upload.line)});
}

}  // namespace emulator::lint
