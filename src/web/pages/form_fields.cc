#include "web/pages/form_fields.h"

#include "base/expects.h"
#include "http/multipart.h"

namespace dossier::web {
namespace {

using fields = std::vector<http::name_value>;

// False for what browsers send when no file was chosen.
bool is_some_file(const http::part& part, const std::string& bytes) {
  return part.filename_unreadable || (part.filename && (!part.filename->empty() || !bytes.empty()));
}

awaitable<base::result<fields>> read_multipart_fields(base::byte_source& body, std::string boundary,
                                                      std::size_t limit) {
  http::multipart_reader form(body, std::move(boundary));
  fields read;
  for (;;) {
    auto part = co_await form.next_part();
    if (!part) co_return base::pass(part);
    if (!*part) co_return read;
    auto value = co_await http::read_all(form.content(), limit);
    if (!value) co_return base::pass(value);
    base::expects(value->size() <= limit, "a field takes no more than the form has left");
    limit -= value->size();
    if (is_some_file(**part, *value)) {
      co_return base::fail(
          base::error_code::invalid,
          "Files cannot be sent with this form, so nothing was done. Add them on the record's page.");
    }
    read.push_back({std::move((*part)->name), std::move(*value)});
  }
}

}  // namespace

awaitable<base::result<std::vector<http::name_value>>> read_form_fields(http::request& req,
                                                                        std::size_t limit) {
  const auto type = req.header("content-type");
  if (auto boundary = type ? http::boundary_of(*type) : std::nullopt)
    co_return co_await read_multipart_fields(req.body(), std::move(*boundary), limit);
  auto text = co_await http::read_all(req.body(), limit);
  if (!text) co_return base::pass(text);
  co_return http::parse_form(*text);
}

std::string field_or_empty(const std::vector<http::name_value>& fields, std::string_view name) {
  return std::string(http::find(fields, name).value_or(std::string_view()));
}

}  // namespace dossier::web
