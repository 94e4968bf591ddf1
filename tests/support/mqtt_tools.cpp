#include "tests/support/mqtt_tools.hpp"

#include <sstream>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

namespace support {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::string unhex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  return bytes;
}

std::vector<std::string> with(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

void run(const std::vector<std::string>& words, std::string_view input) {
  Program program(words);
  program.say(input);
  program.end_input();
  if (program.end() != 0) throw std::runtime_error(words[0] + ": " + program.err());
}

std::vector<std::string> publisher(std::uint16_t port, const std::string& topic, int qos) {
  return {"mosquitto_pub",     "-h", "127.0.0.1", "-p", std::to_string(port), "-q",
          std::to_string(qos), "-t", topic};
}

}  // namespace

Subscriber::Subscriber(std::uint16_t port, const std::string& topic, int qos, const Options& more)
    : program_(
          with({"stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(port),
                "-d", "-t", topic, "-q", std::to_string(qos), "-F", "> %t %q %r %x"},
               more)) {
  if (!program_.wait_for_out("Subscribed (mid"))
    throw std::runtime_error("mosquitto_sub: " + program_.out() + program_.err());
}

bool Subscriber::heard(const std::string& topic, int qos, bool retain, std::string_view payload) {
  return program_.wait_for_out(
      fmt::format("\n> {} {} {} {}\n", topic, qos, retain ? 1 : 0, hex(payload)));
}

std::vector<std::string> Subscriber::payloads(const std::string& topic, std::size_t count) {
  const std::string sign = "\n> " + topic + ' ';
  const auto arrived = [&] {
    std::size_t number = 0;
    for (auto at = program_.out().find(sign); at != std::string::npos;
         at = program_.out().find(sign, at + sign.size()))
      ++number;
    return number;
  };
  program_.wait([&] { return arrived() >= count && program_.out().back() == '\n'; });
  std::vector<std::string> found;
  std::istringstream lines(program_.out());
  for (std::string line; std::getline(lines, line);)
    if (line.compare(0, sign.size() - 1, sign, 1, sign.size() - 1) == 0)
      found.push_back(unhex(line.substr(line.rfind(' ') + 1)));
  return found;
}

bool logs(const Mosquitto& broker, const std::string& text) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!broker.logged(text)) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

void publish(std::uint16_t port, const std::string& topic, std::string_view payload, int qos,
             const std::vector<std::string>& more) {
  run(with(publisher(port, topic, qos), with({"-s"}, more)), payload);
}

void publish_lines(std::uint16_t port, const std::string& topic, std::string_view lines, int qos) {
  run(with(publisher(port, topic, qos), {"-l"}), lines);
}

}  // namespace support
