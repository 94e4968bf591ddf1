// A modem in virtual time: fake ports, fake links, flash in memory, a log to look at.
#pragma once

#include "emulator/module/modem.hpp"
#include "tests/support/fake_internet.hpp"
#include "tests/support/fake_link.hpp"
#include "tests/support/fake_port.hpp"
#include "tests/support/fake_transport.hpp"

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace support {

class MemoryFlash : public at::ProfileStore, public emulator::device::Nvram {
 public:
  std::optional<at::Profile> load(const std::string& channel) override {
    const auto found = profiles.find(channel);
    if (found == profiles.end()) return std::nullopt;
    return found->second;
  }
  bool save(const at::Profiles& changes) override {
    if (!writable) return false;
    ++saves;
    for (const auto& [channel, profile] : changes) profiles[channel] = profile;
    return true;
  }

  [[nodiscard]] std::optional<std::string> get(std::string_view name) const override {
    const auto found = settings.find(name);
    if (found == settings.end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] bool set(std::string_view name, const std::string& value) override {
    if (!writable) return false;
    settings[std::string(name)] = value;
    return true;
  }

  [[nodiscard]] const at::Profiles& all_profiles() const override { return profiles; }
  [[nodiscard]] bool replace_profiles(const at::Profiles& others) override {
    if (!writable && others != profiles) return false;
    profiles = others;
    return true;
  }
  [[nodiscard]] const Settings& all_settings() const override { return settings; }
  [[nodiscard]] bool replace_settings(const Settings& others) override {
    if (!writable && others != settings) return false;
    settings = others;
    return true;
  }

  at::Profiles profiles;
  int saves = 0;  // of profiles
  Settings settings;
  bool writable = true;
};

class MemoryFiles : public emulator::device::FileStore {
 public:
  [[nodiscard]] const emulator::device::FileSizes& sizes() const override { return sizes_; }
  [[nodiscard]] std::optional<std::string> read(const std::string& name) const override {
    const auto found = contents_.find(name);
    if (!readable || found == contents_.end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] bool write(const std::string& name, std::string_view content) override {
    if (!writable) return false;
    contents_[name] = content;
    sizes_[name] = content.size();
    return true;
  }
  [[nodiscard]] bool remove(const std::string& name) override {
    if (!writable) return false;
    contents_.erase(name);
    sizes_.erase(name);
    return true;
  }

  bool readable = true;
  bool writable = true;

 private:
  std::map<std::string, std::string> contents_;
  emulator::device::FileSizes sizes_;
};

class MemoryLog : public at::Log {
 public:
  void write(at::Severity severity, const std::string& text) override {
    if (severity != at::Severity::debug) lines.push_back(text);
  }

  std::vector<std::string> lines;
};

class World {
 public:
  static constexpr std::size_t channel_count = 2;
  static constexpr std::array<std::string_view, channel_count> names{"uart1", "usbat"};

  explicit World(const emulator::Modem::Settings& settings, emulator::Observer* observer = nullptr)
      : modem(settings, {timeline,
                         log,
                         flash,
                         flash,
                         files,
                         internet,
                         transport,
                         [this](int client_idx) {
                           auto link = std::make_unique<FakeLink>(timeline);
                           links[static_cast<std::size_t>(client_idx)] = link.get();
                           return link;
                         },
                         {},
                         observer}) {
    for (std::size_t i = 0; i < channel_count; ++i)
      terminals[i] = &modem.add_channel(std::string(names[i]), ports[i]);
  }

  /// Runs what is due now.
  void settle() { timeline.run_until(timeline.now()); }

  at::Timeline timeline;
  MemoryLog log;
  MemoryFlash flash;
  MemoryFiles files;
  FakeInternet internet;
  FakeTransport transport;
  std::array<FakeLink*, mqtt_backend::client_count> links{};
  std::array<FakePort, channel_count> ports;
  std::array<at::Terminal*, channel_count> terminals{};
  emulator::Modem modem;
};

}  // namespace support
