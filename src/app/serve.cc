#include "app/serve.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>
#include <variant>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/address_settings.h"
#include "app/background.h"
#include "app/command_line.h"
#include "app/descriptors.h"
#include "app/health.h"
#include "app/logging.h"
#include "app/metrics.h"
#include "app/operations_server.h"
#include "app/run_to_end.h"
#include "app/serve_settings.h"
#include "app/store_settings.h"
#include "app/termination.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/expects.h"
#include "base/log.h"
#include "domain/intake.h"
#include "domain/lease_keeper.h"
#include "domain/people.h"
#include "domain/worker.h"
#include "http/server.h"
#include "stores/open.h"
#include "web/frame.h"

namespace dossier::app {
namespace {

void warn_of(std::string_view what, const std::string& path, std::string_view mode) {
  struct ::stat found = {};
  if (path.empty() || ::stat(path.c_str(), &found) != 0 || (found.st_mode & 077) == 0) return;
  base::log_warning(fmt::format("{} is open to other users of this machine", what),
                    {{"path", path},
                     {"mode", fmt::format("{:04o}", found.st_mode & 07777)},
                     {"to_do", fmt::format("chmod {} {}", mode, path)}});
}

}  // namespace

void warn_of_what_is_open(const settings& chosen) {
  warn_of("the data folder", chosen.data, "700");
  warn_of("the certificate's key", chosen.server.key_file, "600");
}

namespace {

using namespace std::chrono_literals;

constexpr auto health_limit = 2s;
constexpr auto farthest_ahead = 24h;
// How long the worker and the lease keeper may take to finish, after the requests have ended.
constexpr auto background_limit = 10s;

// If the clock was set back before this start, time goes on from when the data was last written. But not if
// that is more than a day ahead: then the earlier clock was wrong.
void go_on_from(const stores::locations& where, base::onward_clock& clock) {
  const auto* file = std::get_if<stores::sqlite_location>(&where.records);
  if (!file) return;
  const auto wall = clock.now();
  for (const auto& path : {file->file, std::filesystem::path(file->file.string() + "-wal")}) {
    struct ::stat found = {};
    if (::stat(path.c_str(), &found) != 0) continue;
    const base::time_point written{std::chrono::seconds(found.st_mtim.tv_sec)};
    if (written <= wall || written > wall + farthest_ahead) continue;
    base::log_warning("the clock is behind the time when the data was last written; time goes on from there",
                      {{"seconds", std::chrono::duration<double>(written - wall).count()}});
    clock.not_before(written);
  }
}

std::string make_set_up_token() {
  std::array<std::byte, 20> bytes{};
  base::system_random().fill(bytes);
  return base::hex_encode(bytes);
}

int refuse(const base::error& why) {
  fmt::print(stderr, "{}\n", why.message);
  return 1;
}

// The use cases of the domain, which work on the stores. Members are destroyed from the last to the first:
// users before what they use.
struct use_cases {
  use_cases(stores::opened_stores& over, const settings& chosen, const base::clock& clock)
      : leases(*over.records, chosen.intake.lease),
        tasks(*over.records, *over.objects, *over.catalog, random, chosen.worker),
        intake(*over.records, *over.objects, leases, tasks, random, chosen.intake),
        people(*over.records, *over.objects, *over.catalog, tasks),
        sign_in(over.records->accounts(), random, chosen.sign_in),
        second_factor(sign_in, random, clock) {
    if (!chosen.set_up_token.empty()) set_up.emplace(sign_in, chosen.set_up_token);
  }

  base::system_random random;
  domain::lease_keeper leases;
  domain::worker tasks;
  domain::intake intake;
  domain::people people;
  domain::sign_in sign_in;
  domain::second_factor second_factor;
  std::optional<domain::set_up> set_up;
};

awaitable<std::string> render_metrics(metrics& watched, const stores::opened_stores& opened,
                                      const http::server* server, const base::upload_memory& memory) {
  metrics::snapshot now;
  now.connections = server ? server->connections() : 0;
  now.upload_memory = memory.in_use();
  now.upload_memory_limit = memory.limit();
  now.lost_log_lines = base::lost_log_lines();
  if (opened.staging) now.staging = opened.staging();
  if (opened.reads) now.reads = opened.reads();
  if (auto tasks = co_await opened.records->task_stats()) now.tasks = *tasks;
  co_return watched.render(now);
}

// Those for operators may have a listener of their own.
std::vector<web::route> routes_of(const settings& chosen) {
  const auto all = web::all_routes();
  std::vector<web::route> routes(all.begin(), all.end());
  if (!chosen.operations_listen.empty())
    std::erase_if(routes, [](const auto& one) { return one.may_use == web::who::operator_; });
  return routes;
}

// Everything that answers requests, with its open stores.
struct opened_site {
  opened_site(stores::opened_stores opened, const settings& chosen, base::clock& clock, web::operations ops)
      : stores(std::move(opened)),
        domain(stores, chosen, clock),
        context{domain.intake, domain.people, clock, std::move(ops), web_settings_of(chosen)},
        routes(routes_of(chosen)),
        handler(context, routes) {
    context.sign_in = &domain.sign_in;
    context.second_factor = &domain.second_factor;
    context.audit = &stores.records->audit();
    if (domain.set_up) context.set_up = &*domain.set_up;
  }

