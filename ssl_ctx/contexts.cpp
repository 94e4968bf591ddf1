#include "ssl_ctx/contexts.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace ssl_ctx {
namespace {

/// One file that a setting names.
struct Needed {
  std::string_view key;
  const std::string& name;
  std::string& content;
};

std::optional<std::string> read(const Needed& file, int ctx, const Files& files) {
  if (file.name.empty()) return fmt::format("SSL context {}: no \"{}\" is set", ctx, file.key);
  auto content = files.read_file(file.name);
  if (!content)
    return fmt::format("SSL context {}: the file of \"{}\", {}, is not there", ctx, file.key,
                       file.name);
  file.content = *std::move(content);
  return std::nullopt;
}

}  // namespace

std::variant<TlsRequest, std::string> Contexts::request(int ctx, const Files& files,
                                                        std::int64_t verify_time) const {
  TlsRequest request;
  request.ctx = ctx;
  request.boot = boots_;
  request.settings = settings_[static_cast<std::size_t>(ctx)];
  request.verify_time = verify_time;

  const auto& settings = request.settings;
  std::vector<Needed> needed;
  if (settings.seclevel >= 1) needed.push_back({"cacert", settings.cacert, request.ca});
  if (settings.seclevel >= 1 && !settings.cacertex.empty())
    needed.push_back({"cacertex", settings.cacertex, request.ca_extra});
  if (settings.seclevel >= 2) {
    needed.push_back({"clientcert", settings.clientcert, request.certificate});
    needed.push_back({"clientkey", settings.clientkey, request.key});
  }
  for (const auto& file : needed)
    if (auto missing = read(file, ctx, files)) return *std::move(missing);
  return request;
}

void Contexts::reset() {
  settings_ = {};
  ++boots_;
}

}  // namespace ssl_ctx
