#include "tests/sim/ledger.hpp"

#include <charconv>
#include <map>

#include <fmt/format.h>

namespace sim {
namespace {

using namespace std::chrono_literals;

constexpr at::Duration open_limit = 120s;
constexpr at::Duration end_limit = 30s;

bool is_exchange(const Ledger::Pending& operation) {
  return operation.kind == Kind::subscribe || operation.kind == Kind::unsubscribe ||
         (operation.kind == Kind::publish && operation.qos > 0);
}

/// The numbers behind ": "; stops at the first field that is none.
std::vector<int> numbers(std::string_view text) {
  std::vector<int> fields;
  const auto* at = text.data();
  const auto* const end = text.data() + text.size();
  while (at != end) {
    int value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc{} || (next != end && *next != ',')) break;
    fields.push_back(value);
    at = next == end ? end : next + 1;
  }
  return fields;
}

[[noreturn]] void violated(const std::string& what) { throw Violation(what); }

}  // namespace

void Ledger::set_timeout(int index, int pkt_timeout, int retry_times, bool notice) {
  auto& client = clients_.at(at(index));
  client.pkt_timeout = pkt_timeout;
  client.retry_times = retry_times;
  client.notice = notice;
}

bool Ledger::allows(Kind kind, int index, int msg_id, int qos) const {
  const auto& client = clients_.at(at(index));
  const auto phase = client.phase;
  const auto count = [&](auto test) {
    return static_cast<std::size_t>(
        std::count_if(client.pending.begin(), client.pending.end(), test));
  };
  switch (kind) {
    case Kind::open:
    case Kind::occupied:
      return true;
    case Kind::connect:
      return phase == Phase::open;
    case Kind::close:
      return phase == Phase::opening || phase == Phase::open || phase == Phase::connecting ||
             phase == Phase::connected;
    case Kind::disconnect:
      return phase == Phase::open || phase == Phase::connecting || phase == Phase::connected;
    case Kind::publish:
      if (qos == 0) return phase == Phase::connected;
      if (count([](const auto& op) { return op.kind == Kind::publish && op.qos > 0; }) >= window)
        return false;
      break;
    case Kind::subscribe:
    case Kind::unsubscribe:
      break;
  }
  if (phase != Phase::connected || count(is_exchange) >= exchanges) return false;
  return msg_id == 0 ||
         count([&](const auto& op) { return is_exchange(op) && op.msg_id == msg_id; }) == 0;
}

void Ledger::accepted(Kind kind, int index, int msg_id, int qos, at::Time now) {
  if (!allows(kind, index, msg_id, qos))
    violated(fmt::format("client {}: accepted what its state forbids", index));
  auto& client = clients_.at(at(index));
  Pending operation{kind, msg_id, qos, now, now + open_limit};
  switch (kind) {
    case Kind::open:
    case Kind::occupied:
      operation.kind = client.phase == Phase::idle ? Kind::open : Kind::occupied;
      if (client.phase == Phase::idle) client.phase = Phase::opening;
      break;
    case Kind::close:
    case Kind::disconnect:
      become_idle(client);
      client.phase = kind == Kind::close ? Phase::closing : Phase::disconnecting;
      operation.due = now + end_limit;
      break;
    case Kind::connect:
      client.phase = Phase::connecting;
      [[fallthrough]];
    case Kind::subscribe:
    case Kind::unsubscribe:
    case Kind::publish:
      operation.due = now + std::chrono::seconds(client.pkt_timeout) *
                                std::max(1, client.retry_times) * (qos == 2 ? 2 : 1);
      break;
  }
  client.pending.push_back(operation);
}

bool Ledger::said(std::string_view line, at::Time now) {
  static const std::map<std::string_view, Kind> names{
      {"+QMTOPEN", Kind::open},       {"+QMTCLOSE", Kind::close},   {"+QMTCONN", Kind::connect},
      {"+QMTDISC", Kind::disconnect}, {"+QMTSUB", Kind::subscribe}, {"+QMTUNS", Kind::unsubscribe},
      {"+QMTPUBEX", Kind::publish},   {"+QMTPUB", Kind::publish}};
  const auto colon = line.find(": ");
  if (colon == std::string_view::npos) return false;
  const auto name = line.substr(0, colon);
  const auto fields = numbers(line.substr(colon + 2));
  const auto kind = names.find(name);
  const bool known = kind != names.end() || name == "+QMTSTAT" || name == "+QMTPING";
  if (!known) return false;
  if (fields.size() < 2 || fields[0] < 0 || fields[0] >= static_cast<int>(clients))
    violated("no such URC");
  auto& client = clients_.at(at(fields[0]));
  if (!client.owed_stats.empty() && name != "+QMTSTAT" &&
      !(kind != names.end() && kind->second == Kind::open && fields[1] == 2))
    violated(fmt::format("{} where +QMTSTAT was owed", line));
  if (name == "+QMTSTAT") {
    status(client, fields);
  } else if (name == "+QMTPING") {
    if (client.phase != Phase::connected && client.phase != Phase::connecting)
      violated("+QMTPING of a client without session");
    if (client.phase == Phase::connected) client.owed_stats = "2";
  } else {
    switch (kind->second) {
      case Kind::open:
      case Kind::occupied:
        open_result(client, fields, now);
        break;
      case Kind::close:
      case Kind::disconnect:
        ended(client, kind->second, fields[1]);
        break;
      case Kind::connect:
        connect_result(client, fields);
        break;
      default:
        exchange_result(client, kind->second, fields);
    }
  }
  return true;
}

