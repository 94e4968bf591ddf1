// The endpoints of one modem in virtual time, and a client of theirs without HTTP. The modem may be
// on another loop than the control interface.
#pragma once

#include "emulator/control/route_table.hpp"
#include "emulator/control/routes_channels.hpp"
#include "emulator/control/routes_clients.hpp"
#include "emulator/control/routes_faults.hpp"
#include "emulator/control/routes_journal.hpp"
#include "emulator/control/routes_metrics.hpp"
#include "emulator/control/routes_modem.hpp"
#include "emulator/control/routes_snapshot.hpp"
#include "emulator/control/routes_surroundings.hpp"
#include "emulator/control/routes_time.hpp"
#include "tests/support/fake_time.hpp"
#include "tests/support/faulty_modem.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace support {

using namespace emulator::control;
using nlohmann::json;

struct Followed : Stream {
  void write(std::string bytes) override { text += bytes; }
  void on_closed(std::function<void()> closed) override { on_close = std::move(closed); }
  void on_drained(std::function<void()> then) override { drained = std::move(then); }
  void close() override { open = false; }
  [[nodiscard]] bool is_open() const override { return open; }

  std::string text;
  std::function<void()> on_close;
  std::function<void()> drained;
  bool open = true;
};

struct Heard : Exchange {
  void answer(Reply answer) override {
    if (reply.status == 0) reply = std::move(answer);
  }
  std::shared_ptr<Stream> stream(const std::string& type) override {
    content_type = type;
    return followed;
  }
  void on_gone(std::function<void()> then) override { gone = std::move(then); }
  [[nodiscard]] json body() const { return json::parse(reply.body, nullptr, false); }

  Reply reply{0};
  std::string content_type;
  std::shared_ptr<Followed> followed = std::make_shared<Followed>();
  std::function<void()> gone;
};

class ControlBench : public Fleet, public ControlledModem {
  // They outlast what is let go on them.
  mutable boost::asio::io_context home_;
  mutable boost::asio::io_context loop_;

 public:
  explicit ControlBench(const emulator::Modem::Settings& settings = {}, bool is_far = true)
      : faulty(nullptr, settings), is_far_(is_far) {
    faulty.injector.on_inserted(
        [this](const std::string&, const emulator::faults::Insertion& insertion) {
          inserted.push_back(insertion.line);
        });
    faulty.waited = [this] { settle(); };
    routes.add(modem_routes(*this));
    routes.add(surroundings_routes(*this));
    routes.add(metrics_routes(*this, io));
    routes.add(client_routes(*this));
    routes.add(channel_routes(*this));
    routes.add(fault_routes(*this));
    routes.add(journal_routes(*this));
    routes.add(time_routes(*this));
    routes.add(snapshot_routes(*this));
  }

  std::shared_ptr<Heard> begin(std::string method, std::string path, std::string body = {},
                               std::string accept = {}) {
    return send(std::move(method), "/v1/modems/default" + path, std::move(body), std::move(accept));
  }
  std::shared_ptr<Heard> send(std::string method, std::string target, std::string body = {},
                              std::string accept = {}) {
    auto heard = std::make_shared<Heard>();
    Request request{std::move(method), std::move(target), std::move(body)};
    request.accept = std::move(accept);
    routes.dispatch(request, Responder(heard));
    settle();
    faulty.wait({});
    return heard;
  }
  /// What one loop has for the other is done.
  void settle() const {
    do {
      loop_.restart();
      home_.restart();
    } while (loop_.poll() + home_.poll() > 0);
  }
  json ask(std::string method, std::string path, const json& body, int status) {
    const auto heard =
        begin(std::move(method), std::move(path), body.is_null() ? std::string() : body.dump());
    CAPTURE(heard->reply.body);
    CHECK(heard->reply.status == status);
    return heard->body();
  }

  [[nodiscard]] bool ready() const override { return true; }
  [[nodiscard]] std::vector<ControlledModem*> modems() const override {
    return {const_cast<ControlBench*>(this)};
  }
  void come_home(std::function<void()> action) const override {
    is_far_ ? boost::asio::post(home_, std::move(action)) : action();
  }
  [[nodiscard]] boost::asio::io_context* other_loop() override {
    return is_far_ ? &loop_ : nullptr;
  }
  [[nodiscard]] std::string name() const override { return "modem0"; }
  [[nodiscard]] std::string model() const override { return "EG916Q"; }
  [[nodiscard]] std::string imei() const override { return "1"; }
  void run(const std::function<void()>& action) override { action(); }
  at::Timeline& timeline() override { return faulty.timeline; }
  emulator::Pump& pump() override { return pump_; }
  emulator::Modem& modem() override { return faulty.modem; }
  emulator::journal::Journal& journal() override { return faulty.journal; }
  emulator::faults::FaultInjector& injector() override { return faulty.injector; }
  OwnChannels& own_channels() override { return own; }
  [[nodiscard]] bool has_host(std::string_view channel) const override {
    return channel == "uart1" && host;
  }
  [[nodiscard]] const Metrics& metrics() const override { return counted; }
  [[nodiscard]] Backlog backlog(std::string_view channel) const override {
    return channel == "uart1" ? Backlog{5, 7} : Backlog{};
  }
  [[nodiscard]] const emulator::device::FileSizes& files() const override {
    return faulty.files.sizes();
  }
  [[nodiscard]] const cellular::Knobs& knobs() const override { return knobs_; }

  json clock(std::string method, std::string path, std::string body, int status) {
    const auto heard = send(std::move(method), "/v1/time" + path, std::move(body));
    CAPTURE(heard->reply.body);
    CHECK(heard->reply.status == status);
    return heard->body();
  }

  support::FaultyModem faulty;
  OwnChannels own{faulty.modem, faulty.injector, faulty.keeper};
  Metrics counted{faulty.journal};
  bool host = false;
  boost::asio::io_context io;
  support::FakeTime real_time;
  RouteTable routes;
  std::vector<std::string> inserted;

 private:
  cellular::Knobs knobs_;
  bool is_far_;
  emulator::Pump pump_{real_time, faulty.timeline, 2};
};

}  // namespace support
