// What goes on the wire while "requestheader" is 0 (data services 8.5). Pure.
#pragma once

#include "cellular/knobs.hpp"
#include "data_services/http/http_settings.hpp"
#include "data_services/http/http_url.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace data_services {

/// Part of a resource that is asked for, in bytes.
struct ByteRange {
  std::int64_t first;
  std::int64_t length;  // over 0
};

struct HttpMessage {
  std::string method;
  std::optional<ByteRange> range{};
  std::optional<std::string> body{};
  std::string content_type{};  // instead of that of the settings; of a message with a body
};

/// The whole request. A field of the host's takes the place of the module's own one of its name.
[[nodiscard]] std::string compose(const HttpMessage& message, const HttpUrl& url,
                                  const HttpSettings& settings, std::string_view user_agent);

/// As which the module shows itself to servers.
[[nodiscard]] std::string_view user_agent(const cellular::Knobs& knobs);
/// Whether a response of this status leads to another place, if it says which.
[[nodiscard]] bool is_redirection(int status);
/// A file as the one field of a form.
[[nodiscard]] HttpMessage form_of(std::string method, std::string_view file, std::string content,
                                  const HttpSettings& settings);

constexpr int form_content_type = 3;

/// Name and value of "Name: value"; nothing when it is no header field.
[[nodiscard]] std::optional<HeaderField> parse_field(std::string_view text);
[[nodiscard]] bool is_field(const HeaderField& field);

}  // namespace data_services
