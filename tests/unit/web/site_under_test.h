// The frame with all routes over the real use cases and stores in memory.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "domain/intake.h"
#include "domain/lease_keeper.h"
#include "domain/people.h"
#include "domain/worker.h"
#include "fake_request.h"
#include "fakes/manual_clock.h"
#include "fakes/seeded_random.h"
#include "memory_stores.h"
#include "web/frame.h"

namespace dossier::web {

struct site_under_test {
  explicit site_under_test(intake_limits limits = {}, web_settings settings = {})
      : submissions(rows, objects, leases, tasks, random, limits),
        known(rows, objects, items, tasks),
        ctx{.intake = submissions,
            .people = known,
            .clock = clock,
            .ops = {},
            .settings = std::move(settings)} {
    site = std::make_unique<frame>(ctx);
  }

  http::response send(http::request& req) { return fakes::run_sync(site->handle(req)); }
  http::response send(std::string method, std::string_view target, fake_request::header_list headers = {},
                      std::string body = {}) {
    fake_request req(std::move(method), target, std::move(headers), std::move(body));
    return send(req);
  }

  // A person made through the API, with one file.
  http::response submit(std::string name = "Anna Berg", std::string file = "hello, world",
                        fake_request::header_list more = {});

  fakes::manual_clock clock;
  fakes::seeded_random random{1};
  memory_records rows;
  memory_objects objects;
  memory_catalog items;
  lease_keeper leases{rows, milliseconds(15'000)};
  worker tasks{rows, objects, items, random, {}};
  intake submissions;
  people known;
  context ctx;
  std::unique_ptr<frame> site;
};

// A multipart body with the boundary "b".
struct form_part {
  std::string name;
  std::string value;
  std::optional<std::string> filename = {};
};
inline std::string multipart(const std::vector<form_part>& parts) {
  std::string body;
  for (const auto& part : parts) {
    body += "--b\r\nContent-Disposition: form-data; name=\"" + part.name + '"';
    if (part.filename) body += "; filename=\"" + *part.filename + "\"\r\nContent-Type: image/png";
    body += "\r\n\r\n" + part.value + "\r\n";
  }
  return body + "--b--\r\n";
}
inline const std::pair<std::string, std::string> multipart_type{"content-type",
                                                                "multipart/form-data; boundary=b"};
inline const std::pair<std::string, std::string> json_type{"content-type", "application/json"};

inline http::response site_under_test::submit(std::string name, std::string file,
                                              fake_request::header_list more) {
  more.push_back(multipart_type);
  return send("POST", "/api/v1/people", std::move(more),
              multipart({{"name", std::move(name)},
                         {"location", "Oslo"},
                         {"age", "41"},
                         {"technology", "C++"},
                         {"file_name", std::move(file), "note.txt"}}));
}

inline std::string header_of(const http::response& answer, std::string_view name) {
  return std::string(find_header(answer, name).value_or("(absent)"));
}

}  // namespace dossier::web
