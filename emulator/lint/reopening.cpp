#include "emulator/lint/reopening.hpp"

#include "emulator/lint/command_text.hpp"
#include "mqtt_backend/codes.hpp"
#include "mqtt_backend/stat_urc.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace emulator::lint {
namespace {

constexpr std::array<std::string_view, 6> need_a_link{"+QMTCONN", "+QMTSUB",   "+QMTUNS",
                                                      "+QMTPUB",  "+QMTPUBEX", "+QMTRECV"};

}  // namespace

void Reopening::saw(at::Time at, at::Asker channel, const at::Event& event) {
  if (const auto* begun = std::get_if<at::event::CommandBegun>(&event))
    return commanded(at, channel, begun->line);
  const auto* urc = std::get_if<at::event::Unsolicited>(&event);
  const auto stat = urc == nullptr ? std::nullopt : mqtt_backend::stat_in(urc->bytes);
  // The end that a host asked for itself is none to come back from.
  if (stat && stat->code != static_cast<int>(mqtt_backend::Stat::disconnected))
    down_.insert_or_assign(stat->client, Down{stat->code, at});
}

void Reopening::saw(at::Time at, const device::Event& event) {
  if (const auto* power = std::get_if<device::event::PowerChanged>(&event)) {
    if (power->state == device::Power::State::off) down_.clear();
  } else if (const auto* changed = std::get_if<device::event::RegistrationChanged>(&event)) {
    if (changed->attached && !attached_) attached_since_ = at;
    attached_ = changed->attached;
  }
}

void Reopening::commanded(at::Time at, at::Asker channel, std::string_view line) {
  const auto about = client_command(line);
  const auto found = about ? down_.find(about->client) : down_.end();
  if (found == down_.end()) return;
  if (about->name == "+QMTOPEN") {
    down_.erase(found);
    return;
  }
  auto& down = found->second;
  const bool needs =
      std::find(need_a_link.begin(), need_a_link.end(), about->name) != need_a_link.end();
  if (!needs || down.reported) return;
  const bool first = !std::exchange(down.asked, true);
  if (first && at < down.since + reaction_time) return;
  down.reported = true;
  report({Rule::no_reopen_after_stat, at, channel, about->client,
          fmt::format("AT{} came for client {}, which +QMTSTAT: {},{} had told to be down and "
                      "nobody had opened again",
                      about->name, about->client, about->client, down.code),
          shown_command(line)});
}

void Reopening::end(at::Time at) {
  for (auto& [client, down] : down_) {
    const auto since = std::max(down.since, attached_since_);
    if (down.reported || !attached_ || at < since + reopening_time) continue;
    down.reported = true;
    const std::chrono::duration<double> time = at - down.since;
    report({Rule::no_reopen_after_stat,
            at,
            {},
            client,
            fmt::format("client {} was not opened again in the {:.1f} s after +QMTSTAT: {},{}",
                        client, time.count(), client, down.code),
            {}});
  }
}

}  // namespace emulator::lint
