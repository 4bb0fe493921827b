// The head of an answer, line by line as libcurl hands it over: the transport's side of http.h. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "aws/http.h"

namespace dossier::aws {

class answer_head {
 public:
  enum class progress { goes_on, complete, too_large };
  // A line with its end. An interim answer (1xx) announces another head, which replaces it.
  progress take(std::string_view line);
  int status() const { return status_; }
  bool complete() const { return complete_; }
  headers take_headers() { return std::move(headers_); }

 private:
  int status_ = 0;
  headers headers_;
  std::size_t bytes_ = 0;
  bool complete_ = false;
};

}  // namespace dossier::aws
