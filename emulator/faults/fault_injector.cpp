#include "emulator/faults/fault_injector.hpp"

#include "at_engine/args.hpp"

#include <algorithm>
#include <utility>

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

FaultInjector::FaultInjector(at::Timeline& timeline, Observer* observer,
                             std::function<void(bool)> flash_full)
    : timeline_(timeline),
      observer_(observer),
      flash_full_(std::move(flash_full)),
      faults_({[this](const Fault& fault, const Occasion& occasion) { applied(fault, occasion); },
               [this](Fault& fault) { wait(fault); },
               [this](Fault& fault, const Occasion& occasion) { begin(fault, occasion); },
               [this](const Fault& fault) { end(fault); }}) {}

FaultyPort& FaultInjector::add_port(at::Port& port, std::string channel) {
  FaultyPort::Hooks hooks{
      [this](std::string_view command) { return describe(command); },
      [this, channel](const Insertion& insertion) { inserted_(channel, insertion); },
      [this](PowerLoss loss) { strike(loss); },
      [this](event::AnswerDisturbed disturbed) {
        if (observer_ != nullptr) observer_->saw(timeline_.now(), disturbed);
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

bool FaultInjector::inject(int client_idx, mqtt_backend::Packet packet) {
  const auto found = std::find_if(links_.begin(), links_.end(),
                                  [&](const auto& row) { return row.second == client_idx; });
  return found != links_.end() && found->first->inject(std::move(packet));
}

void FaultInjector::strike(PowerLoss loss) {
  auto& power = modem_->device().power();
  if (!power.is_on()) return;
  if (loss.pause)
    power.cut(*loss.pause);
  else
    power.hard_reset();
}

/// Until the time comes from which on it is to act.
void FaultInjector::wait(Fault& fault) {
  auto& lasting = lasting_[&fault];
  lasting = std::make_unique<Lasting>(timeline_);
  lasting->timer.start(*fault.when().from - timeline_.now().time_since_epoch(),
                       [this, &fault] { faults_.wake(fault, timeline_.now()); });
}

void FaultInjector::begin(Fault& fault, const Occasion& occasion) {
  const auto type = fault.type().name;
  if (type == "reset" || type == "brownout") return strike(fault.power_loss());
  auto& lasting = lasting_[&fault];
  if (lasting) let_go(*lasting);
  lasting = std::make_unique<Lasting>(timeline_);
  if (fault.when().to)
    lasting->until.start(*fault.when().to - timeline_.now().time_since_epoch(),
                         [this, &fault] { end(fault); });
  if (type == "urc-storm") {
    lasting->left = fault.number("per_s") * fault.number("s");
    storm(*lasting, fault);
  } else if (type == "flash-full") {
    lasting->fills_flash = true;
    flash_full_(true);
  } else if (type == "registration") {
    change_registration(*lasting, fault);
  } else if (type == "pdp-deactivate") {
    modem_->device().scenario().deactivate({static_cast<int>(fault.number("cid"))});
  } else {
    begin_at_links(fault, occasion.client);
  }
}

void FaultInjector::end(const Fault& fault) {
  const auto found = lasting_.find(&fault);
  if (found == lasting_.end()) return;
  let_go(*found->second);
  lasting_.erase(found);
  end_at_links(fault);
  if (fault.type().name != "flash-full") return;
  flash_full_(std::any_of(lasting_.begin(), lasting_.end(),
                          [](const auto& row) { return row.second->fills_flash; }));
}

void FaultInjector::let_go(Lasting& lasting) {
  lasting.timer.stop();
  if (lasting.overlay != 0) modem_->device().scenario().undo(std::exchange(lasting.overlay, 0));
}

void FaultInjector::storm(Lasting& lasting, const Fault& fault) {
  if (lasting.left-- <= 0) return;
  modem_->device().urcs().announce(fault.text("line"));
  const auto pause = at::Duration(std::chrono::seconds(1)) / fault.number("per_s");
  lasting.timer.start(pause, [this, &lasting, &fault] { storm(lasting, fault); });
}

void FaultInjector::change_registration(Lasting& lasting, const Fault& fault) {
  using Service = device::Scene::Service;
  const auto service = fault.text("mode") == "denied" ? Service::denied : Service::none;
  auto& scenario = modem_->device().scenario();
  lasting.overlay = scenario.overlay([service](device::Scene& scene) { scene.service = service; });
  if (!fault.has("s")) return;
  lasting.timer.start(std::chrono::seconds(fault.number("s")), [this, &lasting] {
    modem_->device().scenario().undo(std::exchange(lasting.overlay, 0));
  });
}

}  // namespace emulator::faults
