// A pipe that counts the bytes which pass through it, as the application sees them: without what
// TLS and TCP put around them. Stands between a PacketStream and the pipe that it would own.
#pragma once

#include "cellular/traffic.hpp"
#include "net/pipe.hpp"

#include <memory>
#include <utility>

namespace net {

class CountedPipe : public Pipe {
 public:
  CountedPipe(std::unique_ptr<Pipe> pipe, std::shared_ptr<cellular::Traffic> traffic)
      : pipe_(std::move(pipe)), traffic_(std::move(traffic)) {}

  void read_some(boost::asio::mutable_buffer buffer, Done done) override {
    pipe_->read_some(buffer, counted(&cellular::Traffic::received, std::move(done)));
  }
  void write(boost::asio::const_buffer buffer, Done done) override {
    pipe_->write(buffer, counted(&cellular::Traffic::sent, std::move(done)));
  }
  void say_goodbye() override { pipe_->say_goodbye(); }
  boost::asio::ip::tcp::socket& socket() override { return pipe_->socket(); }

 private:
  Done counted(std::uint64_t cellular::Traffic::*count, Done done) const {
    return [traffic = traffic_, count, done = std::move(done)](boost::system::error_code error,
                                                               std::size_t size) {
      (*traffic).*count += size;
      done(error, size);
    };
  }

  std::unique_ptr<Pipe> pipe_;
  std::shared_ptr<cellular::Traffic> traffic_;
};

}  // namespace net
