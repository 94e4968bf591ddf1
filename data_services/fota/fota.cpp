#include "data_services/fota/fota.hpp"

#include "data_services/fota/ftp_download.hpp"
#include "data_services/fota/http_download.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace data_services {
namespace {

// Notes beside the firmware: the head of the package that waits, and how often it was begun.
constexpr std::string_view waiting_note = "waiting";
constexpr std::string_view starts_note = "starts";

constexpr std::array percents{7, 20, 33, 46, 59, 71, 84, 96};

bool is_http(const FotaSource& source) { return std::holds_alternative<HttpUrl>(source); }
bool is_file(const FotaSource& source) { return std::holds_alternative<FlashFile>(source); }

}  // namespace

void Fota::say(std::string_view what) const {
  world_.services.announce.announce(fmt::format("+QIND: \"FOTA\",\"{}\"", what));
}

void Fota::say(std::string_view what, FotaError error) const {
  world_.services.announce.announce(fmt::format("+QIND: \"FOTA\",\"{}\",{}", what, code(error)));
}

bool Fota::begin(Order order) {
  std::optional<std::string> content;
  if (const auto* file = std::get_if<FlashFile>(&order.source)) {
    content = files().content(file->name);
    if (!content) return false;
  }
  busy_ = true;
  order_ = std::move(order);
  tries_left_ = order_.retries;
  if (content) {
    take_file(*content);
    return true;
  }
  timer_.start({}, [this] {
    say(is_http(order_.source) ? "HTTPSTART" : "FTPSTART");
    try_download();
  });
  return true;
}

void Fota::take_file(std::string_view content) {
  reader_ = std::make_unique<PackageReader>();
  static_cast<void>(reader_->take(content));
  check();
}

void Fota::try_download() {
  reader_ = std::make_unique<PackageReader>();
  Download::Order order;
  order.cid = world_.cid();
  order.patience = order_.patience;
  order.take = [this](std::string_view bytes) { return reader_->take(bytes); };
  order.done = [this](Download::End end) { over(end); };
  if (const auto* url = std::get_if<HttpUrl>(&order_.source)) {
    order.ssl_ctx = world_.http.settings().ssl_ctx;
    download_ = std::make_unique<HttpDownload>(world_.services, *url, std::move(order));
    return;
  }
  download_ = std::make_unique<FtpDownload>(world_.services, std::get<FtpUrl>(order_.source),
                                            world_.ftp.settings(), std::move(order));
}

void Fota::over(Download::End end) {
  timer_.start({}, [this, end] { tried(end); });
}

/// Begins afresh where a try has failed: nothing of it is kept.
void Fota::tried(Download::End end) {
  download_.reset();
  if (end == Download::End::complete) return check();
  reader_.reset();
  if (end == Download::End::failed && tries_left_-- > 0)
    return timer_.start(order_.interval, [this] { try_download(); });
  busy_ = false;
  if (is_http(order_.source)) return say("HTTPEND", FotaError::http);
  say("FTPEND", FotaError::ftp);
}

/// The note is made at once: whatever stops the module from now on, the next start is the update's.
void Fota::check() {
  auto error = reader_->verdict();
  if (error == FotaError::none) error = judge(reader_->head(), world_.firmware.running());
  if (error == FotaError::none) {
    const auto note = to_text(reader_->head());
    passed_over_.clear();
    if (!world_.firmware.set_note(starts_note, "0") ||
        !world_.firmware.set_note(waiting_note, note))
      error = FotaError::failed;
  }
  // What came took the place of an earlier package, whatever it is.
  if (error != FotaError::none) discard_waiting();
  reader_.reset();
  timer_.start(world_.times().check, [this, error] { checked(error); });
}

// reading: a package that came whole is a download without an error, whatever it is; what is wrong
// with it is the update's end, without a restart
void Fota::checked(FotaError error) {
  if (!is_file(order_.source)) say(is_http(order_.source) ? "HTTPEND" : "FTPEND", FotaError::none);
  busy_ = false;
  if (error != FotaError::none) return say("END", error);
  if (!order_.automatic) return;
  busy_ = true;
  restart_soon();
}

void Fota::restart_soon() {
  timer_.start(world_.times().reset, [this] { world_.restart(); });
}

// reading: an update that power-off breaks off begins again at the next start, and is given up
// (504) when it could not be finished in three
FotaError Fota::obstacle(const std::optional<PackageHead>& head) {
  if (!head) return FotaError::package;
  const auto starts = world_.firmware.note(starts_note);
  const int begun = starts.size() == 1 ? starts.front() - '0' : max_starts;
  if (begun < 0 || begun >= max_starts) return FotaError::failed;
  if (!world_.firmware.set_note(starts_note, std::to_string(begun + 1))) return FotaError::failed;
  return judge(*head, world_.firmware.running());
}

std::string Fota::waiting() const {
  auto note = world_.firmware.note(waiting_note);
  if (note == passed_over_) note.clear();
  return note;
}

bool Fota::update() {
  const auto note = waiting();
  if (note.empty()) return false;
  busy_ = updating_ = true;
  const auto head = parse_head(note);
  const auto error = obstacle(head);
  timer_.start(world_.times().start, [this, head, error] {
    say("START");
    if (error != FotaError::none) return finish(error);
    play(*head, 0);
  });
  return true;
}

/// Waits for the percentage of `step`; behind the last one the new firmware is there.
void Fota::play(const PackageHead& head, std::size_t step) {
  constexpr int whole = 100;
  const int from = step == 0 ? 0 : percents[step - 1];
  const int to = step < percents.size() ? percents[step] : whole;
  timer_.start(world_.times().update * (to - from) / whole, [this, head, step] {
    if (step == percents.size()) {
      const bool stored = world_.firmware.install(head.revision, head.build);
      return finish(stored ? FotaError::none : FotaError::failed);
    }
    world_.services.announce.announce(
        fmt::format("+QIND: \"FOTA\",\"UPDATING\",{}", percents[step]));
    play(head, step + 1);
  });
}

void Fota::discard_waiting() {
  const auto note = world_.firmware.note(waiting_note);
  if (!world_.firmware.set_note(waiting_note, "")) passed_over_ = note;
}

void Fota::finish(FotaError error) {
  discard_waiting();
  say("END", error);
  restart_soon();
}

// reading: nothing of a download outlasts a restart of the module, and nobody hears of it again
void Fota::reset() {
  timer_.stop();
  download_.reset();
  reader_.reset();
  busy_ = updating_ = false;
}

std::string_view Fota::activity() const {
  if (updating_) return "updating";
  if (!waiting().empty()) return "waiting";
  return busy_ ? "downloading" : "idle";
}

std::optional<std::string> Fota::busy() const {
  if (busy_) return "an update is downloaded or checked";
  return std::nullopt;
}

}  // namespace data_services
