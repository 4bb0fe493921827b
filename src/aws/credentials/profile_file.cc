#include "aws/credentials/profile_file.h"

#include <optional>
#include <utility>

#include "base/ascii.h"

namespace dossier::aws {
namespace {

std::unexpected<std::string> wrong(std::size_t line, std::string_view what) {
  return std::unexpected("line " + std::to_string(line) + ": " + std::string(what));
}

// A line may end with a comment, if white space stands before the comment.
std::string_view without_comment(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if ((text[at] == '#' || text[at] == ';') && base::ascii_space(text[at - 1])) return text.substr(0, at);
  }
  return text;
}

std::string_view unquoted(std::string_view name) {
  const bool quoted =
      name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.front() == name.back();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

struct section_name {
  std::string_view type;  // "profile" or "sso-session"; others are skipped
  std::string_view name;
};

// "profile \"dev box\"" → {profile, dev box}
section_name read_section(std::string_view inner, profile_file_kind kind) {
  inner = base::ascii_trim(inner);
  if (kind == profile_file_kind::credentials) return {"profile", unquoted(inner)};
  if (inner == "default") return {"profile", inner};
  std::size_t end = 0;
  while (end < inner.size() && !base::ascii_space(inner[end])) ++end;
  return {inner.substr(0, end), unquoted(base::ascii_trim(inner.substr(end)))};
}

class reader {
 public:
  reader(profiles& all, profile_file_kind kind) : all_(all), kind_(kind) {}

  std::expected<void, std::string> line(std::size_t number, std::string_view text) {
    const bool nested = !text.empty() && base::ascii_space(text.front());
    const auto bare = base::ascii_trim(text);
    if (bare.empty() || bare.front() == '#' || bare.front() == ';') return {};
    if (nested && !last_.empty()) return inner_line(bare);
    if (bare.front() == '[') return section(number, bare);
    return property(number, bare);
  }

 private:
  std::expected<void, std::string> section(std::size_t number, std::string_view text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return wrong(number, "a section without its closing bracket");
    const auto [type, name] = read_section(text.substr(1, end - 1), kind_);
    last_.clear();
    started_ = true;
    current_ = nullptr;
    if (name.empty()) return {};  // no one looks for a section without a name
    if (type == "profile") current_ = &all_.by_name[std::string(name)];
    if (type == "sso-session") current_ = &all_.sso_sessions[std::string(name)];
    return {};
  }

  std::expected<void, std::string> property(std::size_t number, std::string_view text) {
    if (!started_) return wrong(number, "a value before the first section");
    const auto equals = text.find('=');
    const auto name = base::ascii_trim(text.substr(0, std::min(equals, text.size())));
    if (equals == std::string_view::npos || name.empty())
      return wrong(number, "neither a section nor name = value");
    last_ = base::ascii_lower(name);
    if (current_ != nullptr) (*current_)[last_] = base::ascii_trim(without_comment(text.substr(equals + 1)));
    return {};
  }

  // An indented line belongs to the value above it: it is a nested name and value, or continues that value.
  std::expected<void, std::string> inner_line(std::string_view text) {
    if (current_ == nullptr) return {};
    const auto equals = text.find('=');
    auto& value = (*current_)[last_];
    if (value.empty() && equals != std::string_view::npos) {
      const auto name = last_ + '.' + base::ascii_lower(base::ascii_trim(text.substr(0, equals)));
      (*current_)[name] = base::ascii_trim(without_comment(text.substr(equals + 1)));
    } else {
      value.append("\n").append(text);
    }
    return {};
  }

  profiles& all_;
  profile_file_kind kind_;
  profile* current_ = nullptr;  // null in a section that is skipped
  bool started_ = false;
  std::string last_;
};

}  // namespace

const profile* profiles::find(std::string_view name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : &found->second;
}

std::expected<void, std::string> add_profiles(profiles& all, std::string_view text, profile_file_kind kind) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  reader reads(all, kind);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (auto read = reads.line(number, line); !read) return read;
  }
  return {};
}

}  // namespace dossier::aws
