#include "at_engine/mux/dlci_port.hpp"

#include <utility>

namespace at::mux {

void DlciPort::attach(Multiplexer& multiplexer) {
  multiplexer_ = &multiplexer;
  if (lines_.ri) multiplexer.ring(dlci_, true);
}

void DlciPort::write(std::string_view bytes) {
  if (multiplexer_ != nullptr) multiplexer_->write(dlci_, bytes);
}

void DlciPort::set_lines(const ModemLines& lines) {
  const auto before = std::exchange(lines_, lines);
  if (multiplexer_ == nullptr) return;
  if (before.ri != lines.ri) multiplexer_->ring(dlci_, lines.ri);
  const bool fell = before.dcd && !lines.dcd;
  if (fell && terminal_ != nullptr && terminal_->is_online()) multiplexer_->carrier_lost(dlci_);
}

std::size_t DlciPort::room() const {
  return multiplexer_ != nullptr ? multiplexer_->room(dlci_) : Port::room();
}

void DlciPort::hold(bool held) {
  if (multiplexer_ != nullptr) multiplexer_->hold(dlci_, held);
}

}  // namespace at::mux
