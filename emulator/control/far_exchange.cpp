#include "emulator/control/far_exchange.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace emulator::control {
namespace {

using Told = std::shared_ptr<std::function<void()>>;

/// What is called from home: the action is the far loop's, so it is not held here.
std::function<void()> told_from_home(boost::asio::io_context& loop, const Told& told) {
  return [&loop, weak = std::weak_ptr(told)] {
    boost::asio::post(loop, [weak] {
      const auto kept = weak.lock();
      if (kept && *kept) (*kept)();
    });
  };
}

class FarStream : public Stream {
 public:
  FarStream(const Fleet& fleet, boost::asio::io_context& loop) : fleet_(fleet), loop_(loop) {}
  ~FarStream() override {
    fleet_.come_home([home = std::move(home_)] { home->reset(); });
  }

  /// Is begun at home by `begin`.
  void begin(std::function<std::shared_ptr<Stream>()> begin) {
    fleet_.come_home([home = home_, begin = std::move(begin),
                      closed = told_from_home(loop_, ended_),
                      drained = told_from_home(loop_, drained_)] {
      *home = begin();
      (*home)->on_closed(closed);
      (*home)->on_drained(drained);
    });
  }

  void write(std::string bytes) override {
    if (!is_open()) return;
    fleet_.come_home([home = home_, bytes = std::move(bytes)]() mutable {
      if (*home) (*home)->write(std::move(bytes));
    });
  }
  void on_closed(std::function<void()> closed) override {
    if (is_open())
      closed_ = std::move(closed);
    else
      boost::asio::post(loop_, std::move(closed));
  }
  void on_drained(std::function<void()> drained) override { *drained_ = std::move(drained); }
  void close() override {
    if (!std::exchange(open_, false)) return;
    closed_ = nullptr;
    *drained_ = nullptr;
    fleet_.come_home([home = home_] {
      if (*home) (*home)->close();
    });
  }
  [[nodiscard]] bool is_open() const override { return open_; }

 private:
  void end() {
    if (!std::exchange(open_, false)) return;
    *drained_ = nullptr;
    if (const auto closed = std::exchange(closed_, nullptr)) closed();
  }

  const Fleet& fleet_;
  boost::asio::io_context& loop_;
  std::shared_ptr<std::shared_ptr<Stream>> home_ = std::make_shared<std::shared_ptr<Stream>>();
  bool open_ = true;
  std::function<void()> closed_;
  Told drained_ = std::make_shared<std::function<void()>>();
  Told ended_ = std::make_shared<std::function<void()>>([this] { end(); });
};

}  // namespace

FarExchange::FarExchange(Responder home, const Fleet& fleet, boost::asio::io_context& loop)
    : home_(std::make_shared<Responder>(std::move(home))), fleet_(fleet), loop_(loop) {}

/// The last one at home is let go there: a client that was not answered gets 500.
FarExchange::~FarExchange() {
  fleet_.come_home([home = std::move(home_)] {});
}

void FarExchange::answer(Reply reply) {
  gone_.reset();
  fleet_.come_home(
      [home = home_, reply = std::move(reply)]() mutable { home->answer(std::move(reply)); });
}

std::shared_ptr<Stream> FarExchange::stream(const std::string& content_type) {
  gone_.reset();
  auto stream = std::make_shared<FarStream>(fleet_, loop_);
  stream->begin([home = home_, content_type] { return home->stream(content_type); });
  return stream;
}

void FarExchange::on_gone(std::function<void()> gone) {
  gone_ = std::make_shared<std::function<void()>>(std::move(gone));
  fleet_.come_home([home = home_, told = told_from_home(loop_, gone_)] { home->on_gone(told); });
}

}  // namespace emulator::control
