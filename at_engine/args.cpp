#include "at_engine/args.hpp"

#include "at_engine/text.hpp"

#include <charconv>

namespace at {
namespace {

std::optional<Token> make_token(std::string_view raw) {
  const auto trimmed = trim(raw);
  if (trimmed.empty() || trimmed.front() != '"') {
    if (trimmed.find('"') != std::string_view::npos) return std::nullopt;
    return Token{trimmed, false};
  }
  if (trimmed.size() < 2 || trimmed.find('"', 1) != trimmed.size() - 1) return std::nullopt;
  return Token{trimmed.substr(1, trimmed.size() - 2), true};
}

const Param& param_at(const ParamList& params, std::size_t repeats, std::size_t i) {
  if (i < params.size()) return params[i];
  const auto first = params.size() - repeats;
  return params[first + (i - first) % repeats];
}

bool arity_fits(std::size_t count, const ParamList& params, std::size_t repeats) {
  if (count <= params.size()) return true;
  return repeats != 0 && (count - params.size()) % repeats == 0;
}

}  // namespace

std::optional<std::vector<Token>> split_args(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t start = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') quoted = !quoted;
    if (i < text.size() && (quoted || text[i] != ',')) continue;
    const auto token = make_token(text.substr(start, i - start));
    if (!token || tokens.size() == Args::max_args) return std::nullopt;
    tokens.push_back(*token);
    start = i + 1;
  }
  return tokens;
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Args> Args::parse(std::string_view text, const ParamList& params, std::size_t repeats,
                                Misfit* misfit) {
  if (misfit != nullptr) *misfit = Misfit::form;
  auto tokens = split_args(text);
  if (!tokens) return std::nullopt;
  if (tokens->size() == 1 && tokens->front().text.empty() && !tokens->front().quoted)
    tokens->clear();
  if (!arity_fits(tokens->size(), params, repeats)) return std::nullopt;

  Args args;
  for (std::size_t i = 0; i < tokens->size() || i < params.size(); ++i) {
    const auto& param = param_at(params, repeats, i);
    const bool present = i < tokens->size() && ((*tokens)[i].quoted || !(*tokens)[i].text.empty());
    if (!present) {
      if (!param.is_optional) return std::nullopt;
      args.values_.emplace_back(std::nullopt);
      continue;
    }
    Value value{(*tokens)[i].text, (*tokens)[i].quoted};
    if (param.kind == Kind::text) {
      if (!param.admits_word(value.text)) return std::nullopt;
      value.number = static_cast<std::int64_t>(value.text.size());
    } else {
      const auto parsed = parse_number(trim(value.text));
      if (!parsed) return std::nullopt;
      value.number = *parsed;
    }
    if (!param.admits(value.number)) {
      if (misfit != nullptr) *misfit = Misfit::range;
      return std::nullopt;
    }
    args.values_.emplace_back(value);
  }
  return args;
}

bool Args::given_from(std::size_t first) const {
  for (auto i = first; i < size(); ++i)
    if (given(i)) return true;
  return false;
}

bool Args::given_all(std::size_t first, std::size_t last) const {
  for (auto i = first; i <= last; ++i)
    if (!given(i)) return false;
  return true;
}

}  // namespace at
