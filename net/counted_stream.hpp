// A stream that counts the bytes which pass through it, as the application sees them: without what
// TLS and TCP put around them. Stands between a PacketStream and the stream that it would own.
// Whoever watches for activity notices.
#pragma once

#include "cellular/traffic.hpp"
#include "net/activity.hpp"
#include "net/stream.hpp"

#include <memory>
#include <utility>

namespace net {

class CountedStream : public Stream {
 public:
  /// `cid`: the context that the bytes pass over; 0: none that is known.
  CountedStream(std::unique_ptr<Stream> stream, std::shared_ptr<cellular::Traffic> traffic, int cid,
                std::shared_ptr<Activity> activity)
      : stream_(std::move(stream)),
        traffic_(std::move(traffic)),
        cid_(cid),
        activity_(std::move(activity)) {}

  void read_some(boost::asio::mutable_buffer buffer, Done done) override {
    stream_->read_some(buffer, counted(&cellular::Traffic::count_received, std::move(done)));
  }
  void write(boost::asio::const_buffer buffer, Done done) override {
    stream_->write(buffer, counted(&cellular::Traffic::count_sent, std::move(done)));
  }
  void shut_down() override { stream_->shut_down(); }
  [[nodiscard]] Security security() const override { return stream_->security(); }
  boost::asio::ip::tcp::socket& socket() override { return stream_->socket(); }
  boost::asio::ip::tcp::socket release() override { return stream_->release(); }

 private:
  using Count = void (cellular::Traffic::*)(int cid, std::size_t bytes);

  Done counted(Count count, Done done) const {
    return [traffic = traffic_, cid = cid_, activity = activity_, count, done = std::move(done)](
               boost::system::error_code error, std::size_t size) {
      ((*traffic).*count)(cid, size);
      activity->stir();
      done(error, size);
    };
  }

  std::unique_ptr<Stream> stream_;
  std::shared_ptr<cellular::Traffic> traffic_;
  int cid_;
  std::shared_ptr<Activity> activity_;
};

}  // namespace net
