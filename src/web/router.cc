#include "web/router.h"

#include <algorithm>

namespace dossier::web {
namespace {

// Takes "/segment" off the front.
std::string_view take_segment(std::string_view& rest) {
  const auto end = rest.find('/', 1);
  const auto segment = rest.substr(0, end);
  rest.remove_prefix(segment.size());
  return segment;
}

bool is_capture(std::string_view segment) {
  return segment.starts_with("/{");
}

// Calls capture(text) for each {name} that matched.
template <class Capture>
bool matches(std::string_view pattern, std::string_view path, Capture capture) {
  // Most patterns already differ before their first {name}: one comparison is enough.
  if (!path.starts_with(pattern.substr(0, pattern.find('{')))) return false;
  while (!pattern.empty() && !path.empty()) {
    const auto expected = take_segment(pattern);
    const auto actual = take_segment(path);
    if (is_capture(expected)) {
      if (actual.size() < 2) return false;
      capture(actual.substr(1));
    } else if (expected != actual) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

void add_once(std::vector<std::string_view>& methods, std::string_view method) {
  if (std::ranges::find(methods, method) == methods.end()) methods.push_back(method);
}

}  // namespace

router::match router::find(std::string_view method, std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  match answer;
  for (const route& candidate : routes_) {
    if (!matches(candidate.pattern, path, [](std::string_view) {})) continue;
    if (answer.same_path == nullptr) answer.same_path = &candidate;
    if (candidate.method == wanted) {
      matches(candidate.pattern, path, [&](std::string_view text) { answer.captures.emplace_back(text); });
      answer.found = &candidate;
      answer.allowed.clear();
      return answer;
    }
    add_once(answer.allowed, candidate.method);
    if (candidate.method == "GET") add_once(answer.allowed, "HEAD");
  }
  return answer;
}

std::string join_methods(const std::vector<std::string_view>& methods) {
  std::string text;
  for (const auto method : methods) {
    if (!text.empty()) text += ", ";
    text += method;
  }
  return text;
}

}  // namespace dossier::web
