#include "emulator/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace emulator {

void start_log(const std::string& level) {
  auto logger =
      std::make_shared<spdlog::logger>("eg91xq", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_pattern("%H:%M:%S.%e %l: %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

void SpdLog::write(at::Severity severity, const std::string& text) {
  switch (severity) {
    case at::Severity::debug:
      spdlog::debug(text);
      break;
    case at::Severity::info:
      spdlog::info(text);
      break;
    case at::Severity::warning:
      spdlog::warn(text);
      break;
  }
}

}  // namespace emulator
