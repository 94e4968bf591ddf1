#include "conformance/transcript/steps.hpp"

#include "conformance/transcript/escape.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>
#include <map>

#include <fmt/format.h>

namespace transcript {

namespace fs = std::filesystem;

namespace {

/// `[PUB-7]` in a comment: a tag has a capital first and a hyphen, so that `[1-9]` is none.
std::vector<std::string> statements_in(const std::string& comment) {
  std::vector<std::string> ids;
  for (auto open = comment.find('['); open != std::string::npos;
       open = comment.find('[', open + 1)) {
    const auto close = comment.find(']', open);
    if (close == std::string::npos) break;
    const auto id = comment.substr(open + 1, close - open - 1);
    const bool capital = !id.empty() && std::isupper(static_cast<unsigned char>(id.front())) != 0;
    if (capital && id.find('-') != std::string::npos && id.find(' ') == std::string::npos)
      ids.push_back(id);
  }
  return ids;
}

constexpr int deepest_use = 16;

class Reader {
 public:
  Reader(fs::path file, fs::path prologues)
      : file_(std::move(file)), prologues_(std::move(prologues)) {}

  std::vector<Case> run() {
    cases_.push_back({{}, 1, {}, {}});
    read(file_, 0);
    if (cases_.size() > 1) spread_head();
    for (auto& each : cases_) collect_statements(each);
    return std::move(cases_);
  }

 private:
  void read(const fs::path& file, int depth) {
    const bool prologue = depth > 0;
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    std::string text;
    for (int line = 1; std::getline(in, text); ++line) {
      if (text.empty()) continue;
      if (text.front() == '#') {
        const auto named = statements_in(text);
        if (!named.empty() && !prologue) statements_ = named;
        continue;
      }
      take(file, line, text, depth);
    }
  }

  void take(const fs::path& file, int line, std::string text, int depth) {
    const bool prologue = depth > 0;
    Step step{file, line, 0, {}, {}, {}, prologue};
    if (!prologue) step.statements = statements_;
    if (text.front() == '@') {
      step.channel = text.starts_with("@1 ") ? 1 : 0;
      if (step.channel == 0 && !text.starts_with("@0 "))
        throw Failure(step, "a step's channel is @0 or @1 and a blank: " + text);
      text.erase(0, 3);
    }
    const auto blank = text.find(' ');
    step.verb = text.substr(0, blank);
    step.rest = blank == std::string::npos ? "" : text.substr(blank + 1);
    if (step.verb == "case") {
      statements_.clear();
      cases_.push_back({step.rest, line, {}, {}});
    } else if (step.verb == "use") {
      if (depth == deepest_use) throw Failure(step, "prologues use each other without end");
      read(prologues_ / (step.rest + ".steps"), depth + 1);
    } else {
      cases_.back().steps.push_back(std::move(step));
    }
  }

  void spread_head() {
    const auto head = std::move(cases_.front().steps);
    cases_.erase(cases_.begin());
    for (auto& each : cases_) each.steps.insert(each.steps.begin(), head.begin(), head.end());
  }

  static void collect_statements(Case& each) {
    for (const auto& step : each.steps)
      for (const auto& id : step.statements)
        if (!each.names(id)) each.statements.push_back(id);
  }

  fs::path file_;
  fs::path prologues_;
  std::vector<Case> cases_;
  std::vector<std::string> statements_;
};

bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

bool Case::names(const std::string& statement) const {
  return std::find(statements.begin(), statements.end(), statement) != statements.end();
}

std::string name_of(const fs::path& file) {
  return (file.parent_path().filename() / file.filename()).string();
}

Failure::Failure(const Step& step, const std::string& what)
    : std::runtime_error(fmt::format("{}:{}: {}", name_of(step.file), step.line, what)) {}

std::vector<Case> read_cases(const fs::path& file, const fs::path& prologues) {
  return Reader(file, prologues).run();
}

Duration duration_of(const Step& step, const std::string& text) {
  static const std::map<std::string, double> micros{
      {"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"min", 6e7}};
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::logic_error&) {
    used = text.size();
  }
  const auto found = micros.find(text.substr(used));
  if (found == micros.end()) throw Failure(step, "a time needs us, ms, s or min: " + text);
  constexpr double longest = 366 * 24 * 60 * 6e7;
  if (!(value >= 0 && value * found->second <= longest))
    throw Failure(step, "a time is 0 to a year: " + text);
  return Duration(std::llround(value * found->second));
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool any = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      word += text[i];
      word += text[++i];
    } else if (text[i] == '"') {
      quoted = !quoted;
      any = true;
    } else if (text[i] == ' ' && !quoted) {
      if (any) words.push_back(unescaped(word));
      word.clear();
      any = false;
    } else {
      word += text[i];
      any = true;
    }
  }
  if (any) words.push_back(unescaped(word));
  return words;
}

std::string expanded(const std::string& text,
                     const std::function<std::string(const std::string&)>& value) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      result += text[i];
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == '$') {
      result += text[++i];
      continue;
    }
    const bool braced = i + 1 < text.size() && text[i + 1] == '{';
    auto end = i + (braced ? 2 : 1);
    const auto start = end;
    while (end < text.size() && is_name_char(text[end])) ++end;
    result += value(text.substr(start, end - start));
    i = braced ? end : end - 1;
  }
  return result;
}

}  // namespace transcript
