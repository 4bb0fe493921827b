// Fills a data folder with people, through Dossier's own stores, so that it is what a running Dossier would
// have made: one person in ten has a small picture. Catalog items are left owed; `dossier gc` writes them.
//
//   make_people --data DIR [--people N]       also writes the numbers of those with a file:
//   DIR/bench-with-files
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <random>
#include <string_view>

#include "base/sha256.h"
#include "fakes/details.h"
#include "load/arguments.h"
#include "load/stores_of.h"

namespace dossier::bench {
namespace {

using namespace std::string_view_literals;

constexpr auto lease = std::chrono::minutes(60);
constexpr std::uint64_t writers = 512;
constexpr std::uint64_t people_per_file = 10;

constexpr std::string_view first_names[] = {
    "Ada",      "Grace", "Alan",   "Edsger", "Barbara", "Donald",  "Frances", "Ken",  "Radia",     "Dennis",
    "Margaret", "Linus", "Karen",  "John",   "Anita",   "Niklaus", "Hedy",    "Tony", "Katherine", "Leslie",
    "Şebnem",   "Zoë",   "Jürgen", "Inés",   "Łukasz",  "Åsa",     "Noémie",  "Oleg", "Yuki",      "Chidi"};
constexpr std::string_view last_names[] = {
    "Lovelace", "Hopper",  "Turing",   "Dijkstra", "Liskov", "Knuth",  "Allen", "Thompson",
    "Perlman",  "Ritchie", "Hamilton", "Sparck",   "Backus", "Borg",   "Wirth", "Lamarr",
    "Hoare",    "Johnson", "Lamport",  "Öztürk",   "Müller", "García", "Nowak", "Sørensen",
    "Tanaka",   "Okafor",  "Ivanova",  "Haddad",   "Silva",  "Nguyễn"};
// Half of the people each: two words that many have and nobody has together.
constexpr std::string_view sides[] = {"backend", "frontend"};
constexpr std::string_view last_by_name = "Zoë";  // one in seven
constexpr std::string_view rare_place = "Ushuaia";
constexpr std::uint64_t people_per_rare_place = 10'007;
constexpr std::string_view places[] = {"Lisbon",    "Nairobi",  "Kyoto",      "Graz",       "Recife",
                                       "Tromsø",    "Gdańsk",   "Malmö",      "Lagos",      "Porto",
                                       "São Paulo", "Montréal", "Zürich",     "Cork",       "Tallinn",
                                       "Pune",      "Hà Nội",   "Valparaíso", "Wellington", "Izmir"};
constexpr std::string_view skills[] = {"C++",    "Rust",  "Go",     "Python", "Terraform", "PostgreSQL",
                                       "Kotlin", "Swift", "Erlang", "OCaml",  "Fortran",   "COBOL"};

// The smallest PNG, and then a number, so that no two are alike.
constexpr std::string_view picture =
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9c\x63\xf8"
    "\xcf"
    "\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xae\x42\x60\x82"sv;

class one_view final : public base::byte_source {
 public:
  explicit one_view(std::string_view bytes) : bytes_(bytes) {}
  awaitable<base::result<base::byte_view>> next() override {
    co_return std::as_bytes(std::span(std::exchange(bytes_, {})));
  }

 private:
  std::string_view bytes_;
};

struct filling {
  stores_of& into;
  std::ofstream with_files;
  std::uint64_t next = 0;
  std::uint64_t end = 0;
  std::mt19937_64 choice{1};

  template <std::size_t size>
  std::string_view any(const std::string_view (&of)[size]) {
    return of[choice() % size];
  }
};

// The last word of each name begins alike and is nobody else's.
domain::details make_details(filling& all, std::uint64_t number) {
  const auto first = all.choice() % 7 == 0 ? last_by_name : all.any(first_names);
  const bool rare = number % people_per_rare_place == 0;
  return fakes::known{.name = fmt::format("{} {} n{}", first, all.any(last_names), number),
                      .location = std::string(rare ? rare_place : all.any(places)),
                      .age = static_cast<int>(18 + all.choice() % 60),
                      .technology = fmt::format("{} {}", all.any(skills), all.any(sides))};
}

awaitable<domain::stored_file> store_picture(filling& all, domain::lease_token token, std::uint64_t number) {
  const auto bytes = std::string(picture) + std::to_string(number);
  const domain::object_key key{all.into.random.token()};
  auto begun = must(co_await all.into.stores.records->begin_file({.lease = token,
                                                                  .lease_for = lease,
                                                                  .key = key,
                                                                  .name = fmt::format("photo-{}.png", number),
                                                                  .claim = {}}));
  one_view source(bytes);
  must(co_await all.into.stores.objects->put(key, source));
  co_return domain::stored_file{.id = std::get<domain::file_id>(begun),
                                .size = bytes.size(),
                                .digest = base::sha256_of(bytes),
                                .media_type = "image/png"};
}

awaitable<void> fill(filling& all) {
  while (all.next < all.end) {
    const auto number = all.next++;
    domain::commit_request request;
    request.lease = {all.into.random.token()};
    request.lease_for = lease;
    request.details = make_details(all, number);
    if (number % people_per_file == 0) {
      request.files.push_back(co_await store_picture(all, request.lease, number));
    }
    const bool has_file = !request.files.empty();
    const auto made = must(co_await all.into.stores.records->commit_submission(std::move(request)));
    if (has_file) all.with_files << std::get<domain::person>(made).id.value << '\n';
  }
}

// People without files leave a key each, as a submission without an Idempotency-Key does; they go in batches.
awaitable<void> forget_keys(domain::records& records, std::uint64_t people) {
  for (std::uint64_t i = 0; i <= people / 1000; ++i) {
    must(co_await records.forget_keys(std::chrono::milliseconds(-1)));
  }
}

void rethrow(std::exception_ptr thrown) {
  if (thrown) std::rethrow_exception(thrown);
}

int run(const arguments& options) {
  const auto data = options.text("data", ".");
  stores_of into(data);
  filling all{.into = into,
              .with_files = std::ofstream(data + "/bench-with-files"),
              .end = options.number("people", 1000)};
  asio::io_context loop(1);
  for (std::uint64_t i = 0; i < writers; ++i) asio::co_spawn(loop, fill(all), rethrow);
  loop.run();
  loop.restart();
  asio::co_spawn(loop, forget_keys(*into.stores.records, all.end), rethrow);
  loop.run();
  return 0;
}

}  // namespace
}  // namespace dossier::bench

int main(int count, char** words) {
  return dossier::bench::run({count, words});
}
