// A request's method as a label for metrics and logs: one of a few, whatever clients invent.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace dossier::app {

inline constexpr std::array<std::string_view, 8> method_labels = {"GET",    "HEAD", "POST",    "PATCH",
                                                                  "DELETE", "PUT",  "OPTIONS", "other"};

constexpr std::size_t method_index(std::string_view method) {
  std::size_t i = 0;
  while (i + 1 < method_labels.size() && method_labels[i] != method) ++i;
  return i;
}

constexpr std::string_view method_label(std::string_view method) {
  return method_labels[method_index(method)];
}

}  // namespace dossier::app
