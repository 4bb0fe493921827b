// Routes as a table: method and pattern → handler. A pattern's {names} match one segment of the path.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "http/message.h"

namespace dossier::web {

// A request with what its route matched.
struct routed_request {
  http::request& http;
  std::vector<std::string> captures;  // in order of the pattern's {names}
};

using route_handler = std::function<awaitable<http::response>(routed_request)>;

struct route {
  std::string_view method;   // HEAD is answered by GET's
  std::string_view pattern;  // "/people/{id}"; a static string, it labels metrics
  route_handler handle;
};

class router {
 public:
  void add(std::vector<route> routes);

  struct match {
    const route* found = nullptr;
    std::vector<std::string> captures;
    std::vector<std::string_view> allowed;  // methods of the pattern, when only the method did not match
  };
  match find(std::string_view method, std::string_view path) const;

 private:
  std::vector<route> routes_;
};

}  // namespace dossier::web
