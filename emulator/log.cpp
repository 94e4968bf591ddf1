#include "emulator/log.hpp"

#include "command_line/one_line.hpp"
#include "emulator/background_writer.hpp"

#include <unistd.h>

#include <memory>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

namespace emulator {
namespace {

BackgroundWriter& standard_error() {
  static auto* const writer = new BackgroundWriter(STDERR_FILENO);
  return *writer;
}

class Sink : public spdlog::sinks::base_sink<std::mutex> {
 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const auto text = command_line::one_line({message.payload.data(), message.payload.size()});
    auto shown = message;
    shown.payload = text;
    spdlog::memory_buf_t line;
    formatter_->format(shown, line);
    standard_error().write({line.data(), line.size()});
  }
  void flush_() override {}
};

}  // namespace

void start_log(const std::string& level) {
  auto logger = std::make_shared<spdlog::logger>("eg91xq", std::make_shared<Sink>());
  logger->set_pattern("%H:%M:%S.%e %l: %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

void say_error(std::string text) { standard_error().write(std::move(text)); }

void complain(std::string_view what, std::string_view program) {
  say_error(fmt::format("{}: {}\n", program, command_line::one_line(what)));
}

void flush_log() { standard_error().flush(log_patience); }

void SpdLog::write(at::Severity severity, const std::string& text) {
  switch (severity) {
    case at::Severity::debug:
      spdlog::debug("{}{}", prefix_, text);
      break;
    case at::Severity::info:
      spdlog::info("{}{}", prefix_, text);
      break;
    case at::Severity::warning:
      spdlog::warn("{}{}", prefix_, text);
      break;
  }
}

}  // namespace emulator
