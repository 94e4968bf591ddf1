#include "emulator/journal/event.hpp"

#include "codec/digest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::journal {
namespace {

using nlohmann::json;

constexpr std::size_t usual_line = 256;

constexpr std::array<std::string_view, kind_count> names{
    "rx",     "tx",   "command", "result", "urc",  "prompt",  "data", "link",  "packet",
    "client", "stat", "device",  "fault",  "lint", "control", "time", "timer", "wire"};

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// A JSON string. Most are printable, and an onlooker must not slow the modem down.
void append_text(std::string& line, std::string_view text) {
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!printable) {
    constexpr auto keep_going = json::error_handler_t::replace;
    line += json(text).dump(-1, ' ', false, keep_going);
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') line += '\\';
    line += c;
  }
  line += '"';
}

template <class Number>
void append_number(std::string& line, Number number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  line.append(digits.data(), end);
}

void append_value(std::string& line, const Value& value) {
  std::visit(Overloaded{[&](bool yes) { line += yes ? "true" : "false"; },
                        [&](std::int64_t number) { append_number(line, number); },
                        [&](double number) { append_number(line, number); },
                        [&](const std::string& text) { append_text(line, text); },
                        [&](const Bytes& bytes) {
                          line += '"';
                          line += codec::base64_encode(bytes.bytes);
                          line += R"(","text":)";
                          append_text(line, readable(bytes.bytes));
                        },
                        [&](const Numbers& numbers) {
                          line += fmt::format("[{}]", fmt::join(numbers, ","));
                        },
                        [&](const Texts& texts) {
                          line += '[';
                          for (const auto& text : texts) {
                            if (&text != &texts.front()) line += ',';
                            append_text(line, text);
                          }
                          line += ']';
                        }},
             value);
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
    if (const auto* numbers = std::get_if<Numbers>(&field.value))
      size += numbers->size() * sizeof(std::uint64_t);
    if (const auto* texts = std::get_if<Texts>(&field.value))
      for (const auto& text : *texts) size += sizeof(std::string) + text.size();
  }
  return size;
}

std::string readable(std::string_view bytes) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string text;
  text.reserve(bytes.size());
  for (const char byte : bytes) {
    if (byte >= ' ' && byte <= '~')
      text += byte;
    else
      text.append({'\\', 'x', hex[static_cast<unsigned char>(byte) >> 4U], hex[byte & 0x0F]});
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
  std::string line;
  line.reserve(usual_line);
  line += R"({"seq":)";
  append_number(line, event.seq);
  line += R"(,"t":)";
  append_number(line, seconds(event.at));
  line += R"(,"kind":")";
  line += name_of(event.kind);
  line += '"';
  for (const auto& [name, value] : event.fields) {
    line += ",\"";
    line += name;
    line += "\":";
    append_value(line, value);
  }
  line += '}';
  return line;
}

}  // namespace emulator::journal
