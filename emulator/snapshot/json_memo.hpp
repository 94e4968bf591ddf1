// The document of a snapshot in JSON: what the parts of the module write is collected in an object,
// and read from one. A text that is no UTF-8 stands as {"base64":"…"}. Used by save() and
// restore().
#pragma once

#include "at_engine/memo.hpp"

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace emulator::snapshot {

class WritingMemo : public at::Memo {
 public:
  explicit WritingMemo(nlohmann::json& document) : places_{&document} {}

  [[nodiscard]] bool restoring() const override { return false; }
  void number(std::string_view name, std::int64_t& value, const at::Param& range) override;
  void flag(std::string_view name, bool& value) override;
  void bytes(std::string_view name, std::string& value, const at::Param& range) override;
  bool maybe(std::string_view name, bool there) override;
  void enter(std::string_view name) override;
  std::size_t enter_list(std::string_view name, std::size_t count, std::size_t most) override;
  void enter_item(std::size_t i) override;
  void leave() override { places_.pop_back(); }
  void refuse(std::string_view name, std::string_view why) override;

 private:
  nlohmann::json& make(std::string_view name, nlohmann::json value);

  std::vector<nlohmann::json*> places_;  // the innermost last
};

/// Why a document does not do.
struct Damage {
  std::string field;  // "module.power.level"
  std::string detail;
};

class ReadingMemo : public at::Memo {
 public:
  explicit ReadingMemo(const nlohmann::json& document) : places_{{&document, {}}} {}

  /// The first refusal, if there was any.
  [[nodiscard]] const std::optional<Damage>& damage() const { return damage_; }

  [[nodiscard]] bool restoring() const override { return true; }
  void number(std::string_view name, std::int64_t& value, const at::Param& range) override;
  void flag(std::string_view name, bool& value) override;
  void bytes(std::string_view name, std::string& value, const at::Param& range) override;
  bool maybe(std::string_view name, bool there) override;
  void enter(std::string_view name) override;
  std::size_t enter_list(std::string_view name, std::size_t count, std::size_t most) override;
  void enter_item(std::size_t i) override;
  void leave() override { places_.pop_back(); }
  void refuse(std::string_view name, std::string_view why) override;

 private:
  struct Place {
    const nlohmann::json* value;  // null: there is none
    std::string path;
  };
  [[nodiscard]] const nlohmann::json* find(std::string_view name);
  [[nodiscard]] std::string path_of(std::string_view name) const;

  std::vector<Place> places_;  // the innermost last
  std::optional<Damage> damage_;
};

/// Where two documents differ first: a path as in Damage. Only of two that do.
[[nodiscard]] std::string first_difference(const nlohmann::json& one, const nlohmann::json& other);

}  // namespace emulator::snapshot
