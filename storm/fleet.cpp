#include "storm/fleet.hpp"

#include <csignal>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace storm {
namespace {

/// What cannot be written there is nobody's loss.
void print_aside(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

Fleet::Fleet(Settings settings)
    : settings_(std::move(settings)),
      tally_(settings_.modems.size()),
      progress_(settings_.progress, print_aside) {}

Course Fleet::run() {
  around_.emplace(Member::Surroundings{
      loop_, Member::Clock::now(), [this] { member_done(); },
      [this](const std::string& modem, const std::string& why) { complain(modem, why); }});
  for (std::size_t slot = 0; slot < settings_.modems.size(); ++slot) {
    const auto number = settings_.first + static_cast<unsigned>(slot);
    const Host::Place place{.slot = slot,
                            .modem = number,
                            .start = settings_.connect_interval * static_cast<Time::rep>(slot),
                            .seed = settings_.seed + number};
    members_.push_back(
        std::make_unique<Member>(settings_.plan, place, settings_.modems[slot], tally_, *around_));
  }
  running_ = members_.size();
  for (const auto& member : members_) member->start();
  end_.expires_at(around_->begun + settings_.lasts);
  end_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) finish();
  });
  watch_signals();
  show_progress();
  loop_.run();
  progress_.end();
  course_.lasted = now();
  return course_;
}

void Fleet::watch_signals() {
  boost::system::error_code ignored;
  signals_.add(SIGINT, ignored);
  signals_.add(SIGTERM, ignored);
  signals_.async_wait([this](boost::system::error_code cancelled, int) {
    if (cancelled) return;
    if (finishing_)
      for (const auto& member : members_) member->abandon();
    else
      finish();
    watch_signals();
  });
}

void Fleet::show_progress() {
  progress_timer_.expires_after(progress_.interval());
  progress_timer_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled) return;
    progress_.tick(tally_, now());
    show_progress();
  });
}

void Fleet::complain(const std::string& modem, const std::string& why) {
  if (complaints_++ >= max_complaints) return;
  progress_.end();
  print_aside(fmt::format("eg91xq-storm: {}: {}\n", modem, why));
}

void Fleet::finish() {
  if (std::exchange(finishing_, true)) return;
  end_.cancel();
  course_.connected_at_end = tally_.connected();
  if (const auto first = tally_.first_connection()) course_.publishing = now() - *first;
  for (const auto& member : members_) member->finish();
}

void Fleet::member_done() {
  if (--running_ == 0) loop_.stop();
}

Time Fleet::now() const {
  return std::chrono::duration_cast<Time>(Member::Clock::now() - around_->begun);
}

}  // namespace storm
