#include "stores/sql/connection.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "domain/records.h"

namespace dossier::stores::sql {
namespace {

constexpr std::string_view digits = "012";

template <class Named>
constexpr std::string_view number_of(Named value) {
  return digits.substr(static_cast<std::size_t>(value), 1);
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> named_values{{
    {":uploading", number_of(domain::file_state::uploading)},
    {":stored", number_of(domain::file_state::stored)},
    {":deleting", number_of(domain::file_state::deleting)},
    {":reap", number_of(domain::task_kind::reap)},
    {":index", number_of(domain::task_kind::index)},
    {":erase", number_of(domain::task_kind::erase)},
}};

void replace_all(std::string& text, std::string_view word, std::string_view by) {
  if (word == by) return;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
}

}  // namespace

std::string spell(std::string_view sql, const dialect& words) {
  std::string text(sql);
  replace_all(text, "now_ms()", words.now_ms);
  replace_all(text, "/*lock*/", words.lock);
  replace_all(text, "/*lock or skip*/", words.lock_or_skip);
  replace_all(text, "/*by key*/", words.by_key);
  replace_all(text, "/*by pending*/", words.by_pending);
  replace_all(text, "CROSS JOIN", words.join_in_order);
  for (const auto& [name, number] : named_values) replace_all(text, name, number);
  return text;
}

}  // namespace dossier::stores::sql
