#include "data_services/ppp/dns_answer.hpp"

#include "data_services/ppp/octets.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace data_services::ppp {
namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t max_label = 63;
constexpr std::size_t max_name = 255;
constexpr std::uint16_t class_in = 1;

enum Type : std::uint16_t { a = 1, aaaa = 28, any = 255 };

enum class Code : std::uint8_t {
  fine = 0,
  format_error = 1,
  failed = 2,
  no_such_name = 3,
  not_implemented = 4,
  refused = 5
};

struct Question {
  std::string_view octets{};  // name, type and class
  std::string name{};
  bool is_host_name = true;
  std::uint16_t type = 0;
  std::uint16_t in_class = 0;
};

bool is_host_octet(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

/// Nothing where a name does not end in the message, or points elsewhere.
std::optional<Question> read_question(std::string_view query) {
  Question question;
  std::size_t at = header_size;
  while (at < query.size() && query[at] != 0) {
    const std::size_t size = read_u8(query, at);
    if (size > max_label || at + 1 + size >= query.size()) return std::nullopt;
    const auto label = query.substr(at + 1, size);
    if (!question.name.empty()) question.name += '.';
    question.name += label;
    if (!std::all_of(label.begin(), label.end(), is_host_octet)) question.is_host_name = false;
    at += 1 + size;
    if (at - header_size + 1 > max_name) return std::nullopt;
  }
  constexpr std::size_t type_and_class = 4;
  if (at + 1 + type_and_class > query.size()) return std::nullopt;
  question.type = read_u16(query, at + 1);
  question.in_class = read_u16(query, at + 3);
  question.octets = query.substr(header_size, at + 1 + type_and_class - header_size);
  return question;
}

/// The answer to `query`, whose header is there.
std::string make_answer(std::string_view query, std::string_view question, Code code,
                        const std::vector<Address>& addresses = {}) {
  constexpr unsigned answer_and_recursion = 0x8080;
  constexpr unsigned kept = 0x7900;  // opcode, and whether recursion is wanted
  constexpr unsigned name_of_question = 0xC000 + header_size;
  constexpr std::size_t record = 16;
  const auto room = (DnsAnswers::max_answer - header_size - question.size()) / record;
  const auto count = std::min(addresses.size(), room);
  std::string answer(query.substr(0, 2));
  append_u16(answer,
             answer_and_recursion | (read_u16(query, 2) & kept) | static_cast<unsigned>(code));
  append_u16(answer, question.empty() ? 0 : 1);
  append_u16(answer, static_cast<unsigned>(count));
  append_u32(answer, 0);
  answer += question;
  for (std::size_t i = 0; i < count; ++i) {
    append_u16(answer, name_of_question);
    append_u16(answer, Type::a);
    append_u16(answer, class_in);
    append_u32(answer, DnsAnswers::ttl);
    append_u16(answer, sizeof(Address));
    append_u32(answer, addresses[i]);
  }
  return answer;
}

Code code_of(DnsAnswers::Status status) {
  switch (status) {
    case DnsAnswers::Status::found:
      return Code::fine;
    case DnsAnswers::Status::no_such_name:
      return Code::no_such_name;
    case DnsAnswers::Status::failed:
      return Code::failed;
  }
  return Code::failed;
}

bool is_answer(std::string_view message) { return (read_u8(message, 2) & 0x80U) != 0; }
unsigned opcode(std::string_view message) { return (read_u8(message, 2) >> 3U) & 0xFU; }
unsigned questions(std::string_view message) { return read_u16(message, 4); }

/// What can be said without asking anybody.
std::optional<Code> answer_at_once(const Question& question) {
  if (question.in_class != class_in) return Code::refused;
  const bool is_about_addresses =
      question.type == Type::a || question.type == Type::aaaa || question.type == Type::any;
  if (!is_about_addresses || question.name.empty()) return Code::fine;
  if (!question.is_host_name) return Code::no_such_name;
  return std::nullopt;
}

}  // namespace

DnsAnswers::DnsAnswers(Resolve resolve)
    : resolve_(std::move(resolve)), waiting_(std::make_shared<std::size_t>(0)) {}

void DnsAnswers::ask(std::string_view query, Answered answered) {
  if (query.size() < header_size || is_answer(query)) return;
  if (opcode(query) != 0) return answered(make_answer(query, {}, Code::not_implemented));
  const bool is_one = questions(query) == 1 && query.size() <= max_query;
  const auto question = is_one ? read_question(query) : std::nullopt;
  if (!question) return answered(make_answer(query, {}, Code::format_error));
  if (const auto code = answer_at_once(*question))
    return answered(make_answer(query, question->octets, *code));
  if (*waiting_ == max_waiting) return answered(make_answer(query, question->octets, Code::failed));
  const bool is_aaaa = question->type == Type::aaaa;
  resolve_(question->name, [seat = take_seat(), head = std::string(query.substr(0, header_size)),
                            octets = std::string(question->octets), is_aaaa,
                            answered = std::move(answered)](const Resolution& resolution) {
    if (seat->expired()) return;
    const auto addresses = is_aaaa ? std::vector<Address>{} : resolution.addresses;
    answered(make_answer(head, octets, code_of(resolution.status), addresses));
  });
}

/// Given back when the resolver has let go of the question, answered or not.
std::shared_ptr<std::weak_ptr<std::size_t>> DnsAnswers::take_seat() {
  ++*waiting_;
  return {new std::weak_ptr(waiting_), [](std::weak_ptr<std::size_t>* seat) {
            if (const auto waiting = seat->lock()) --*waiting;
            delete seat;
          }};
}

}  // namespace data_services::ppp
