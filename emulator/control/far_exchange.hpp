// The other side of a Responder whose handler runs on another loop than the control interface: what
// the handler says goes home, what the client does comes to the handler's loop. What the handler
// has given is kept, called and let go on its own loop alone. Made by for_modem(), owned by the
// handler's Responders.
#pragma once

#include "emulator/control/fleet.hpp"
#include "emulator/control/responder.hpp"

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

namespace emulator::control {

class FarExchange : public Exchange {
 public:
  /// `home` is the responder of the control interface's own loop, `loop` that of the handler.
  FarExchange(Responder home, const Fleet& fleet, boost::asio::io_context& loop);
  ~FarExchange() override;

  void answer(Reply reply) override;
  std::shared_ptr<Stream> stream(const std::string& content_type) override;
  void on_gone(std::function<void()> gone) override;

 private:
  std::shared_ptr<Responder> home_;  // touched at home alone
  const Fleet& fleet_;
  boost::asio::io_context& loop_;
  std::shared_ptr<std::function<void()>> gone_;
};

}  // namespace emulator::control
