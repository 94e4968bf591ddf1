// Short messages: AT+CMGF and its like (manual chapter 8). A message sent is logged; one to the
// module's own number comes back. Text and PDU form are two views of the same octets. Owned by the
// Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/log.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/pending.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "cellular/latency.hpp"
#include "emulator/device/clock/clock.hpp"
#include "emulator/device/network/indications.hpp"
#include "emulator/device/network/network.hpp"
#include "emulator/device/settings/nvram.hpp"
#include "emulator/device/settings/qcfg.hpp"
#include "emulator/device/sim/sim.hpp"
#include "emulator/device/sms/sms_pdu.hpp"
#include "emulator/device/sms/sms_store.hpp"

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace emulator::device {

class Sms {
 public:
  static constexpr int sim_capacity = 50;

  /// What it acts on; all outlive it.
  struct Parts {
    at::Timeline& timeline;
    at::Announce& announce;
    at::Log& log;
    cellular::Latency& latency;
    Nvram& nvram;
    const Sim& sim;
    const Network& network;
    const Clock& clock;
    const Qcfg& qcfg;
    const Indications& indications;
  };

  explicit Sms(Parts parts);

  static const std::array<at::Command<Sms>, 19>& commands();

  /// The module starts: memories and settings as stored.
  void start();
  /// The module stops: what is under way is lost.
  void reset();
  /// AT&F.
  void factory();

  [[nodiscard]] std::optional<std::string> busy() const;
  /// The messages are in flash, which holds them already.
  void snapshot(at::Memo& memo);

  /// A message of the network's: at most 160 characters of the GSM alphabet, or 70 of UCS-2. False
  /// when it is longer, or `number` is none.
  [[nodiscard]] bool deliver(const std::string& number, std::u16string_view text);

  /// True when the memory for received messages has no room (+CIND).
  [[nodiscard]] bool full() const { return receiving().full(); }
  /// "sms/listmsgmap": a bit for each place whose message has this status; empty: no such status.
  [[nodiscard]] std::string map(const std::string& status) const;

 private:
  enum class Memory { sim, module };
  struct Settings {
    bool text_form = false;  // +CMGF
    int service = 0;         // +CSMS
    std::array<Memory, 3> memories{Memory::module, Memory::module, Memory::module};
    std::array<int, 5> indications{2, 1, 0, 0, 0};  // +CNMI: mode, mt, bm, ds, bfr
    std::array<int, 4> parameters{17, 167, 0, 0};   // +CSMP: fo, vp, pid, dcs
    sms::Charset charset = sms::Charset::gsm;
    bool details = false;    // +CSDH
    int broadcast_mode = 0;  // +CSCB
    std::string broadcast_ids{};
    std::string broadcast_codings{};
    int more_messages = 0;  // +CMMS
  };
  /// Part of a longer message (+QCMGS).
  struct Segment {
    int uid = 0;
    int part = 0;
    int total = 0;
  };
  /// What is done with a message that was typed, and with its SMSC field.
  using Then = std::function<at::Outcome(const sms::Message& message, const std::string& smsc)>;

  void snapshot_settings(at::Memo& memo);

  at::Outcome get_form();
  at::Outcome set_form(const at::Args& args);
  at::Outcome get_service();
  at::Outcome set_service(const at::Args& args);
  at::Outcome get_memories();
  at::Outcome set_memories(const at::Args& args);
  at::Outcome get_indications();
  at::Outcome set_indications(const at::Args& args);
  at::Outcome get_smsc();
  at::Outcome set_smsc(const at::Args& args);
  at::Outcome get_charset();
  at::Outcome set_charset(const at::Args& args);
  at::Outcome get_parameters();
  at::Outcome set_parameters(const at::Args& args);
  at::Outcome get_details();
  at::Outcome set_details(const at::Args& args);
  at::Outcome get_broadcast();
  at::Outcome set_broadcast(const at::Args& args);
  at::Outcome get_more();
  at::Outcome set_more(const at::Args& args);
  at::Outcome acknowledge();
  at::Outcome send(const at::Args& args);
  at::Outcome send_part(const at::Args& args);
  at::Outcome write_empty();
  at::Outcome write(const at::Args& args);
  at::Outcome send_stored(const at::Args& args);
  at::Outcome list_unread();
  at::Outcome list(const at::Args& args);
  at::Outcome read(const at::Args& args);
  at::Outcome read_part(const at::Args& args);
  at::Outcome remove(const at::Args& args);
  at::Outcome removal_ranges();

  [[nodiscard]] int obstacle() const;
  [[nodiscard]] sms::Store& memory(std::size_t which);
  [[nodiscard]] const sms::Store& receiving() const;
  [[nodiscard]] std::string smsc() const;
  at::Outcome ask(const at::Args& args, const Then& then, std::optional<Segment> segment);
  at::Outcome ask_for_pdu(int length, const Then& then);
  [[nodiscard]] std::optional<sms::Message> from_text(const std::string& number,
                                                      const std::string& bytes,
                                                      const std::optional<Segment>& segment) const;
  [[nodiscard]] Then transmitting();
  [[nodiscard]] Then keeping(sms::Status as);
  at::Outcome keep(const sms::Message& message, const std::string& smsc, sms::Status as);
  at::Outcome submit(std::string_view name, sms::Message message);
  void sent(const sms::Message& message);
  void arrive(const sms::Message& message);
  void report(const sms::Message& message);
  [[nodiscard]] bool routed(const sms::Message& message) const;
  void store(const std::string& tpdu, std::string_view name);
  void tell(const std::string& tpdu, const sms::Message& message);
  void indicate(std::string line);
  void release_held();
  [[nodiscard]] std::string report_fields(const sms::Message& report) const;
  [[nodiscard]] std::string charset_name() const;
  [[nodiscard]] std::string shown_text(const sms::Message& message) const;
  [[nodiscard]] std::string shown_number(const std::string& number) const;
  [[nodiscard]] std::vector<std::string> listed(int index, const sms::Stored& stored) const;
  [[nodiscard]] std::vector<std::string> shown(std::string_view name, const sms::Stored& stored,
                                               bool with_segment) const;
  at::Outcome read_as(std::string_view name, int index, bool with_segment);

  Parts parts_;
  Settings settings_;
  sms::Store sim_store_;
  sms::Store module_store_;
  int reference_ = 0;
  std::string pending_number_{};
  bool unacknowledged_ = false;
  at::Pending sending_;
  at::Ground ground_;
  at::Timer arriving_;
  std::vector<std::function<void()>> arrivals_;
  std::deque<std::string> held_;  // indications, while +CNMI has them kept
};

}  // namespace emulator::device
