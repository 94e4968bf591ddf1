#include "emulator/faults/fault_injector.hpp"

#include "at_engine/args.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace emulator::faults {
namespace {

constexpr std::string_view mqtt_prefix = "+QMT";
constexpr std::size_t publish_topic = 4;  // which argument of +QMTPUB and +QMTPUBEX
constexpr std::size_t subscribe_topic = 2;

/// The topic that a command names; the view is into `command`.
std::string_view topic_in(std::string_view command, const std::vector<at::Token>& args) {
  const auto is = [&](std::string_view name) { return command.substr(0, name.size()) == name; };
  const std::size_t place = is("+QMTPUB")                    ? publish_topic
                            : is("+QMTSUB") || is("+QMTUNS") ? subscribe_topic
                                                             : args.size();
  return place < args.size() ? args[place].text : std::string_view{};
}

}  // namespace

FaultInjector::FaultInjector(at::Timeline& timeline, Observer* observer, FaultyFlash::Stores stores,
                             Outside outside)
    : timeline_(timeline),
      observer_(observer),
      flash_(stores),
      outside_(std::move(outside)),
      faults_({[this](const Fault& fault, const Occasion& occasion) { applied(fault, occasion); },
               [this](Fault& fault) { wait(fault); },
               [this](Fault& fault, const Occasion& occasion) { begin(fault, occasion); },
               [this](const Fault& fault) { end(fault); }}) {}

void FaultInjector::attach(Modem& modem) {
  modem_ = &modem;
  modem.device().power().watch({[this] { return boot_hangs(); },
                                [this] {
                                  flash_.lose_cache();
                                  for (const auto& [channel, port] : ports_) port->module_is_off();
                                }});
}

FaultyPort& FaultInjector::add_port(at::Port& port, std::string channel) {
  FaultyPort::Hooks hooks{
      [this](std::string_view command) { return describe(command); },
      [this, channel](const Insertion& insertion) { inserted_(channel, insertion); },
      [this](PowerLoss loss) { strike(loss); },
      [this](event::AnswerDisturbed disturbed) {
        if (observer_ != nullptr) observer_->saw(timeline_.now(), disturbed);
      },
      [this](event::LineCarried carried) {
        if (observer_ != nullptr) observer_->saw(timeline_.now(), carried);
      },
      [this](event::HostBytesHeld held) {
        if (observer_ != nullptr) observer_->saw(timeline_.now(), held);
      }};
  auto& made = ports_[channel];
  made = std::make_unique<FaultyPort>(timeline_, faults_, port, std::move(hooks));
  return *made;
}

void FaultInjector::remove_port(std::string_view channel) {
  const auto found = ports_.find(channel);
  if (found != ports_.end()) ports_.erase(found);
}

FaultyPort* FaultInjector::port(std::string_view channel) {
  const auto found = ports_.find(channel);
  return found == ports_.end() ? nullptr : found->second.get();
}

std::optional<std::string> FaultInjector::busy() const {
  for (const auto& [channel, port] : ports_)
    if (const auto what = port->busy()) return fmt::format("channel {}: {}", channel, *what);
  return std::nullopt;
}

Occasion FaultInjector::describe(std::string_view command) const {
  Occasion occasion{.command = command};
  const auto sign = command.find('=');
  if (command.substr(0, mqtt_prefix.size()) != mqtt_prefix || sign == std::string_view::npos)
    return occasion;
  const auto args = at::split_args(command.substr(sign + 1));
  if (!args || args->empty()) return occasion;
  // Of +QMTCFG the client stands behind the key.
  const auto& first = args->front().quoted && args->size() > 1 ? (*args)[1] : args->front();
  const auto client = at::parse_number(first.text);
  if (!client || *client < 0 || *client >= static_cast<std::int64_t>(mqtt_backend::client_count))
    return occasion;
  occasion.client = static_cast<int>(*client);
  occasion.state = name_of(modem_->client(*occasion.client).state());
  occasion.topic = topic_in(command, *args);
  return occasion;
}

void FaultInjector::applied(const Fault& fault, const Occasion& occasion) {
  if (observer_ != nullptr)
    observer_->saw(timeline_.now(),
                   event::FaultApplied{fault.name(), fault.type().name, occasion.client});
}

std::optional<at::Interceptor::Instead> FaultInjector::instead_of(at::Asker,
                                                                  std::string_view line) {
  if (faults_.all().empty()) return std::nullopt;
  auto occasion = describe(line);
  occasion.now = timeline_.now();
  faults_.begin_waiting(occasion);
  const auto* const acting = faults_.first_acting(Moment::command, occasion);
  if (acting == nullptr) return std::nullopt;
  const auto& fault = *acting;
  constexpr std::string_view why = "a fault that was asked for";
  if (fault.type().name == "result") return Instead{at::Outcome::error(why), fault.text("text")};
  return Instead{at::Outcome::cme(static_cast<int>(fault.number("code"))).because(why)};
}

void FaultInjector::strike(PowerLoss loss) {
  auto& power = modem_->device().power();
  if (!power.is_on()) return;
  if (loss.pause)
    power.cut(*loss.pause);
  else
    power.hard_reset();
}

}  // namespace emulator::faults