  stores::opened_stores stores;
  use_cases domain;
  web::context context;
  std::vector<web::route> routes;
  web::frame handler;
};

// Listens before it opens its data, so that nothing is changed if the port is in use. It answers requests
// from run() on.
class service final : http::handler {
 public:
  service(const settings& chosen, base::clock& clock, metrics& watched, aws_session& aws)
      : chosen_(chosen), clock_(clock), watched_(watched), aws_(aws), memory_(chosen.upload_memory) {}

  base::result<void> listen(const listen_address& where, connection_share share) {
    base::expects(!server_, "a service listens once");
    auto settings = server_settings_of(chosen_, where, share, memory_);
    settings.lag_observer = [this](std::chrono::nanoseconds late) {
      watched_.observe_lag(late);
    };
    auto listening = http::server::listen(std::move(settings), *this,
                                          [this](const http::exchange& done) { observe(done); });
    if (!listening) return base::pass(listening);
    server_ = std::move(*listening);
    return {};
  }

  base::result<void> open(const stores::locations& stores) {
    base::expects(server_ && !site_, "a service listens before it opens its stores, and opens them once");
    auto opened = open_stores(chosen_, stores, clock_, watched_.call_observer(), aws_);
    if (!opened) return base::pass(opened);
    if (auto ours = make_sure(*opened); !ours) return ours;
    if (opened->migrated > 0) base::log_info("migrated", {{"scripts", opened->migrated}});
    stores_ = show(stores);
    site_ = std::make_unique<opened_site>(std::move(*opened), chosen_, clock_, operations());
    if (!chosen_.operations_listen.empty()) {
      const auto where = parse_listen_address(chosen_.operations_listen);
      base::expects(where.has_value(), "the address for operators was checked");
      auto listening = operations_server::listen(chosen_, *where, site_->context);
      if (!listening) return base::pass(listening);
      operations_ = std::move(*listening);
    }
    auto& set_up = site_->domain.set_up;
    return set_up ? run_to_end(set_up->begin()) : base::result<void>();
  }

  // Whether there is an account: without one, only this machine may reach the server.
  base::result<bool> has_accounts() {
    base::expects(site_ != nullptr, "a service has opened its stores");
    return run_to_end(site_->stores.records->accounts().has_accounts());
  }

  // Serves until `end` says that the process must end; returns the exit code.
  int run(const listen_address& where, termination& end) {
    base::expects(server_ && site_, "a service listens and has opened its stores before it runs");
    const auto loop = server_->loops().front();
    background leases(loop, site_->domain.leases.run(), "lease keeper");
    background tasks(loop, site_->domain.tasks.run(), "worker");
    aws_.no_more_patience();
    server_->start();
    if (operations_) operations_->start();
    ready_ = true;
    announce(where);
    look_after_itself(end);

    ready_ = false;
    base::log_info("stopping");
    bool tasks_finished = false;
    const auto stop_background = [&] {
      site_->domain.tasks.stop();
      site_->domain.leases.stop();
      tasks_finished = tasks.wait(background_limit) && leases.wait(background_limit);
      aws_.stop();
    };
    const bool operations_ended = !operations_ || operations_->end();
    const auto how = end_serving(*server_, site_->stores, stop_background, {.drain = chosen_.drain_time});
    base::log_info("stopped", {{"drained", how.drained ? "yes" : "no"},
                               {"tasks_finished", tasks_finished ? "yes" : "no"}});
    const int code = tasks.failed() || leases.failed() ? 1 : 0;
    if (!how.whole || !operations_ended) leave_unfinished(code);
    return code;
  }

 private:
  // A store that cannot be reached does not prevent the start: it is then checked before the first write.
  static base::result<void> make_sure(const stores::opened_stores& opened) {
    for (const auto& confirm : opened.confirm) {
      auto ours = run_to_end(confirm());
      if (ours) continue;
      if (ours.error().code == base::error_code::conflict) return ours;
      base::log_warning("not known yet whether a store belongs to these records",
                        {{"reason", ours.error().message}});
    }
    return {};
  }

  awaitable<http::response> handle(http::request& req) override { return site_->handler.handle(req); }
  http::response error_page(unsigned status, std::string_view message, std::string_view id,
                            std::string_view accept) override {
    return site_->handler.error_page(status, message, id, accept);
  }

  web::operations operations() {
    return {.ready = [this] { return ready_.load(); },
            .check_stores = [this] { return app::check_stores(site_->stores, health_limit); },
            .metrics =
                [this] {
                  return render_metrics(watched_, site_->stores, server_.get(), memory_);
                }};
  }

