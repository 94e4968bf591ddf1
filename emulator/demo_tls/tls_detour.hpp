// Stands between the clients of a module and their brokers when a `tls` fault says so. Its
// authority is made when first needed, in a child process; where only the date or the name of the
// certificate is to be wrong, that opening trusts the authority as it trusts its own. Owned by the
// Unit; io_context thread only.
#pragma once

#include "emulator/demo_tls/authority_maker.hpp"
#include "emulator/demo_tls/demo_authority.hpp"
#include "emulator/demo_tls/tls_passage.hpp"
#include "emulator/faults/faulty_link.hpp"
#include "net/dialer.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace emulator {

class TlsDetour {
 public:
  /// `options`: how the brokers are reached.
  TlsDetour(boost::asio::io_context& io, net::DialerOptions options);
  ~TlsDetour() { stop(); }
  TlsDetour(const TlsDetour&) = delete;
  TlsDetour& operator=(const TlsDetour&) = delete;

  /// `found` comes later, unless stop() comes first.
  void lead(faults::TlsTrouble trouble, mqtt_backend::Endpoint endpoint,
            faults::FaultyLink::Found found);
  void stop();

 private:
  void have_authority(std::function<void()> then);
  void made(const std::string& pem);
  [[nodiscard]] TlsPassage::Context context_for(const faults::TlsTrouble& trouble,
                                                const std::string& host) const;
  void lead_now(const faults::TlsTrouble& trouble, mqtt_backend::Endpoint endpoint,
                const faults::FaultyLink::Found& found);

  boost::asio::io_context& io_;
  net::DialerOptions options_;
  AuthorityMaker maker_;
  std::string authority_pem_;
  std::unique_ptr<DemoAuthority> authority_;
  std::vector<std::function<void()>> waiting_;  // for the authority
  std::vector<std::weak_ptr<TlsPassage>> passages_;
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace emulator
