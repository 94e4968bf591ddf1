#include "emulator/journal/event.hpp"

#include "codec/digest.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::journal {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, kind_count> names{
    "rx",     "tx",   "command", "result", "urc",  "prompt",  "data", "link", "packet",
    "client", "stat", "device",  "fault",  "lint", "control", "time", "timer"};

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// A JSON string. Most are plain, and an onlooker must not slow the modem down.
void append_text(fmt::memory_buffer& line, std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  });
  if (plain) {
    fmt::format_to(std::back_inserter(line), "\"{}\"", text);
    return;
  }
  constexpr auto keep_going = json::error_handler_t::replace;
  const auto shown = json(text).dump(-1, ' ', false, keep_going);
  line.append(shown.data(), shown.data() + shown.size());
}

}  // namespace

std::string_view name_of(Kind kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_of(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Kind>(found - names.begin());
}

const Value* Event::find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &found->value;
}

std::size_t Event::size() const {
  std::size_t size = sizeof *this + fields.size() * sizeof(Field);
  for (const auto& field : fields) {
    if (const auto* text = std::get_if<std::string>(&field.value)) size += text->size();
    if (const auto* bytes = std::get_if<Bytes>(&field.value)) size += bytes->bytes.size();
  }
  return size;
}

std::string readable(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    if (byte >= ' ' && byte <= '~')
      text += byte;
    else
      fmt::format_to(std::back_inserter(text), "\\x{:02X}", static_cast<unsigned char>(byte));
  }
  return text;
}

double seconds(at::Time at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); }

json to_json(const Event& event) {
  json shown{{"seq", event.seq}, {"t", seconds(event.at)}, {"kind", name_of(event.kind)}};
  for (const auto& [name, value] : event.fields) {
    auto& member = shown[std::string(name)];
    std::visit(Overloaded{[&](const Bytes& bytes) {
                            member = codec::base64_encode(bytes.bytes);
                            shown["text"] = readable(bytes.bytes);
                          },
                          [&](const auto& plain) { member = plain; }},
               value);
  }
  return shown;
}

std::string to_line(const Event& event) {
  fmt::memory_buffer line;
  const auto out = std::back_inserter(line);
  fmt::format_to(out, R"({{"seq":{},"t":{},"kind":"{}")", event.seq, seconds(event.at),
                 name_of(event.kind));
  for (const auto& [name, value] : event.fields) {
    fmt::format_to(out, R"(,"{}":)", name);
    std::visit(Overloaded{[&](const std::string& text) { append_text(line, text); },
                          [&](const Bytes& bytes) {
                            append_text(line, codec::base64_encode(bytes.bytes));
                            fmt::format_to(out, R"(,"text":)");
                            append_text(line, readable(bytes.bytes));
                          },
                          [&](const Because& because) {
                            fmt::format_to(out, "[{}]", fmt::join(because, ","));
                          },
                          [&](const auto& plain) { fmt::format_to(out, "{}", plain); }},
               value);
  }
  fmt::format_to(out, "}}");
  return fmt::to_string(line);
}

}  // namespace emulator::journal