  // Returns when the process is told to end.
  void look_after_itself(termination& end) {
    upkeep now_and_then;
    for (;;) {
      switch (end.wait(upkeep::every)) {
        case termination::told::end:
          return;
        case termination::told::reload:
          reload();
          break;
        case termination::told::nothing:
          now_and_then.run(server_->connections());
      }
    }
  }

  void reload() {
    const bool log = base::reopen_log_file();
    const auto certificate = server_->reload_certificate();
    if (!certificate) {
      base::log_error("the certificate was not read again; the one before stays",
                      {{"reason", certificate.error().message}});
    }
    base::log_info("read again",
                   {{"log_file", log ? "yes" : "no"}, {"certificate", certificate ? "yes" : "no"}});
    warn_of_what_is_open(chosen_);
  }

  void observe(const http::exchange& done) {
    watched_.observe(done);
    if (chosen_.log_requests) log_exchange(done);
  }

  void announce(listen_address where) {
    where.port = server_->port();
    const bool tls = !chosen_.server.certificate_file.empty();
    base::log_info("serving", {{"version", own_version}, {"stores", stores_}});
    const auto address = fmt::format("{}://{}", tls ? "https" : "http", show(where));
    fmt::print("Dossier is at {}/\n", address);
    if (operations_) fmt::print("Operators find it at http://{}/\n", show(operations_->address()));
    announce_set_up(chosen_.public_url.empty() ? address : web_settings_of(chosen_).public_origin);
    std::fflush(stdout);
  }

  // The token is printed only when it was made for this start.
  void announce_set_up(const std::string& address) {
    auto& set_up = site_->domain.set_up;
    const auto state = set_up ? run_to_end(set_up->look()) : domain::set_up::state::closed;
    if (!state || *state == domain::set_up::state::closed) return;
    if (*state == domain::set_up::state::expired) {
      fmt::print(
          "Dossier is not set up, and the half hour of this set_up.token is over: give it another value.\n");
    } else if (chosen_.set_up_print) {
      fmt::print("Add the first account, within 30 minutes, at {}/set-up/{}\n", address,
                 chosen_.set_up_token);
    } else {
      fmt::print("Add the first account, within 30 minutes, at {}/set-up/ and the value of set_up.token\n",
                 address);
    }
  }

  const settings& chosen_;
  base::clock& clock_;
  metrics& watched_;
  aws_session& aws_;
  base::upload_memory memory_;
  std::string stores_;  // where they are, for the log
  std::atomic<bool> ready_ = false;
  std::unique_ptr<opened_site> site_;
  std::unique_ptr<operations_server> operations_;
  std::unique_ptr<http::server> server_;  // last, so destroyed first: its requests use all the others
};

}  // namespace

int serve(const settings& given) {
  const auto where = parse_listen_address(given.listen);
  if (!where) return refuse(where.error());

  termination end;
  const logging log(given);
  const base::system_clock wall;
  base::onward_clock clock(wall);
  metrics watched(own_version);
  aws_session aws(aws::process_environment(), watched.call_observer(), patience_at_start());
  const auto named = named_locations(given);
  if (!named) return refuse(named.error());
  const bool set_up = given.set_up_print || !given.set_up_token.empty();
  // Without a database there are no accounts, and nothing is made in a folder that would not be served.
  if (const auto* file = std::get_if<stores::sqlite_location>(&named->records);
      file && !is_loopback(where->host) && !set_up && !std::filesystem::exists(file->file)) {
    return refuse(needs_accounts(*where));
  }
  auto chosen = with_shared_memory(given, *named);
  if (chosen.set_up_print) chosen.set_up_token = make_set_up_token();
  service one(chosen, clock, watched, aws);
  const auto share = make_room_for_connections(chosen, *named);
  if (!share) return refuse(share.error());
  if (const auto listening = one.listen(*where, *share); !listening) return refuse(listening.error());
  const auto stores = locations_of(chosen, aws);
  if (!stores) return refuse(stores.error());
  const auto lock = lock_for(*stores);
  if (!lock) return refuse(lock.error());
  warn_of_what_is_open(chosen);
  go_on_from(*stores, clock);
  if (const auto opened = one.open(*stores); !opened) return refuse(opened.error());
  if (!set_up && (!is_loopback(where->host) || !chosen.public_url.empty())) {
    const auto accounts = one.has_accounts();
    if (!accounts) return refuse(accounts.error());
    if (!*accounts && !is_loopback(where->host)) return refuse(needs_accounts(*where));
    if (!*accounts) {
      base::log_warning("there are no accounts: whoever the proxy lets through may do all",
                        {{"public_url", chosen.public_url}, {"to_do", "dossier user add NAME --role admin"}});
    }
  }
  return one.run(*where, end);
}

}  // namespace dossier::app
