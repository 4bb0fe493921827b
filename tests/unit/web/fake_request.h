// A request made by hand, and the text of a response.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakes/memory_source.h"
#include "fakes/run.h"
#include "http/message.h"

namespace dossier::web {

class fake_request final : public http::request {
 public:
  using header_list = std::vector<std::pair<std::string, std::string>>;  // names in lower case

  fake_request(std::string with_method, std::string_view with_target, header_list headers = {},
               std::string bytes = {})
      : headers_(std::move(headers)) {
    method = std::move(with_method);
    target = with_target;
    const auto mark = with_target.find('?');
    path = with_target.substr(0, mark);
    if (mark != std::string_view::npos) query = with_target.substr(mark + 1);
    id = "req-1";
    remote = "127.0.0.1";
    host = "localhost:8080";
    set_body(std::move(bytes));
  }

  // The body comes in views of this size; where it is split must not matter.
  void set_body(std::string bytes, std::size_t view_size = 16 * 1024) {
    content_length = bytes.size();
    body_ = std::make_unique<fakes::memory_source>(std::move(bytes), view_size);
  }
  fakes::memory_source& source() { return *body_; }

  std::optional<std::string_view> header(std::string_view name) const override {
    for (const auto& [key, value] : headers_) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
  base::byte_source& body() override {
    body_was_read = true;
    return *body_;
  }

  bool body_was_read = false;

 private:
  header_list headers_;
  std::unique_ptr<fakes::memory_source> body_;
};

inline std::string body_of(http::response& answer) {
  if (auto* text = std::get_if<std::string>(&answer.body)) return *text;
  if (auto* view = std::get_if<std::string_view>(&answer.body)) return std::string(*view);
  auto read = fakes::run_sync(fakes::read_all(*std::get<2>(answer.body)));
  return read ? *read : "unreadable: " + read.error().message;
}

}  // namespace dossier::web
