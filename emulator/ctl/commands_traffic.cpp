#include "codec/digest.hpp"
#include "emulator/ctl/command.hpp"
#include "emulator/ctl/escapes.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/ctl/value_text.hpp"

#include <cstdint>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator::ctl {
namespace {

using nlohmann::json;

constexpr int last_client = 5;

Outcome as_text(const Session& session, const Response& answer, const std::string& text) {
  return {session.json() ? as_is(answer.body) : text};
}

void declare_sms(CLI::App& app, Action& action) {
  struct Sms {
    std::string from;
    std::string text;
  };
  auto* const command = app.add_subcommand("sms", "A short message arrives");
  const auto sms = std::make_shared<Sms>();
  command->add_option("FROM", sms->from, "The number that it comes from")->required();
  command->add_option("TEXT", sms->text, "What it says")->required();
  command->callback([&action, sms] {
    action = [sms](Session& session) -> Outcome {
      const json body{{"from", sms->from}, {"text", sms->text}};
      return as_text(session, session.send("POST", session.path("/sms"), body), {});
    };
  });
}

struct Message {
  int client = 0;
  std::string topic{};
  std::string payload{};
  int qos = 0;
  bool retain = false;
  bool dup = false;
};

Outcome inject(Session& session, const Message& message) {
  const json body{{"type", "publish"},
                  {"topic", message.topic},
                  {"payload_base64", codec::base64_encode(message.payload)},
                  {"qos", message.qos},
                  {"retain", message.retain},
                  {"dup", message.dup}};
  const auto path = session.path(fmt::format("/clients/{}/inject", message.client));
  return as_text(session, session.send("POST", path, body), {});
}

void declare_inject(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("inject", "A message comes as though a client's broker had sent it");
  const auto message = std::make_shared<Message>();
  command->add_option("TOPIC", message->topic, "Of the message")->required();
  command->add_option("PAYLOAD", message->payload, "Nothing unless told");
  command->add_option("--client", message->client, "client_idx")
      ->check(CLI::Range(0, last_client))
      ->capture_default_str();
  command->add_option("--qos", message->qos, "0, 1 or 2")
      ->check(CLI::Range(0, 2))
      ->capture_default_str();
  command->add_flag("--retain", message->retain, "As one that was kept by the broker");
  command->add_flag("--dup", message->dup, "As one that was sent before");
  command->callback([&action, message] {
    action = [message](Session& session) { return inject(session, *message); };
  });
}

void declare_send(CLI::App& app, Action& action) {
  struct Line {
    std::string text;
    std::string bytes;
    std::string channel;
    bool shared = false;
  };
  auto* const command =
      app.add_subcommand("send", "Types a line, or bytes, on a channel, as a host does");
  const auto line = std::make_shared<Line>();
  auto* const text = command->add_option("LINE", line->text, "A CR goes behind it");
  auto* const bytes =
      command
          ->add_option(
              "--bytes", line->bytes,
              "In place of LINE, as they are: \\r \\n \\s \\\\ \\\" and \\xNN stand for bytes")
          ->type_name("TEXT")
          ->check([](const std::string& typed) {
            return unescaped(typed) ? std::string() : fmt::format("no such escape in '{}'", typed);
          });
  text->excludes(bytes);
  command->add_option("--channel", line->channel, "Which")->required()->type_name("NAME");
  command->add_flag("--shared", line->shared, "Even while a host holds the channel");
  command->callback([&action, line, text, bytes] {
    if (text->count() + bytes->count() == 0) throw CLI::RequiredError("LINE or --bytes");
    action = [line](Session& session) -> Outcome {
      const auto path = session.path("/channels/" + percent_encoded(line->channel) + "/send");
      json body{{"shared", line->shared}};
      if (line->bytes.empty())
        body["line"] = line->text;
      else
        body["bytes_base64"] = codec::base64_encode(*unescaped(line->bytes));
      const auto answer = session.send("POST", path, body);
      return as_text(session, answer,
                     fmt::format("event {}\n", plain(parsed(answer).value("seq", json()))));
    };
  });
}

void declare_lines(CLI::App& app, Action& action) {
  struct Lines {
    std::string channel{};
    std::string dtr{};
  };
  auto* const command =
      app.add_subcommand("lines", "Sets the modem lines of a channel, as its host");
  const auto lines = std::make_shared<Lines>();
  command->add_option("--channel", lines->channel, "Which")->required()->type_name("NAME");
  command->add_option("--dtr", lines->dtr, "Raised or dropped")
      ->required()
      ->type_name("on|off")
      ->check(CLI::IsMember({"on", "off"}));
  command->callback([&action, lines] {
    action = [lines](Session& session) -> Outcome {
      const auto path = session.path("/channels/" + percent_encoded(lines->channel) + "/lines");
      return as_text(session, session.send("POST", path, {{"dtr", lines->dtr == "on"}}), {});
    };
  });
}

void declare_channel(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand(
      "channel", "Channels without a port: typed on with send, heard in the journal");
  command->require_subcommand(1);
  const auto name = std::make_shared<std::string>();
  auto* const add = command->add_subcommand("add", "Opens one");
  add->add_option("NAME", *name, "What it is called")->required();
  add->callback([&action, name] {
    action = [name](Session& session) -> Outcome {
      const auto answer = session.send("POST", session.path("/channels"), {{"name", *name}});
      return as_text(session, answer, fmt::format("channel {}\n", *name));
    };
  });
  auto* const remove = command->add_subcommand("rm", "Closes it");
  remove->add_option("NAME", *name, "What it is called")->required();
  remove->callback([&action, name] {
    action = [name](Session& session) -> Outcome {
      const auto path = session.path("/channels/" + percent_encoded(*name));
      return as_text(session, session.ask({.method = "DELETE", .target = path}), {});
    };
  });
}

}  // namespace

void declare_traffic_commands(CLI::App& app, Action& action) {
  declare_sms(app, action);
  declare_inject(app, action);
  declare_send(app, action);
  declare_lines(app, action);
  declare_channel(app, action);
}

}  // namespace emulator::ctl