void Ledger::open_result(Client& client, const Fields& fields, at::Time) {
  const auto occupied = find(client, Kind::occupied);
  if (fields[1] == 2 && occupied != client.pending.end()) {
    client.pending.erase(occupied);
    ++results_;
    return;
  }
  const auto open = find(client, Kind::open);
  if (open == client.pending.end()) violated("+QMTOPEN without an open under way");
  client.pending.erase(open);
  client.phase = fields[1] == 0 ? Phase::open : Phase::idle;
  ++results_;
}

void Ledger::connect_result(Client& client, const Fields& fields) {
  const auto connect = find(client, Kind::connect);
  if (connect == client.pending.end()) violated("+QMTCONN without a connect under way");
  if (fields[1] == 1) {
    notice(client, *connect, fields.size() > 2 ? fields[2] : 0);
    return;
  }
  client.pending.erase(connect);
  ++results_;
  if (fields[1] == 2)
    client.owed_stats = "123478";
  else if (fields.size() < 3 || fields[2] < 0 || fields[2] > 5)
    violated("+QMTCONN without a return code");
  else if (fields[2] > 0)
    client.owed_stats = "4";
  else
    client.phase = Phase::connected;
}

void Ledger::ended(Client& client, Kind kind, int result) {
  const auto operation = find(client, kind);
  if (operation == client.pending.end()) violated("an end that nobody asked for");
  if (result != 0 && result != -1) violated("no such result");
  client.pending.erase(operation);
  client.phase = Phase::idle;
  ++results_;
}

void Ledger::exchange_result(Client& client, Kind kind, const Fields& fields) {
  if (fields.size() < 3) violated("a result without its msgID");
  const auto operation = find(client, kind, fields[1]);
  if (operation == client.pending.end())
    violated(fmt::format("a result for msgID {} that is not under way", fields[1]));
  if (fields[2] == 1) {
    notice(client, *operation, fields.size() > 3 ? fields[3] : 0);
    return;
  }
  if (fields[2] != 0 && fields[2] != 2) violated("no such result");
  if (fields[2] == 2) client.owed_stats = "6";
  client.pending.erase(operation);
  ++results_;
}

void Ledger::notice(Client& client, Pending& operation, int n) {
  if (!client.notice) violated("a retransmission reported though timeout_notice is 0");
  const bool second_half = operation.qos == 2 && n == 1;
  if (n != operation.notices + 1 && !second_half)
    violated(fmt::format("retransmission {} after {}", n, operation.notices));
  if (n >= std::max(1, client.retry_times)) violated("more retransmissions than allowed");
  operation.notices = n;
}

void Ledger::status(Client& client, const Fields& fields) {
  const auto code = fields[1];
  if (code < 1 || code > 8) violated("no such +QMTSTAT");
  if (code == 5 && client.phase == Phase::idle) return;  // knob disc-stat
  if (code == 6 && client.failed_elsewhere) return become_idle(client);
  if (!client.owed_stats.empty()) {
    if (client.owed_stats.find(static_cast<char>('0' + code)) == std::string::npos)
      violated(fmt::format("+QMTSTAT {} where one of {} was owed", code, client.owed_stats));
  } else if (client.phase == Phase::connecting) {
    violated("+QMTSTAT before the +QMTCONN of a connect under way");
  } else if (client.phase != Phase::open && client.phase != Phase::connected) {
    violated("+QMTSTAT of a client without a link");
  } else if (code != 1 && code != 7 && code != 8) {
    violated(fmt::format("+QMTSTAT {} out of nothing", code));
  }
  become_idle(client);
}

void Ledger::become_idle(Client& client) {
  auto& pending = client.pending;
  pending.erase(std::remove_if(pending.begin(), pending.end(),
                               [](const auto& op) { return op.kind != Kind::occupied; }),
                pending.end());
  client.owed_stats.clear();
  client.failed_elsewhere = false;
  client.phase = Phase::idle;
  ++client.generation;
}

std::vector<Ledger::Pending>::iterator Ledger::find(Client& client, Kind kind, int msg_id) {
  return std::find_if(client.pending.begin(), client.pending.end(),
                      [&](const auto& op) { return op.kind == kind && op.msg_id == msg_id; });
}

void Ledger::check(at::Time now) const {
  for (std::size_t i = 0; i < clients; ++i) {
    if (!clients_[i].owed_stats.empty() || clients_[i].failed_elsewhere)
      violated(fmt::format("client {}: the +QMTSTAT owed did not come", i));
    for (const auto& op : clients_[i].pending)
      if (std::max(op.due, clients_[i].excused_until) < now)
        violated(fmt::format("client {}: an operation (kind {}, msgID {}) has not ended in time", i,
                             static_cast<int>(op.kind), op.msg_id));
  }
}

bool Ledger::idle() const {
  return std::all_of(clients_.begin(), clients_.end(), [](const auto& client) {
    return client.phase == Phase::idle && client.pending.empty();
  });
}

}  // namespace sim
