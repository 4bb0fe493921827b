// What a route is, and finding the one that a request is for. The table is in routes.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "http/message.h"

namespace dossier::web {

struct context;

// A request with what its route matched.
struct routed_request {
  http::request& http;
  std::vector<std::string> captures = {};  // in order of the pattern's {names}; never empty ones
  std::uint64_t field_bytes = 0;           // the most that its fields may take; 0: the route takes none
};

// Who may use a route: so far, whoever reaches the server.
enum class who { anyone };

// What may send a request to it, when that is a browser.
enum class sent_from {
  our_pages,  // it changes something, so what another site makes a browser send is refused
  any_page,   // other sites may link to it
  any_host,   // so they may, and it answers under any Host: probes know an address only, and learn nothing of
              // people
};

// What a body may hold. More than the limits is refused.
enum class takes {
  nothing,  // it is not read
  fields,   // a form or a JSON object: web_settings::field_bytes
  files,    // such fields, and files within the limits of the intake
};

// A column of a route that no row can leave out: it has no default.
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
  std::string_view method;   // HEAD is answered by GET's
  std::string_view pattern;  // "/people/{id}": a {name} matches one segment of the path; it labels metrics
  stated<who> may_use;
  stated<sent_from> from;
  stated<takes> body;
  stated<route_handler> handle;
};

class router {
 public:
  // Where two patterns match one path, the one that stands first wins. The routes outlive it.
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
