// Routes as a table: method and pattern → handler. A pattern's {names} match one segment of the path each.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "http/message.h"

namespace dossier::web {

// A request with what its route matched.
struct routed_request {
  http::request& http;
  std::vector<std::string> captures;  // in order of the pattern's {names}; never empty ones
};

using route_handler = std::function<awaitable<http::response>(routed_request)>;

struct route {
  std::string_view method;   // HEAD is answered by GET's
  std::string_view pattern;  // "/people/{id}"; a static string, it labels metrics
  route_handler handle;
};

class router {
 public:
  // Where two patterns match one path, the one that was added first wins.
  void add(std::vector<route> routes);

  struct match {
    const route* found = nullptr;
    std::vector<std::string> captures;
    std::vector<std::string_view> allowed;  // methods of the path, when only the method did not match
  };
  // The route it points to lives until the next add().
  match find(std::string_view method, std::string_view path) const;

 private:
  std::vector<route> routes_;
};

// "GET, HEAD, POST", for the Allow header.
std::string join_methods(const std::vector<std::string_view>& methods);

}  // namespace dossier::web
