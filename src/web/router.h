// What a route is, and how the route of a request is found. The table of routes is in routes.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "http/message.h"
#include "web/rate_limits.h"
#include "web/visitor.h"

namespace dossier::web {

struct context;

// A request with what its route matched.
struct routed_request {
  http::request& http;
  std::vector<std::string> captures = {};  // in the order of the pattern's {names}; none is empty
  std::uint64_t field_bytes = 0;           // the most bytes that its fields may have; 0: the route takes none
  visitor from = {};                       // who sends it

  domain::actor actor() const { return actor_of(from, http); }
};

// Which pages may make a browser send a request to a route.
enum class sent_from {
  our_pages,  // the route changes something, so no other site may make a browser send it
  any_page,   // other sites may link to it
  any_host,  // as any_page, and the route answers under any Host and without asking a store who is there: the
             // answers hold nothing about people
};

// What a request's body may hold. A body over its limits is refused.
enum class takes {
  nothing,  // it is not read
  fields,   // a form or a JSON object of at most web_settings::field_bytes
  files,    // such fields, and files within the limits of the intake
};

// How long ago whoever uses a route may have given the password. For what matters, it is asked again.
enum class proven {
  any_time,
  recently,  // for a page: in the last quarter of an hour; for what its forms send: twice as long
};

// A column in the table of routes. It has no default, so that no row can leave it out.
template <class T>
class stated {
 public:
  constexpr stated(T value) : value_(value) {}     // NOLINT(google-explicit-constructor)
  constexpr operator T() const { return value_; }  // NOLINT(google-explicit-constructor)

 private:
  T value_;
};

using route_handler = awaitable<http::response> (*)(const context& ctx, routed_request in);

struct route {
  std::string_view method;   // a GET route answers HEAD too
  std::string_view pattern;  // "/people/{id}": a {name} matches one segment of a path; a label in metrics
  stated<who> may_use;
  stated<sent_from> from;
  stated<takes> body;
  stated<proven> password;
  stated<counted> limit;  // how often one client may use it
  stated<route_handler> handle;
};

class router {
 public:
  // If two patterns match a path, the first one wins. The routes must outlive the router.
  explicit router(std::span<const route> routes) : routes_(routes) {}

  struct match {
    const route* found = nullptr;
    const route* same_path = nullptr;  // the first whose pattern matched, whatever its method
    std::vector<std::string> captures;
    std::vector<std::string_view> allowed;  // methods of the path, when only the method did not match
  };
  match find(std::string_view method, std::string_view path) const;

 private:
  std::span<const route> routes_;
};

// "GET, HEAD, POST", for the Allow header.
std::string join_methods(const std::vector<std::string_view>& methods);

}  // namespace dossier::web
