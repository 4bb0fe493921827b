#include "stores/sql/former_words.h"

#include <algorithm>
#include <iterator>

#include "stores/sql/query.h"

namespace dossier::stores::sql {
namespace {

// In one statement. Each count below it is a statement of its own, which stays prepared.
constexpr std::size_t most_words_at_once = 8;

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

// Several in one statement, each of which is a message to a database elsewhere.
void add_former_words(connection& on, domain::person_id id, std::span<const std::string> words) {
  if (!on.has_former_nodes()) return;
  while (!words.empty()) {
    const auto count = std::min(words.size(), most_words_at_once);
    std::string sql = "INSERT IGNORE INTO person_word (word, person_id) VALUES (?, ?)";
    for (std::size_t i = 1; i < count; ++i) sql += ", (?, ?)";
    query insert(on, sql);
    for (const auto& word : words.first(count)) insert.add(word).add(id);
    insert.next();
    words = words.subspan(count);
  }
}

void change_former_words(connection& on, domain::person_id id, const std::vector<std::string>& before,
                         const std::vector<std::string>& after) {
  if (!on.has_former_nodes()) return;
  for (const auto& word : before) {
    if (has(after, word)) continue;
    execute(on, "DELETE FROM person_word WHERE word = ? AND person_id = ?", word, id);
  }
  std::vector<std::string> added;
  std::ranges::copy_if(after, std::back_inserter(added),
                       [&](const auto& word) { return !has(before, word); });
  add_former_words(on, id, added);
}

std::vector<std::string> split_words(std::string_view joined) {
  std::vector<std::string> words;
  while (!joined.empty()) {
    joined.remove_prefix(1);
    const auto end = std::min(joined.find(' '), joined.size());
    words.emplace_back(joined.substr(0, end));
    joined.remove_prefix(end);
  }
  return words;
}

}  // namespace dossier::stores::sql
