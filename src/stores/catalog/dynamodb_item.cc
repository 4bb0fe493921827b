#include "stores/catalog/dynamodb_item.h"

#include <chrono>
#include <string>
#include <utility>

#include "base/sha256.h"

namespace dossier::stores {
namespace {

using aws::dynamodb::find_integer;
using aws::dynamodb::find_text;
using aws::dynamodb::item;
using aws::dynamodb::to_number;

std::string text_of(const item& from, std::string_view name) {
  const auto* text = find_text(from, name);
  return text != nullptr ? *text : std::string();
}

}  // namespace

item to_dynamodb(const domain::catalog_item& what) {
  item all = key_of(what.key);
  if (!what.author.empty()) all.emplace(author_attribute, what.author);
  all.emplace("PersonId", to_number(what.person.value));
  all.emplace("FileId", to_number(what.file.value));
  all.emplace("Name", what.name);
  all.emplace("Size", to_number(static_cast<std::int64_t>(what.size)));
  all.emplace("Sha256", base::to_hex(what.digest));
  all.emplace("MediaType", what.media_type);
  all.emplace("CreatedAt", to_number(what.created_at.time_since_epoch().count()));
  return all;
}

std::optional<domain::catalog_item> from_dynamodb(const item& what) {
  const auto file = find_integer(what, "FileId");
  if (!file) return std::nullopt;
  domain::catalog_item read;
  read.key = {text_of(what, filename_attribute)};
  read.author = text_of(what, author_attribute);
  read.person = {find_integer(what, "PersonId").value_or(0)};
  read.file = {*file};
  read.name = text_of(what, "Name");
  read.size = static_cast<std::uint64_t>(find_integer(what, "Size").value_or(0));
  read.digest = base::digest_from_hex(text_of(what, "Sha256")).value_or(base::sha256_digest{});
  read.media_type = text_of(what, "MediaType");
  read.created_at = base::time_point(std::chrono::milliseconds(find_integer(what, "CreatedAt").value_or(0)));
  return read;
}

item mark_of(const domain::records_identity& who) {
  item mark = key_of({std::string(mark_key)});
  mark.emplace(mark_attribute, who.value);
  return mark;
}

item key_of(const domain::object_key& key) {
  item only;
  only.emplace(filename_attribute, key.value);
  return only;
}

}  // namespace dossier::stores
