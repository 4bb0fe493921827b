#include "stores/sql/dialect.h"

namespace dossier::stores::sql {
namespace {

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
  return text;
}

}  // namespace dossier::stores::sql
