// Everything that can be set, as typed values and as one table. The table drives the TOML file, the
// environment, the flags, `config check` and the help; configuration.h puts the layers together.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/upload_memory.h"
#include "domain/intake.h"
#include "domain/sign_in.h"
#include "domain/worker.h"
#include "http/server.h"
#include "stores/open.h"
#include "web/context.h"

namespace dossier::app {

using std::chrono::milliseconds;

enum class log_style { automatic, text, json };  // automatic: text on a terminal, JSON otherwise

enum class database_sign_in { password, iam };  // iam: with a token of RDS instead of a password

struct settings {
  std::string listen = "127.0.0.1:8080";
  std::string data = "./data";
  milliseconds drain_time{10'000};
  log_style log_format = log_style::automatic;
  base::log_level log_level = base::log_level::info;
  bool log_requests = true;
  http::server_settings server;  // address and port come from `listen`
  unsigned connections = 0;      // at a time; 0: 4096, or as many as can be open (descriptors.h)
  std::uint64_t upload_memory = base::upload_memory::usual_limit;
  domain::intake_limits intake;
  domain::sign_in_settings sign_in;
  domain::worker_settings worker;
  stores::store_options stores{.embedded = {.reserve = stores::usual_reserve}};

  // Where the stores are, as URLs (address_settings.h); empty: in `data`.
  std::string records;
  std::string objects;
  std::string catalog;
  // MySQL's host, when the URL names none, and its password. Each may be a reference.
  std::string records_host = "ssm:rds_host";
  std::string records_password = "ssm:rds-db-password";
  database_sign_in mysql_sign_in = database_sign_in::password;
  // Where the origin is, for `dossier import origin`.
  struct {
    std::string records;
    std::string objects;
    std::string catalog = "dynamodb://My_Table";
    std::string records_host = "ssm:rds_host";
    std::string records_password = "ssm:rds-db-password";
  } from;
  std::string dynamodb_index = "Author-index";
  std::string s3_staging;
  web::web_settings web;  // public_url is one of its allowed hosts
  std::string public_url;
  std::vector<std::string> proxies;  // networks
  std::string set_up_token;          // empty: there is no set-up link, unless set_up_print is on
  bool set_up_print = false;
  std::string operations_listen;  // empty: the routes for operators are on `listen`
};

enum class audience { every_command, serve, import_origin };

struct setting {
  std::string_view name;         // its key in the file: http.idle_time
  std::string_view form;         // what a value looks like: SIZE, DURATION, …
  std::string_view description;  // one sentence without a full stop
  audience used_by = audience::serve;
  bool secret = false;
  bool quiet = false;      // an error of assign() does not repeat the value
  bool read_late = false;  // a reference is kept, and read where the value is used

  // Reads a value; the error says what is wrong with it and how to write it.
  std::function<base::result<void>(settings&, std::string_view text)> assign = {};
  std::function<std::string(const settings&)> show = {};

  // A flag that takes no value and sets this one: --file-optional means intake.file_required=false.
  std::string_view short_flag = {};
  std::string_view short_value = {};
};

// http.idle_time → DOSSIER_HTTP_IDLE_TIME and --http-idle-time.
std::string variable_of(const setting& which);
std::string flag_of(const setting& which);

std::vector<setting> all_settings();

}  // namespace dossier::app
