// A modem that nobody hears, with stores in memory: a document is tried on it before it is applied
// to the one that counts. Made by restore().
#pragma once

#include "cellular/internet.hpp"
#include "emulator/module/modem.hpp"
#include "emulator/snapshot/stores.hpp"
#include "mqtt_backend/link.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emulator::snapshot {

class Scratch {
 public:
  /// As `original` is made, in `scene`, with these stores and channels.
  Scratch(const Modem::Settings& original, const device::Scene& scene, const Stores& stores,
          const std::vector<std::string>& channels);

  [[nodiscard]] Modem& modem() { return modem_; }

 private:
  struct Silence : at::Log, at::Port {
    void write(at::Severity, const std::string&) override {}
    void write(std::string_view) override {}
  };
  struct Memory : at::ProfileStore, device::Nvram, device::FileStore {
    explicit Memory(const Stores& content);
    std::optional<at::Profile> load(const std::string& channel) override;
    bool save(const at::Profiles& changes) override;
    [[nodiscard]] const at::Profiles& all_profiles() const override;
    [[nodiscard]] bool replace_profiles(const at::Profiles& profiles) override;
    [[nodiscard]] std::optional<std::string> get(std::string_view name) const override;
    [[nodiscard]] bool set(std::string_view name, const std::string& value) override;
    [[nodiscard]] const Settings& all_settings() const override;
    [[nodiscard]] bool replace_settings(const Settings& settings) override;
    [[nodiscard]] const device::FileSizes& sizes() const override { return sizes_; }
    [[nodiscard]] std::optional<std::string> read(const std::string& name) const override;
    [[nodiscard]] bool write(const std::string& name, std::string_view content) override;
    [[nodiscard]] bool remove(const std::string& name) override;

    Stores stores;
    device::FileSizes sizes_;
  };
  struct NoInternet : cellular::Internet {
    cellular::Inquiry resolve(const cellular::NameQuestion&, Resolved) override { return nullptr; }
    cellular::Inquiry ping(const std::string&, Echoed) override { return nullptr; }
    cellular::Inquiry ask_time(const cellular::TimeServer&, Timed) override { return nullptr; }
  };

  struct NoTransport : data_services::Transport {
    std::unique_ptr<data_services::Connection> connect(const data_services::Endpoint&,
                                                       data_services::Connection::Events) override {
      return nullptr;
    }
    std::unique_ptr<data_services::Listener> listen(const data_services::ListenAt&,
                                                    data_services::Listener::Events) override {
      return nullptr;
    }
  };

  at::Timeline timeline_;
  Silence silence_;
  Memory memory_;
  NoInternet internet_;
  NoTransport transport_;
  Modem modem_;
};

}  // namespace emulator::snapshot
