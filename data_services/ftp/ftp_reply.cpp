#include "data_services/ftp/ftp_reply.hpp"

#include "at_engine/args.hpp"
#include "at_engine/text.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace data_services {
namespace {

constexpr std::size_t code_size = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<int> code_of(std::string_view line) {
  if (line.size() < code_size) return std::nullopt;
  int code = 0;
  for (const char c : line.substr(0, code_size)) {
    if (!is_digit(c)) return std::nullopt;
    code = code * 10 + (c - '0');
  }
  constexpr int least = 100;
  constexpr int most = 599;
  if (code < least || code > most) return std::nullopt;
  return code;
}

/// The numbers that stand in `text` with commas between them, the first run of `n`.
template <std::size_t n>
std::optional<std::array<int, n>> numbers_in(std::string_view text) {
  std::array<int, n> numbers{};
  std::size_t count = 0;
  bool in_number = false;
  for (const char c : text) {
    if (is_digit(c)) {
      if (!std::exchange(in_number, true)) {
        if (count == n) return numbers;
        numbers[count++] = 0;
      }
      auto& number = numbers[count - 1];
      constexpr int too_large = 256;
      number = number >= too_large ? number : number * 10 + (c - '0');
    } else {
      in_number = false;
      if (c != ',') count = count == n ? n : 0;
    }
  }
  if (count != n) return std::nullopt;
  return numbers;
}

}  // namespace

bool FtpReplyReader::feed(std::string_view bytes) {
  for (const char byte : bytes) {
    if (byte == '\n') {
      if (!end_line()) return false;
    } else if (line_.size() == max_line) {
      return false;
    } else {
      line_ += byte;
    }
  }
  return true;
}

/// A reply of several lines ends with one that begins with the same code and a blank.
bool FtpReplyReader::end_line() {
  auto line = std::exchange(line_, {});
  if (!line.empty() && line.back() == '\r') line.pop_back();
  const auto code = code_of(line);
  const char behind = line.size() > code_size ? line[code_size] : ' ';
  const auto text = line.size() > code_size ? line.substr(code_size + 1) : std::string();
  if (begun_) {
    size_ += line.size();
    if (size_ > max_reply) return false;
    if (code != begun_->code || behind != ' ') return true;
    whole_.push_back(*std::exchange(begun_, std::nullopt));
    return true;
  }
  if (!code || (behind != ' ' && behind != '-')) return false;
  if (behind == '-') {
    begun_ = FtpReply{*code, text};
    size_ = 0;
  } else {
    whole_.push_back({*code, text});
  }
  return true;
}

std::optional<FtpReply> FtpReplyReader::next() {
  if (whole_.empty()) return std::nullopt;
  auto reply = std::move(whole_.front());
  whole_.pop_front();
  return reply;
}

std::optional<Origin> passive_place(std::string_view text) {
  constexpr std::size_t fields = 6;
  constexpr int most = 255;
  const auto numbers = numbers_in<fields>(text);
  if (!numbers) return std::nullopt;
  for (const int number : *numbers)
    if (number > most) return std::nullopt;
  const auto& n = *numbers;
  const auto port = static_cast<std::uint16_t>(n[4] * (most + 1) + n[5]);
  if (port == 0) return std::nullopt;
  return Origin{fmt::format("{}.{}.{}.{}", n[0], n[1], n[2], n[3]), port};
}

std::optional<std::uint16_t> extended_passive_port(std::string_view text) {
  constexpr std::string_view before = "(|||";
  const auto start = text.find(before);
  if (start == text.npos) return std::nullopt;
  const auto rest = text.substr(start + before.size());
  const auto port = at::parse_number(rest.substr(0, rest.find('|')));
  constexpr int most = 65'535;
  if (!port || *port < 1 || *port > most) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

std::optional<std::string> quoted_path(std::string_view text) {
  const auto start = text.find('"');
  if (start == text.npos) return std::nullopt;
  std::string path;
  for (auto i = start + 1; i < text.size(); ++i) {
    if (text[i] != '"') {
      path += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '"') {
      path += text[++i];
    } else {
      return at::is_printable(path, true) ? std::optional(std::move(path)) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace data_services
