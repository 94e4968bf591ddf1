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
  CountedStream(std::unique_ptr<Stream> stream, std::shared_ptr<cellular::Traffic> traffic,
                std::shared_ptr<Activity> activity)
      : stream_(std::move(stream)), traffic_(std::move(traffic)), activity_(std::move(activity)) {}

  void read_some(boost::asio::mutable_buffer buffer, Done done) override {
    stream_->read_some(buffer, counted(&cellular::Traffic::received, std::move(done)));
  }
  void write(boost::asio::const_buffer buffer, Done done) override {
    stream_->write(buffer, counted(&cellular::Traffic::sent, std::move(done)));
  }
  void shut_down() override { stream_->shut_down(); }
  boost::asio::ip::tcp::socket& socket() override { return stream_->socket(); }
  boost::asio::ip::tcp::socket release() override { return stream_->release(); }

 private:
  Done counted(std::uint64_t cellular::Traffic::*count, Done done) const {
    return [traffic = traffic_, activity = activity_, count, done = std::move(done)](
               boost::system::error_code error, std::size_t size) {
      (*traffic).*count += size;
      activity->stir();
      done(error, size);
    };
  }

  std::unique_ptr<Stream> stream_;
  std::shared_ptr<cellular::Traffic> traffic_;
  std::shared_ptr<Activity> activity_;
};

}  // namespace net
